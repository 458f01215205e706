import { HONEST, type NetworkFaults } from "../link/sim-broker.ts";
import { litLights, type Move, poweredLights } from "./moves.ts";
import type { World } from "./world.ts";

/** A light that is cut off for longer than its lease has to go dark by itself. */
export const pastLeaseMs = (world: World): number => (world.setup.config.leaseS + 45) * 1000;

/** And it is right again when it has reported and been answered. */
export const untilRightMs = (world: World): number => pastLeaseMs(world) + world.setup.config.reportS * 1000 + 15_000;

function badly(world: World, faults: Partial<NetworkFaults>, ms: number): boolean {
	world.broker.faults = { ...HONEST, ...faults };
	world.clock.after("network better", ms, () => {
		world.broker.faults = HONEST;
	});
	return true;
}

/** What a network does without anybody meaning harm. */
export const NETWORK_MOVES: readonly Move[] = [
	{
		kind: "partition",
		deals: 2,
		run(world, random) {
			for (const light of random.shuffle(poweredLights(world)).slice(0, 3)) {
				const id = light.taxi.light;
				world.broker.partition(id);
				world.clock.after("heal", random.int(2, 40) * 1000, () => world.broker.heal(id));
			}
			return true;
		},
	},
	{
		kind: "partition-past-lease",
		deals: 2,
		run(world, random) {
			const lit = litLights(world);
			if (lit.length < 10) return false;
			const id = random.pick(lit).taxi.light;
			world.excluded.set(id, world.clock.now() + untilRightMs(world));
			world.islands.add(id);
			world.broker.partition(id);
			world.clock.after("heal", pastLeaseMs(world), () => {
				world.islands.delete(id);
				world.broker.heal(id);
			});
			return true;
		},
	},
	{ kind: "loss", deals: 1, run: (world, random) => badly(world, { loss: 0.3 }, random.int(5, 25) * 1000) },
	{
		kind: "duplicates",
		deals: 1,
		run: (world, random) => badly(world, { duplicate: 0.4 }, random.int(5, 15) * 1000),
	},
	{
		kind: "reordering",
		deals: 1,
		run: (world, random) =>
			badly(world, { reorder: true, delayMeanMs: 1500, duplicate: 0.1 }, random.int(5, 25) * 1000),
	},
	{
		kind: "delay",
		deals: 1,
		run: (world, random) => badly(world, { delayMinMs: 500, delayMeanMs: 4000 }, random.int(5, 25) * 1000),
	},
];
