import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { settingsSchema } from "../gateway/config/schema.ts";
import { NodeClock } from "../gateway/depot/node-clock.ts";
import { openOffline } from "../gateway/depot/offline.ts";
import { parseCsv } from "../gateway/sources/csv.ts";
import { decodeText } from "../gateway/sources/decode.ts";
import { readNamedFile } from "../gateway/sources/read-file.ts";
import { RatingList } from "./rating-file.ts";

/**
 * Import of a rating file against its floor in the same run: the floor is the bare parse (read, same decoder, same CSV parser, to
 * rows); an import is the whole way from the file to what SQLite has synced.
 * `first` = into an empty store; `second` = the same list with 1 % changed, into the depot that holds the first (as a running gateway
 * does it); `reopened` = the same with the store opened for it, as the command does it where no gateway runs. Rounds are interleaved.
 */
const ROWS = Number(process.env["ROWS"] ?? 100_000);
const ROUNDS = Number(process.env["ROUNDS"] ?? 3);
/** Second imports a round. */
const SECONDS = 3;
const SEED = 100;
const CHANGED = 0.01;
const GOAL = 2;
const NAME = "list.csv";

const clock = new NodeClock();
const ports = { clock, timers: clock, soon: (run: () => void) => void setImmediate(run) };
const median = (values: readonly number[]): number =>
	[...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
const asOf = new Date(Date.now() - 30 * 86_400_000).toISOString().slice(0, 10);

// Rubbish of making the files must not fall into what is timed: each measurement starts from a collected heap.
setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

async function timed(work: () => Promise<unknown>): Promise<number> {
	collect();
	const start = performance.now();
	await work();
	return performance.now() - start;
}

/** Milliseconds by what was measured; each as often as a round does it. */
interface Round {
	readonly parse: number;
	readonly first: number;
	readonly second: number;
	readonly reopened: number;
}

/** One depot from its first load on: second imports and bare parses of the same file in turn, so that both meet the same weather. */
async function round(n: number): Promise<Round> {
	const data = mkdtempSync(join(tmpdir(), "liangxing-bench-"));
	const settings = settingsSchema.parse({ data, log: { level: "error" } });
	const list = new RatingList(ROWS, SEED + n, asOf);
	const path = join(data, NAME);
	const read = () => readNamedFile(path).bytes;
	const bare = () => timed(async () => parseCsv(decodeText(read(), NAME).text, NAME));
	const write = () => writeFileSync(path, list.bytes());
	try {
		write();
		await bare();
		let depot = await openOffline(settings, ports);
		const first = await timed(() => depot.importRatings(read(), NAME));
		const parse: number[] = [];
		const second: number[] = [];
		for (let turn = 0; turn < SECONDS; turn++) {
			list.change(CHANGED);
			write();
			parse.push(await bare());
			second.push(await timed(() => depot.importRatings(read(), NAME)));
		}
		await depot.close();
		list.change(CHANGED);
		write();
		const reopened = await timed(async () => {
			depot = await openOffline(settings, ports);
			await depot.importRatings(read(), NAME);
			await depot.close();
		});
		return { parse: median(parse), first, second: median(second), reopened };
	} finally {
		rmSync(data, { recursive: true, force: true });
	}
}

const rounds: Round[] = [];
for (let n = 0; n < ROUNDS; n++) {
	rounds.push(await round(n));
	process.stderr.write(
		`round ${n + 1}/${ROUNDS}: ${JSON.stringify(rounds.at(-1), (_k, v) => (typeof v === "number" ? Math.round(v) : v))}\n`,
	);
}
const of = (key: keyof Round) => median(rounds.map((r) => r[key]));
const ratio = (key: keyof Round) => median(rounds.map((r) => r[key] / r.parse));
const line = (name: string, key: keyof Round) =>
	`${name.padEnd(34)} ${of(key).toFixed(0).padStart(6)} ms  ${ratio(key).toFixed(2)} x the bare parse\n`;
process.stdout.write(
	`${ROWS} rows, ${ROUNDS} rounds, medians, ${cpus().length} cores, Node ${process.version}\n` +
		line("bare parse (floor)", "parse") +
		line("first load", "first") +
		line(`second import, ${CHANGED * 100} % changed`, "second") +
		line("second import, store opened for it", "reopened"),
);
const result = {
	rows: ROWS,
	parseMs: Math.round(of("parse")),
	firstRatio: Number(ratio("first").toFixed(2)),
	secondRatio: Number(ratio("second").toFixed(2)),
	reopenedRatio: Number(ratio("reopened").toFixed(2)),
	goal: GOAL,
	met: ratio("second") <= GOAL,
};
process.stdout.write(`${JSON.stringify(result)}\n`);
process.exitCode = result.met ? 0 : 1;
