import { createHash } from "node:crypto";
import { closeSync, openSync, writeSync } from "node:fs";
import type { Command } from "commander";
import { CodedError } from "../../protocol/wire/errors.ts";
import type { TraceSink, Violation } from "../scenario/parts.ts";
import { PLANTS, plantNamed } from "../scenario/plants.ts";
import { REAL_PARTS } from "../scenario/real-parts.ts";
import { type RunResult, run } from "../scenario/run.ts";
import { simCrypto } from "./node-crypto.ts";
import { wholeNumber } from "./options.ts";
import type { Root } from "./root.ts";

const SEED_MAX = 0xffff_ffff;
const STEPS_MAX = 1_000_000_000;
/** Characters of the trace written in one go. */
const TRACE_CHUNK = 65_536;

interface Options {
	readonly steps: number;
	readonly seed?: number;
	readonly json?: boolean;
	readonly trace?: string;
	readonly plant?: string;
	readonly listPlants?: boolean;
}

/** `liangxing-sim fuzz`: the real cores in virtual time, from a seed, with a judge after each step. */
export function register(program: Command, root: Root): void {
	program
		.command("fuzz")
		.description("run the real gateway core and 50 real lights in virtual time, and judge each step")
		.option("--steps <N>", "events to take from the queue", wholeNumber(1, STEPS_MAX), 4000)
		.option(
			"--seed <S>",
			"where chance begins; equal seeds give equal runs (default: a random one)",
			wholeNumber(0, SEED_MAX),
		)
		.option("--json", "the result as one line of JSON, last on standard output")
		.option("--trace <FILE>", "write what the trace hash is made of")
		.option("--plant <NAME>", "plant this bug, to see that it is found")
		.option("--list-plants", "print the bugs that can be planted")
		.addHelpText(
			"after",
			"\nExit 0 without violations, 1 with; the last line then has `replay`.\n\nExamples:\n" +
				"  liangxing-sim fuzz --steps 4000 --seed 1 --json\n  liangxing-sim fuzz --seed 7 --plant light-ignores-lease",
		)
		.action(async (options: Options) => {
			if (options.listPlants === true) {
				for (const plant of PLANTS) await root.out(`${plant.name} ${plant.description}`);
				return;
			}
			await fuzz(options, root);
		});
}

async function fuzz(options: Options, root: Root): Promise<void> {
	const plant = options.plant === undefined ? null : plantNamed(options.plant);
	if (options.plant !== undefined && plant === null) throw unknownPlant(options.plant);
	const seed = options.seed ?? new DataView(root.random.bytes(4).buffer).getUint32(0);
	const parts = plant === null ? REAL_PARTS : plant.parts(REAL_PARTS);
	const trace = openTrace(options.trace);
	root.err(`fuzz: seed ${seed}, ${options.steps} steps${plant === null ? "" : `, planted ${plant.name}`}`);
	const result = run({
		seed,
		steps: options.steps,
		crypto: simCrypto(),
		parts,
		trace: trace.sink,
		progress: (steps) => root.err(`fuzz: ${steps} steps`),
	});
	const replay = replayOf(options, seed);
	for (const violation of result.violations) root.err(`violation: ${inWords(violation)}`);
	const traceHash = trace.close();
	const line = resultOf(result, traceHash, replay);
	await root.out(options.json === true ? JSON.stringify(line) : inText(line));
	if (result.violations.length > 0) root.exitCode(1);
}

const replayOf = (options: Options, seed: number): string =>
	`npx liangxing-sim fuzz --steps ${options.steps} --seed ${seed} --json${options.plant === undefined ? "" : ` --plant ${options.plant}`}`;

const inWords = (v: Violation): string =>
	`${v.rule} at ${(v.atMs / 1000).toFixed(3)} s${v.light === null ? "" : ` on ${v.light}`}: ${v.words}`;

function resultOf(result: RunResult, traceHash: string, replay: string) {
	const { seed, steps, virtualHours, faults, violations } = result;
	const line = { seed, steps, virtualHours, faults, violations: violations.length, traceHash };
	return violations.length === 0 ? line : { ...line, found: violations, replay };
}

function inText(line: ReturnType<typeof resultOf>): string {
	const faults = Object.entries(line.faults).map(([kind, count]) => `${kind} ${count}`);
	const text = `seed ${line.seed}: ${line.steps} steps, ${line.virtualHours} h of virtual time, ${line.violations} violations\n`;
	return `${text}faults: ${faults.join(", ")}\ntrace hash: ${line.traceHash}${"replay" in line ? `\nreplay: ${line.replay}` : ""}`;
}

/** Hashes the trace as it comes, and writes it where asked: SHA-256 of that file is the trace hash. */
function openTrace(path: string | undefined): { readonly sink: TraceSink; close(): string } {
	const hash = createHash("sha256");
	const file = path === undefined ? null : openFile(path);
	let text = "";
	const flush = () => {
		hash.update(text);
		if (file !== null) writeSync(file, text);
		text = "";
	};
	return {
		sink: {
			line(line) {
				text += `${line}\n`;
				if (text.length > TRACE_CHUNK) flush();
			},
		},
		close() {
			flush();
			if (file !== null) closeSync(file);
			return hash.digest("hex");
		},
	};
}

function openFile(path: string): number {
	try {
		return openSync(path, "w");
	} catch (cause) {
		throw new CodedError("trace-unwritable", `The trace file ${path} cannot be written.`, {
			fault: "input",
			next: "Give a path in a folder that you may write to.",
			cause,
		});
	}
}

const unknownPlant = (name: string): CodedError =>
	new CodedError("plant-unknown", `There is no planted bug "${name}".`, {
		fault: "input",
		next: `Take one of: ${PLANTS.map((plant) => plant.name).join(", ")}.`,
	});
