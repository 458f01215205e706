import { utf8Encode } from "../../protocol/wire/bytes.ts";
import { topicOf } from "../../protocol/wire/topics.ts";
import type { Prng } from "../random/prng.ts";
import { readWord } from "./hearsay.ts";
import type { LightHost } from "./light-host.ts";
import { litLights, type Move, poweredLights } from "./moves.ts";
import { FLEET } from "./setup.ts";
import type { World } from "./world.ts";

/** A light is back and heard within this time, mostly. */
const BACK_MS = 6_000;
/** Lights of which a lamp breaks in one move. */
const BROKEN_AT_ONCE = 3;

/** Cuts the power and brings it back after a while; a slow broker tells the will of before when the light has long been back. */
export function cut(world: World, light: LightHost, offMs: number): void {
	const topic = topicOf.online(FLEET, light.taxi.light);
	const session = readWord(world.broker.seen(topic).at(-1) ?? new Uint8Array())?.session;
	light.powerOff();
	world.clock.after(`power ${light.taxi.light}`, offMs, () => light.powerOn());
	if (session === undefined) return;
	const payload = utf8Encode(JSON.stringify({ online: false, session }));
	world.clock.after("late will", offMs + BACK_MS, () =>
		world.broker.inject("depot", { topic, payload, retain: false }),
	);
}

/** Whether both copies say the same, so that the loss of one loses nothing. */
function isWhole(light: LightHost): boolean {
	const [a, b] = light.memory.read();
	return a !== null && b !== null && a.length === b.length && a.every((byte, i) => byte === b[i]);
}

const pickLit = (world: World, random: Prng): LightHost | null => {
	const lit = litLights(world);
	return lit.length === 0 ? null : random.pick(lit);
};

function breakLamp(world: World, random: Prng, light: LightHost): void {
	const stars = light.lamp.toldStars();
	const state = random.pick(["open", "short", "stuck-on", "stuck-off"] as const);
	light.lamp.setFault(random.int(0, Math.max(0, stars - 1)), state);
	light.sense();
	world.clock.after("lamp repaired", random.int(5, 60) * 1000, () => {
		for (let i = 0; i < 5; i++) light.lamp.setFault(i, "ok");
		light.sense();
	});
}

/** What happens to the lights themselves. */
export const LIGHT_MOVES: readonly Move[] = [
	{
		kind: "power-cut",
		deals: 3,
		run(world, random) {
			const light = pickLit(world, random);
			if (light === null) return false;
			cut(world, light, random.int(1, 30) * 1000);
			return true;
		},
	},
	{
		kind: "power-cut-again",
		deals: 2,
		run(world, random) {
			const light = pickLit(world, random);
			if (light === null) return false;
			cut(world, light, 300);
			for (const at of [700, 1500, 2600]) {
				world.clock.after("power flickers", at, () => {
					if (light.powered) cut(world, light, random.int(50, 300));
				});
			}
			return true;
		},
	},
	{
		kind: "power-cut-in-write",
		deals: 4,
		run(world, random) {
			const light = random.pick(poweredLights(world));
			light.cutAtNextWrite = true;
			light.onCut = () => world.clock.after("power", random.int(200, 8000), () => light.powerOn());
			return true;
		},
	},
	{
		kind: "blackout",
		deals: 1,
		run(world, random) {
			for (const light of random.shuffle(poweredLights(world)).slice(0, 6)) cut(world, light, random.int(2, 20) * 1000);
			return true;
		},
	},
	{
		kind: "copy-lost",
		deals: 2,
		run(world, random) {
			const light = pickLit(world, random);
			if (light === null) return false;
			cut(world, light, 2000);
			if (!isWhole(light)) return false;
			light.memory.lose(random.pick([0, 1] as const));
			return true;
		},
	},
	{
		kind: "copy-rotten",
		deals: 2,
		run(world, random) {
			const light = pickLit(world, random);
			if (light === null) return false;
			cut(world, light, 2000);
			if (!isWhole(light)) return false;
			light.memory.rot(random.pick([0, 1] as const), random);
			return true;
		},
	},
	{
		kind: "memory-fails",
		deals: 1,
		run(world, random) {
			const light = pickLit(world, random);
			if (light === null) return false;
			light.writesFail = true;
			world.clock.after("memory works again", random.int(2, 25) * 1000, () => {
				light.writesFail = false;
			});
			return true;
		},
	},
	{
		kind: "lamp-fault",
		deals: 3,
		run(world, random) {
			const some = random.shuffle(litLights(world)).slice(0, BROKEN_AT_ONCE);
			for (const light of some) breakLamp(world, random, light);
			return some.length > 0;
		},
	},
	{
		kind: "unsigned-zero",
		deals: 3,
		run(world, random) {
			const light = pickLit(world, random);
			if (light === null) return false;
			light.unsignedZero();
			return true;
		},
	},
];
