import { cpus } from "node:os";
import { pause } from "./support/clock.ts";
import { endAll, type Flags, readFlags, runBench, say } from "./support/command-line.ts";
import { round, slope } from "./support/statistics.ts";
import { World } from "./support/world.ts";

const USAGE = `Resident memory of the gateway process, embedded broker included: (with the lights - with none) / lights, after settling; then an
hour of churn, or some minutes of it, and the slope.

  npm run bench:memory -- --json
  npm run bench:memory -- --lights 10000 --minutes 60

  --lights N     fleet size (10000)
  --minutes N    churn: 20 drivers a second go off or on duty, 5 lights a second lose their connection (3)
  --json         one line of JSON, the last on standard output`;

const GOAL_KIB = 24;
/** Flat: an hour adds less than this share of what is resident. Told of runs of at least `FLAT_MINUTES`; shorter ones still warm up. */
const GOAL_SHARE_AN_HOUR = 0.02;
const FLAT_MINUTES = 30;
const KIB = 1_024;
const MIB = KIB * KIB;
const DUTIES_A_SECOND = 20;
const CUTS_A_SECOND = 5;
/** Each look collects the whole heap first. Often done that spreads the heap by itself: what is young then is moved among the old. */
const SAMPLE_S = 60;
const SETTLE_MS = 10_000;
/** The floor is a bare TCP connection of Node's own, as measured once (docs/benchmarks.md). */
const BARE_SOCKET_KIB = 3;

interface Memory {
	readonly rss: number;
	readonly heapUsed: number;
	readonly external: number;
}

const memoryOf = (world: World): Promise<Memory> => world.gateway.call<Memory>("memory");

async function churn(world: World, minutes: number): Promise<{ readonly x: number; readonly y: number }[]> {
	const points: { x: number; y: number }[] = [];
	const seconds = Math.round(minutes * 60);
	const began = performance.now();
	for (let s = 0; s < seconds; s++) {
		await world.gateway.call("turnOver", { from: s * DUTIES_A_SECOND, count: DUTIES_A_SECOND });
		await world.lights.call("flap", { from: s * CUTS_A_SECOND * 31, count: CUTS_A_SECOND });
		if (s > 0 && s % SAMPLE_S === 0) {
			const { rss, heapUsed } = await world.gateway.call<Memory>("memoryOnce");
			points.push({ x: (performance.now() - began) / 3_600_000, y: rss });
			say(`${s / 60} min: ${round(rss / MIB, 1)} MiB resident, ${round(heapUsed / MIB, 1)} MiB of it used by objects`);
		}
		await pause(Math.max(0, began + (s + 1) * 1_000 - performance.now()));
	}
	return points;
}

async function measure(count: number, flags: Flags) {
	const world = await World.open(count);
	await pause(1_000);
	const none = await memoryOf(world);
	say(`no lights: ${round(none.rss / MIB, 1)} MiB resident`);
	await world.register();
	await world.switchOn();
	// One change of every light first: what grows with use has grown then.
	await world.quiet();
	await world.fanout();
	await pause(SETTLE_MS);
	const all = await memoryOf(world);
	say(`${count} lights: ${round(all.rss / MIB, 1)} MiB resident`);
	const minutes = flags.number("minutes");
	const points = await churn(world, minutes);
	const end = await memoryOf(world);
	await endAll();
	const perLight = (all.rss - none.rss) / count / KIB;
	// The first third still warms up.
	const anHour = slope(points.slice(Math.floor(points.length / 3)));
	const flat = minutes < FLAT_MINUTES ? null : anHour <= GOAL_SHARE_AN_HOUR * all.rss;
	return {
		lights: count,
		ourKiB: round(perLight),
		heapKiB: round((all.heapUsed - none.heapUsed) / count / KIB),
		externalKiB: round((all.external - none.external) / count / KIB),
		// The keys that every benchmark has: here they are KiB a light, not milliseconds.
		ourMs: null,
		floorMs: null,
		floorKiB: BARE_SOCKET_KIB,
		ratio: round(perLight / BARE_SOCKET_KIB),
		noneMiB: round(none.rss / MIB, 1),
		allMiB: round(all.rss / MIB, 1),
		endMiB: round(end.rss / MIB, 1),
		churnMinutes: minutes,
		slopeMiBPerHour: round(anHour / MIB, 1),
		flat,
		met: perLight <= GOAL_KIB && flat !== false,
	};
}

const flags = readFlags(USAGE, { lights: [10_000], numbers: { minutes: 3 } });
await runBench(flags, async (table) => {
	const results: Awaited<ReturnType<typeof measure>>[] = [];
	for (const count of flags.lights) results.push(await measure(count, flags));
	table(`Memory of the gateway process, ${cpus().length} cores, Node ${process.version}`);
	for (const r of results) {
		table(`${r.lights} lights: ${r.ourKiB} KiB a light resident (heap ${r.heapKiB}, outside it ${r.externalKiB})`);
		table(`  none ${r.noneMiB} MiB, all ${r.allMiB} MiB, after ${r.churnMinutes} min of churn ${r.endMiB} MiB`);
		table(
			`  slope ${r.slopeMiBPerHour} MiB an hour${r.flat === null ? ` (told of ${FLAT_MINUTES} min and more)` : ""}`,
		);
	}
	return { results, goal: { kib: GOAL_KIB, shareAnHour: GOAL_SHARE_AN_HOUR }, met: results.every((r) => r.met) };
});
