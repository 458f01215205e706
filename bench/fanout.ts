import { cpus } from "node:os";
import { endAll, type Flags, readFlags, runBench, say } from "./support/command-line.ts";
import { largest, median, quantile, round } from "./support/statistics.ts";
import { World } from "./support/world.ts";

const USAGE = `Every rating changes at once: until the last simulated lamp is right and its signed state is back at the gateway.
Beside it the floor in the same run: the same broker, connections, topics and bytes with the bare signs and verifies.

  npm run bench:fanout -- --lights 1000,5000,10000 --json
  npm run bench:fanout -- --lights 5000 --rounds 3 --profile fanout

  --lights N,N     fleet sizes (1000,5000,10000)
  --rounds N       interleaved rounds of each, medians are told (7)
  --warm N         changes before anything is told: a gateway in service is warm, 1,000 lights are renewed 48,000 times a day (20000)
  --profile NAME   one more round, with NAME-gateway.cpuprofile and NAME-lights.cpuprofile
  --json           one line of JSON, the last on standard output`;

const GOAL = 1.3;
/** What a light costs at the largest fleet against the smallest. */
const GOAL_SCALING = 1.2;

interface Measured {
	readonly ms: number;
	readonly p50: number;
	/** CPU of gateway and lights a light, microseconds. */
	readonly gatewayUs: number;
	readonly lightsUs: number;
	readonly pulledMs?: number;
}

async function counted(world: World, work: () => Promise<{ last: number; p50: number; pulledMs?: number }>) {
	await world.quiet();
	const before = await world.cpuUs();
	const { last, p50, ...rest } = await work();
	const after = await world.cpuUs();
	return {
		...rest,
		ms: last,
		p50,
		gatewayUs: (after.gateway - before.gateway) / world.count,
		lightsUs: (after.lights - before.lights) / world.count,
	} satisfies Measured;
}

async function ours(world: World) {
	const { lamps, states, pulledMs } = await world.fanout();
	return { last: Math.max(largest(lamps), largest(states)), p50: quantile(states, 0.5), pulledMs };
}

async function floor(world: World) {
	const from = await world.gateway.call<number>("runFloor");
	const states = (await world.gateway.call<number[]>("floorBack")).map((t) => t - from);
	return { last: largest(states), p50: quantile(states, 0.5) };
}

const told = ({ ms, gatewayUs, lightsUs }: Measured): string =>
	`${ms.toFixed(0)} ms, CPU ${gatewayUs.toFixed(0)}+${lightsUs.toFixed(0)} us a light`;

/** The same clients become their floor for one round, and lights again. */
async function floorRound(world: World): Promise<Measured> {
	await world.lights.call("floor", world.opened.depotKey);
	await world.gateway.call("layFloor");
	const measured = await counted(world, () => floor(world));
	await world.gateway.call("endFloor");
	await world.lights.call("real");
	return measured;
}

/** CPU profiles of both processes over one more round of ours, which is not told. */
async function profiled(world: World, path: string): Promise<void> {
	await world.quiet();
	for (const side of ["gateway", "lights"] as const) await world[side].call("profileStart");
	await ours(world);
	for (const side of ["gateway", "lights"] as const) {
		say(`${side}: ${path}-${side}.cpuprofile`);
		for (const line of await world[side].call<string[]>("profileStop", `${path}-${side}.cpuprofile`)) say(line);
	}
}

interface Rounds {
	readonly real: readonly Measured[];
	readonly bare: readonly Measured[];
}

/** Rounds of the floor before anything is told: what it runs is a part of ours, and warm with it. */
const WARM_FLOORS = 2;

/** Ours and floor in turn; the first rounds warm the code up and are not told. */
async function interleaved(world: World, rounds: number, warm: number): Promise<Rounds> {
	const real: Measured[] = [];
	const bare: Measured[] = [];
	for (let n = WARM_FLOORS; n < warm; n++) {
		const { ms } = await counted(world, () => ours(world));
		say(`${world.count} lights, warming up: ours ${ms.toFixed(0)} ms`);
	}
	for (let n = 1 - WARM_FLOORS; n <= rounds; n++) {
		const one = await counted(world, () => ours(world));
		const other = await floorRound(world);
		const name = n < 1 ? "warming up" : `round ${n}`;
		say(`${world.count} lights, ${name}: ours ${told(one)}; floor ${told(other)}`);
		if (n < 1) continue;
		real.push(one);
		bare.push(other);
	}
	return { real, bare };
}

const of = (rounds: readonly Measured[], key: keyof Measured, digits = 1): number =>
	round(median(rounds.map((m) => m[key] ?? 0)), digits);

async function size(count: number, flags: Flags) {
	const world = await World.open(count);
	await world.register();
	await world.switchOn();
	const warm = Math.ceil(flags.number("warm") / count);
	const { real, bare } = await interleaved(world, flags.number("rounds"), warm);
	if (flags.text("profile") !== "") await profiled(world, flags.text("profile"));
	const wrong = await world.lights.call<number>("wrong");
	const lost = await world.lights.call<number>("lost");
	await endAll();
	return {
		lights: count,
		ourMs: of(real, "ms"),
		floorMs: of(bare, "ms"),
		ratio: round(median(real.map((m, n) => m.ms / (bare[n]?.ms ?? m.ms)))),
		ourP50Ms: of(real, "p50"),
		floorP50Ms: of(bare, "p50"),
		pulledMs: of(real, "pulledMs"),
		usPerLight: round((of(real, "ms") * 1000) / count, 1),
		ourCpuUs: { gateway: of(real, "gatewayUs", 0), lights: of(real, "lightsUs", 0) },
		floorCpuUs: { gateway: of(bare, "gatewayUs", 0), lights: of(bare, "lightsUs", 0) },
		rounds: real.length,
		wrongLamps: wrong,
		lostConnections: lost,
	};
}

const flags = readFlags(USAGE, {
	lights: [1_000, 5_000, 10_000],
	numbers: { rounds: 7, warm: 20_000 },
	texts: { profile: "" },
});
await runBench(flags, async (table) => {
	const results: Awaited<ReturnType<typeof size>>[] = [];
	for (const count of flags.lights) results.push(await size(count, flags));
	table(`Every rating changes at once. Medians of interleaved rounds, ${cpus().length} cores, Node ${process.version}`);
	table("  lights     ours ms (p50)    floor ms (p50)  ratio  us/light  CPU us/light gateway+lights (floor)");
	for (const r of results)
		table(
			`${String(r.lights).padStart(8)} ${`${r.ourMs} (${r.ourP50Ms})`.padStart(16)} ${`${r.floorMs} (${r.floorP50Ms})`.padStart(17)} ${r.ratio.toFixed(2).padStart(6)} ${String(r.usPerLight).padStart(9)}  ${r.ourCpuUs.gateway}+${r.ourCpuUs.lights} (${r.floorCpuUs.gateway}+${r.floorCpuUs.lights})`,
		);
	const [first, last] = [results[0], results.at(-1)];
	const scaling = first && last ? round(last.usPerLight / first.usPerLight) : 1;
	if (results.length > 1) table(`a light at ${last?.lights} costs ${scaling} x one at ${first?.lights}`);
	const met = results.every((r) => r.ratio <= GOAL) && scaling <= GOAL_SCALING;
	return { results, scaling, goal: { ratio: GOAL, scaling: GOAL_SCALING }, met };
});
