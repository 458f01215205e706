import { once } from "node:events";
import type { Command } from "commander";
import { CodedError } from "../../protocol/wire/errors.ts";
import { millis } from "../../protocol/wire/units.ts";
import { FAULT_NAMES, FAULTS, type Fault, isFault } from "../platform/faults.ts";
import { Platform } from "../platform/platform.ts";
import { Prng } from "../random/prng.ts";
import { type Text, withHelp } from "./help.ts";
import { wholeNumber } from "./options.ts";
import type { Root } from "./root.ts";

const SEED_MAX = 0xffff_ffff;
const DAY_S = 86_400;

interface Options {
	readonly port: number;
	readonly seed?: number;
	readonly drivers: number;
	readonly every: number;
	readonly faults?: string;
	readonly faultRate: number;
	readonly token?: string;
	readonly json?: boolean;
}

const TEXTS = {
	about: {
		zh: "模拟信用平台：评级名单会变，也会出各种差错",
		en: "a stand-in credit platform: a rating list that changes, with the faults asked for",
	},
	port: { zh: "本机端口；0 = 任意空闲端口", en: "port on this machine; 0 = any free one" },
	seed: {
		zh: "随机种子；相同种子，相同名单（默认随机）",
		en: "where chance begins; equal seeds, equal lists (default: a random one)",
	},
	drivers: { zh: "驾驶员人数", en: "number of drivers" },
	every: { zh: "每隔多少秒名单变一次；0 = 不变", en: "the list changes every so many seconds; 0 = never" },
	faults: { zh: "差错，用逗号分隔（见下）", en: "faults, with commas between (see below)" },
	faultRate: { zh: "每次请求遇到差错的百分比", en: "how many of a hundred requests meet a fault" },
	token: { zh: "要求的令牌", en: "bearer token that is asked for" },
	json: { zh: "启动后输出一行 JSON", en: "print one line of JSON once it listens" },
	list: { zh: "差错：", en: "Faults:" },
	stop: { zh: "按 Ctrl-C 停止。", en: "Ctrl-C stops it." },
} as const satisfies Record<string, Text>;

/** `liangxing-sim platform`: a credit platform on this machine, until it is stopped. */
export function register(program: Command, root: Root): void {
	const t = (key: keyof typeof TEXTS): string => TEXTS[key][root.lang];
	const command = program
		.command("platform")
		.description(t("about"))
		.option("--port <N>", t("port"), wholeNumber(0, 65_535), 8795)
		.option("--seed <S>", t("seed"), wholeNumber(0, SEED_MAX))
		.option("--drivers <N>", t("drivers"), wholeNumber(1, 1_000_000), 200)
		.option("--every <S>", t("every"), wholeNumber(0, DAY_S), 60)
		.option("--faults <LIST>", t("faults"))
		.option("--fault-rate <N>", t("faultRate"), wholeNumber(0, 100), 20)
		.option("--token <T>", t("token"))
		.option("--json", t("json"))
		.action((options: Options) => run(options, root, t("stop")));
	const width = Math.max(...FAULT_NAMES.map((name) => name.length));
	const faults = FAULT_NAMES.map((name) => `  ${name.padEnd(width)}  ${FAULTS[name][root.lang]}`).join("\n");
	withHelp(
		command,
		root.lang,
		[
			"liangxing-sim platform",
			"liangxing-sim platform --port 0 --seed 7 --faults late,half,poisoned",
			"liangxing ratings pull --data depot --url http://127.0.0.1:8795/api/ratings",
		],
		{ zh: `${TEXTS.list.zh}\n${faults}`, en: `${TEXTS.list.en}\n${faults}` },
	);
}

async function run(options: Options, root: Root, stopText: string): Promise<void> {
	const seed = options.seed ?? new DataView(root.random.bytes(4).buffer).getUint32(0);
	const faults = faultsOf(options.faults ?? "");
	const { clock } = root;
	const platform = await Platform.open({
		random: new Prng(seed),
		drivers: options.drivers,
		port: options.port,
		token: options.token ?? null,
		clock,
		timers: clock,
		lateMs: 45_000,
	});
	platform.faults = faults;
	platform.faultRate = options.faultRate / 100;
	let timer: { cancel(): void } | null = null;
	const change = () => {
		timer = clock.after("platform-change", millis(options.every * 1000), () => {
			platform.advance();
			change();
		});
	};
	if (options.every > 0) change();
	const facts = { url: platform.url, seed, drivers: options.drivers, faults };
	await root.out(options.json === true ? JSON.stringify(facts) : `${platform.url}  seed ${seed}\n${stopText}`);
	if (!root.stop.aborted) await once(root.stop, "abort");
	(timer as { cancel(): void } | null)?.cancel();
	await platform.close();
}

function faultsOf(list: string): Fault[] {
	const names = list.split(",").map((name) => name.trim());
	return names
		.filter((name) => name !== "")
		.map((name) => {
			if (isFault(name)) return name;
			throw new CodedError("fault-unknown", `There is no fault "${name}".`, {
				fault: "input",
				next: `Take some of: ${FAULT_NAMES.join(", ")}.`,
			});
		});
}
