import { mkdirSync, writeFileSync } from "node:fs";
import { cpus, loadavg } from "node:os";
import { dirname, join } from "node:path";
import { FileMemory } from "../device/drivers/file-memory.ts";
import { machineMs, pause } from "./support/clock.ts";
import { endAll, type Flags, readFlags, runBench, say } from "./support/command-line.ts";
import { histogram } from "./support/histogram.ts";
import { quantile, round } from "./support/statistics.ts";
import { World } from "./support/world.ts";

const USAGE = `One rating changes at a time: from the list's hand-over to the core (read and checked; the commit is still to come) to the right
star on the glass. Beside it, change by change, one durable commit of the gateway: same rows, same folder.
Simulated lights keep their record in memory; what a real light's two copies cost on this disk is told apart.

  npm run bench:latency -- --json

  --lights N       fleet size (200)
  --changes N      changes measured (500)
  --picture FILE   histogram as SVG (docs/images/latency.svg; "" = none)
  --json           one line of JSON, the last on standard output`;

const GOAL_P50_MS = 3;
const GOAL_P99_MS = 15;
/** Changes that warm the code up. */
const WARM = 100;
/** The next change of the same light comes a second later at the earliest: it is signed for once a second. */
const SAME_LIGHT_MS = 1_100;
/** Visits the fleet in an order that is no order; coprime to the sizes people type. */
const STRIDE = 7_919;
/** A light's record with a grant has about this many bytes. */
const RECORD_BYTES = 420;
const WRITES = 200;

interface Sample {
	/** From the hand-over, and from the pull's own answer (its ratings durable), to the right lamp. */
	readonly glassMs: number;
	readonly fromPulledMs: number;
	readonly commitMs: number;
}

async function oneChange(world: World, index: number, stars: number): Promise<Sample> {
	const commitMs = await world.gateway.call<number>("commitOnce");
	await world.lights.call("armOne", { index, stars });
	const { from, pulledAt } = await world.gateway.call<{ from: number; pulledAt: number }>("changeOne", index);
	const [at = 0] = await world.lights.call<number[]>("lit");
	return { glassMs: at - from, fromPulledMs: at - pulledAt, commitMs };
}

/** A real light's write: both copies, each synced and renamed into its place. */
async function twoCopies(folder: string): Promise<number[]> {
	const memory = new FileMemory(folder);
	await memory.open();
	const record = new Uint8Array(RECORD_BYTES).fill(7);
	const times: number[] = [];
	for (let n = 0; n < WRITES; n++) {
		const from = machineMs();
		await memory.write(0, record);
		await memory.write(1, record);
		times.push(machineMs() - from);
	}
	return times;
}

function draw(path: string, lights: number, glass: readonly number[]): void {
	if (path === "") return;
	mkdirSync(dirname(path), { recursive: true });
	const about = `${glass.length} changes, one at a time, ${lights} lights, ${cpus().length} cores at load ${loadavg()[0]?.toFixed(1)}, Node ${process.version}`;
	const picture = { title: "From rating to glass", about, axis: "milliseconds" };
	writeFileSync(path, histogram({ ...picture, values: glass }));
	say(`picture: ${path}`);
}

async function measure(count: number, flags: Flags) {
	const world = await World.open(count);
	await world.register();
	await world.switchOn();
	await world.quiet();
	const changes = flags.number("changes");
	const gap = SAME_LIGHT_MS / count;
	const stars = new Array<number>(count).fill(world.stars);
	const samples: Sample[] = [];
	const warm = Math.min(WARM, changes);
	for (let n = -warm; n < changes; n++) {
		const index = ((n + warm) * STRIDE) % count;
		const next = stars[index] === 5 ? 4 : 5;
		stars[index] = next;
		const sample = await oneChange(world, index, next);
		if (n >= 0) samples.push(sample);
		if (n > 0 && n % 100 === 0) say(`${n} of ${changes} changes`);
		await pause(gap);
	}
	const copies = await twoCopies(join(world.data, "light"));
	await endAll();
	const glass = samples.map((s) => s.glassMs);
	const commits = samples.map((s) => s.commitMs);
	draw(flags.text("picture"), count, glass);
	const both = (name: string, values: readonly number[]) => ({
		[`${name}P50Ms`]: round(quantile(values, 0.5)),
		[`${name}P99Ms`]: round(quantile(values, 0.99)),
	});
	const [p50, p99] = [0.5, 0.99].map((q) => quantile(glass, q) - quantile(commits, q)) as [number, number];
	return {
		lights: count,
		ourMs: round(quantile(glass, 0.5)),
		floorMs: round(quantile(commits, 0.5)),
		ratio: round(quantile(glass, 0.5) / quantile(commits, 0.5)),
		...both("our", glass),
		...both("commit", commits),
		aboveP50Ms: round(p50),
		aboveP99Ms: round(p99),
		...both(
			"afterPull",
			samples.map((s) => s.fromPulledMs),
		),
		...both("realLightWrite", copies),
		changes: samples.length,
		met: p50 <= GOAL_P50_MS && p99 <= GOAL_P99_MS,
	};
}

const flags = readFlags(USAGE, {
	lights: [200],
	numbers: { changes: 500 },
	texts: { picture: "docs/images/latency.svg" },
});
await runBench(flags, async (table) => {
	const results: (Awaited<ReturnType<typeof measure>> & Readonly<Record<string, unknown>>)[] = [];
	for (const count of flags.lights) results.push(await measure(count, flags));
	table(`One change at a time, ${cpus().length} cores, Node ${process.version}; p50 / p99 in ms`);
	for (const r of results) {
		const line = (text: string, name: string) =>
			table(`  ${text.padEnd(52)} ${r[`${name}P50Ms` as never]} / ${r[`${name}P99Ms` as never]}`);
		table(`${r.lights} lights, ${r.changes} changes`);
		line("list handed over -> lamp right", "our");
		line("one durable commit of the gateway", "commit");
		line("above that commit", "above");
		line("pull answered -> lamp right", "afterPull");
		line("apart: a real light's two copies on this disk", "realLightWrite");
	}
	return { results, goal: { aboveP50Ms: GOAL_P50_MS, aboveP99Ms: GOAL_P99_MS }, met: results.every((r) => r.met) };
});
