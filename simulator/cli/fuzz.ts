import { createHash } from "node:crypto";
import { closeSync, openSync, writeSync } from "node:fs";
import type { Command } from "commander";
import type { Language } from "../../protocol/schema/language.ts";
import { CodedError } from "../../protocol/wire/errors.ts";
import type { TraceSink, Violation } from "../scenario/parts.ts";
import { PLANTS, plantNamed } from "../scenario/plants.ts";
import { REAL_PARTS } from "../scenario/real-parts.ts";
import { type RunResult, run } from "../scenario/run.ts";
import { type Text, withHelp } from "./help.ts";
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

const TEXTS = {
	about: {
		zh: "在虚拟时间里运行真的网关核心和 50 盏真的灯，每一步都检查",
		en: "run the real gateway core and 50 real lights in virtual time, and judge each step",
	},
	steps: { zh: "从队列里取多少个事件", en: "events to take from the queue" },
	seed: {
		zh: "随机的起点；种子相同，运行相同（默认随机取）",
		en: "where chance begins; equal seeds give equal runs (default: a random one)",
	},
	json: { zh: "标准输出最后一行是 JSON 结果", en: "the result as one line of JSON, last on standard output" },
	trace: { zh: "写下轨迹哈希所算的内容", en: "write what the trace hash is made of" },
	plant: { zh: "植入这个缺陷，看它能否被发现", en: "plant this bug, to see that it is found" },
	listPlants: { zh: "列出可植入的缺陷", en: "print the bugs that can be planted" },
	note: {
		zh: "没有违规以 0 退出，有则以 1 退出；此时最后一行含 `replay`。",
		en: "Exit 0 without violations, 1 with; the last line then has `replay`.",
	},
	planted: { zh: "植入", en: "planted" },
	stepsWord: { zh: "步", en: "steps" },
	seedWord: { zh: "种子", en: "seed" },
	violation: { zh: "违规", en: "violation" },
	faults: { zh: "故障：", en: "faults:" },
	traceHash: { zh: "轨迹哈希：", en: "trace hash:" },
	replay: { zh: "重放：", en: "replay:" },
} as const satisfies Record<string, Text>;

const EXAMPLES = [
	"liangxing-sim fuzz --steps 4000 --seed 1 --json",
	"liangxing-sim fuzz --seed 7 --plant light-ignores-lease",
];

/** `liangxing-sim fuzz`: the real cores in virtual time, from a seed, with a judge after each step. */
export function register(program: Command, root: Root): void {
	const t = (key: keyof typeof TEXTS): string => TEXTS[key][root.lang];
	const command = program
		.command("fuzz")
		.description(t("about"))
		.option("--steps <N>", t("steps"), wholeNumber(1, STEPS_MAX), 4000)
		.option("--seed <S>", t("seed"), wholeNumber(0, SEED_MAX))
		.option("--json", t("json"))
		.option("--trace <FILE>", t("trace"))
		.option("--plant <NAME>", t("plant"))
		.option("--list-plants", t("listPlants"));
	withHelp(command, root.lang, EXAMPLES, TEXTS.note);
	command.action(async (options: Options) => {
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
	const t = (key: keyof typeof TEXTS): string => TEXTS[key][root.lang];
	const planted = plant === null ? "" : `, ${t("planted")} ${plant.name}`;
	root.err(`fuzz: ${t("seedWord")} ${seed}, ${options.steps} ${t("stepsWord")}${planted}`);
	const result = run({
		seed,
		steps: options.steps,
		crypto: simCrypto(),
		parts,
		trace: trace.sink,
		progress: (steps) => root.err(`fuzz: ${steps} ${t("stepsWord")}`),
	});
	const replay = replayOf(options, seed);
	for (const violation of result.violations) root.err(`${t("violation")}: ${inWords(violation)}`);
	const traceHash = trace.close();
	const line = resultOf(result, traceHash, replay);
	await root.out(options.json === true ? JSON.stringify(line) : inText(line, root.lang));
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

function inText(line: ReturnType<typeof resultOf>, lang: Language): string {
	const faults = Object.entries(line.faults).map(([kind, count]) => `${kind} ${count}`);
	const { seed, steps, virtualHours, violations, traceHash } = line;
	const head = {
		zh: `种子 ${seed}：${steps} 步，虚拟时间 ${virtualHours} 小时，违规 ${violations}`,
		en: `seed ${seed}: ${steps} steps, ${virtualHours} h of virtual time, ${violations} violations`,
	};
	const lines = [head[lang], `${TEXTS.faults[lang]} ${faults.join(", ")}`, `${TEXTS.traceHash[lang]} ${traceHash}`];
	if ("replay" in line) lines.push(`${TEXTS.replay[lang]} ${line.replay}`);
	return lines.join("\n");
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
