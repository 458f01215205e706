import { parseArgs } from "node:util";
import { isCoded } from "../../protocol/wire/errors.ts";

/** What a benchmark takes: a list of fleet sizes, numbers, texts and switches, each with its default. */
export interface FlagSpec {
	readonly lights?: readonly number[];
	readonly numbers?: Readonly<Record<string, number>>;
	readonly texts?: Readonly<Record<string, string>>;
	readonly switches?: readonly string[];
}

export interface Flags {
	readonly lights: readonly number[];
	number(name: string): number;
	text(name: string): string;
	on(name: string): boolean;
}

/** One file and socket a light on either side, and the limit of open files that shared machines have is 20,000. */
const MAX_LIGHTS = 19_000;

const usageError = (usage: string, what: string): never => {
	process.stderr.write(`wrong-use: ${what}\n\n${usage}\n`);
	process.exit(2);
};

/** A whole number or a decimal of at least 0; null on anything else. */
const numberOf = (text: string): number | null => (/^\d+(\.\d+)?$/.test(text) ? Number(text) : null);

/** Reads the command line; prints the usage and leaves with 0 at `--help`, with 2 at anything it does not know. */
export function readFlags(usage: string, spec: FlagSpec): Flags {
	const texts = { ...(spec.lights && { lights: spec.lights.join(",") }), ...spec.numbers, ...spec.texts };
	const switches = ["json", "help", ...(spec.switches ?? [])];
	let values: Record<string, unknown> = {};
	try {
		({ values } = parseArgs({
			options: {
				...Object.fromEntries(Object.keys(texts).map((name) => [name, { type: "string" as const }])),
				...Object.fromEntries(switches.map((name) => [name, { type: "boolean" as const }])),
			},
		}));
	} catch (e) {
		usageError(usage, e instanceof Error ? e.message : "unknown option");
	}
	if (values["help"] === true) {
		process.stdout.write(`${usage}\n`);
		process.exit(0);
	}
	const raw = (name: string): string => String(values[name] ?? texts[name as keyof typeof texts] ?? "");
	const number = (name: string): number => numberOf(raw(name)) ?? usageError(usage, `--${name} takes a number.`);
	for (const name of Object.keys(spec.numbers ?? {})) number(name);
	const lights =
		spec.lights === undefined
			? []
			: raw("lights")
					.split(",")
					.map((part) => numberOf(part.trim()) ?? 0);
	if (lights.some((n) => !Number.isInteger(n) || n < 1 || n > MAX_LIGHTS))
		usageError(usage, `--lights takes whole numbers of 1 to ${MAX_LIGHTS}, e.g. 1000,5000.`);
	return { lights, number, text: raw, on: (name) => values[name] === true };
}

/** Progress and tables, for people. */
export const say = (line: string): void => void process.stderr.write(`${line}\n`);

/** What must be ended and removed however the run ends. */
const closers: (() => Promise<void> | void)[] = [];
export const atEnd = (close: () => Promise<void> | void): void => void closers.push(close);

/** Ends what was opened, the newest first. */
export async function endAll(): Promise<void> {
	for (let close = closers.pop(); close !== undefined; close = closers.pop())
		await Promise.resolve(close()).catch((e: unknown) => say(`at the end: ${e instanceof Error ? e.message : e}`));
}

/** One line of a result table. */
export type Table = (line: string) => void;

/** What a benchmark ends with; more keys may follow. */
export interface BenchResult {
	readonly results: readonly unknown[];
	/** Every goal met. */
	readonly met: boolean;
}

/**
 * Runs a benchmark to its end: exit 0 = every goal met, 1 = one missed, or the run failed. With `--json` the result is one line, the
 * last on standard output, and tables go to standard error; without it the tables are the output.
 */
export async function runBench(flags: Flags, bench: (table: Table) => Promise<BenchResult>): Promise<void> {
	const json = flags.on("json");
	const stop = () => {
		say("stopping");
		void endAll().finally(() => process.exit(130));
	};
	process.once("SIGINT", stop);
	process.once("SIGTERM", stop);
	let line: object;
	try {
		const result = await bench((text) => void (json ? process.stderr : process.stdout).write(`${text}\n`));
		process.exitCode = result.met ? 0 : 1;
		line = result;
	} catch (e) {
		const code = isCoded(e) ? e.code : "bench-failed";
		const message = e instanceof Error ? e.message : String(e);
		say(`${code}: ${message}`);
		if (isCoded(e)) say(`next: ${e.next}`);
		process.exitCode = 1;
		line = { results: [], met: false, error: { code, message } };
	}
	await endAll();
	process.removeListener("SIGINT", stop);
	process.removeListener("SIGTERM", stop);
	if (json) process.stdout.write(`${JSON.stringify(line)}\n`);
}
