import { cpus } from "node:os";
import { pause } from "./support/clock.ts";
import { atEnd, endAll, type Flags, readFlags, runBench, say } from "./support/command-line.ts";
import { Peer } from "./support/peer.ts";
import { type Owed, other } from "./support/rated-fleet.ts";
import { median, round } from "./support/statistics.ts";
import { World } from "./support/world.ts";

const USAGE = `Every row of the console changes at once: until the last row is with the last of 1 and of 10 consoles. Beside it the floor in the
same run: the same bytes in one event from a bare server.

  npm run bench:push -- --json

  --lights N      rows (10000)
  --rounds N      interleaved rounds, medians are told (7)
  --json          one line of JSON, the last on standard output`;

const CONSOLES = [1, 10];
/** Longer than the pause between two batches: the first goes out at once. */
const QUIET_MS = 500;

interface Round {
	readonly ms: number;
	/** Milliseconds of the server's CPU. */
	readonly cpuMs: number;
}

interface Sides {
	readonly world: World;
	readonly consoles: Peer;
	readonly bare: Peer;
	readonly bareUrl: string;
}

let owed: Owed = "four";

/** Every rating changes; with no console the time is that of deciding alone. */
async function ours({ world, consoles }: Sides, count: number): Promise<Round> {
	await pause(QUIET_MS);
	await world.gateway.call("collect");
	owed = other(owed);
	if (count > 0) await consoles.call("arm", { rows: world.count, keep: true });
	const before = await world.gateway.cpuUs();
	const { changedAt } = await world.gateway.call<{ changedAt: number }>("change", owed);
	const at = count > 0 ? await consoles.call<number>("all") : changedAt;
	await pause(QUIET_MS);
	return { ms: at - changedAt, cpuMs: ((await world.gateway.cpuUs()) - before) / 1_000 };
}

async function floor({ world, consoles, bare }: Sides): Promise<Round> {
	await pause(QUIET_MS);
	await consoles.call("arm", { rows: world.count, keep: false });
	const before = await bare.cpuUs();
	const from = await bare.call<number>("push");
	const at = await consoles.call<number>("all");
	return { ms: at - from, cpuMs: ((await bare.cpuUs()) - before) / 1_000 };
}

async function withConsoles(sides: Sides, count: number, rounds: number) {
	const { world, consoles, bare, bareUrl } = sides;
	const real: Round[] = [];
	const idle: Round[] = [];
	const floors: Round[] = [];
	let bytes = 0;
	for (let n = 0; n <= rounds; n++) {
		const none = await ours(sides, 0);
		await consoles.call("connect", { url: `${world.opened.http}/api/v1/stream`, count, rows: world.count });
		const one = await ours(sides, count);
		const sent = await consoles.call<Uint8Array>("bytes");
		await consoles.call("disconnect");
		await bare.call("load", sent);
		bytes = sent.length;
		await consoles.call("connect", { url: bareUrl, count, rows: 0 });
		const bareOne = await floor(sides);
		await consoles.call("disconnect");
		say(
			`${count} consoles, ${n === 0 ? "warming up" : `round ${n}`}: ours ${one.ms.toFixed(0)} ms, floor ${bareOne.ms.toFixed(0)} ms`,
		);
		if (n === 0) continue;
		real.push(one);
		idle.push(none);
		floors.push(bareOne);
	}
	const of = (list: readonly Round[], key: keyof Round) => median(list.map((r) => r[key]));
	return {
		lights: world.count,
		consoles: count,
		ourMs: round(of(real, "ms"), 1),
		floorMs: round(of(floors, "ms"), 1),
		ratio: round(median(real.map((r, n) => r.ms / (floors[n]?.ms ?? r.ms)))),
		ourCpuMsPerConsole: round(Math.max(0, median(real.map((r, n) => r.cpuMs - (idle[n]?.cpuMs ?? 0)))) / count, 1),
		floorCpuMsPerConsole: round(of(floors, "cpuMs") / count, 1),
		decidingCpuMs: round(of(idle, "cpuMs"), 1),
		bytes,
		rounds: real.length,
	};
}

async function measure(count: number, flags: Flags) {
	const world = await World.open(count);
	await world.register();
	const consoles = new Peer("consoles-side");
	atEnd(() => consoles.stop());
	const bare = new Peer("consoles-side");
	atEnd(() => bare.stop());
	const bareUrl = await bare.call<string>("listen");
	owed = "four";
	const results: Awaited<ReturnType<typeof withConsoles>>[] = [];
	for (const many of CONSOLES)
		results.push(await withConsoles({ world, consoles, bare, bareUrl }, many, flags.number("rounds")));
	await endAll();
	return results;
}

const flags = readFlags(USAGE, { lights: [10_000], numbers: { rounds: 7 } });
await runBench(flags, async (table) => {
	const results = [];
	for (const count of flags.lights) results.push(...(await measure(count, flags)));
	table(`Every row changes at once. Medians of interleaved rounds, ${cpus().length} cores, Node ${process.version}`);
	for (const r of results)
		table(
			`${r.lights} rows (${(r.bytes / 1024).toFixed(0)} KiB) to ${r.consoles} console(s): ours ${r.ourMs} ms, ${r.ourCpuMsPerConsole} ms CPU each; floor ${r.floorMs} ms, ${r.floorCpuMsPerConsole} ms CPU each; ratio ${r.ratio}`,
		);
	return { results, met: true };
});
