import { once } from "node:events";
import type { Command } from "commander";
import { loadPolicy } from "../../gateway/config/policy-file.ts";
import { DEFAULT_PRESET } from "../../gateway/core/stars/presets.ts";
import { NodeCrypto } from "../../gateway/depot/node-crypto.ts";
import { readRatingFile } from "../../gateway/sources/ratings-file.ts";
import { readNamedFile } from "../../gateway/sources/read-file.ts";
import { CodedError } from "../../protocol/wire/errors.ts";
import { millis, toUnixSeconds, type UnixMs } from "../../protocol/wire/units.ts";
import { FAULT_NAMES, FAULTS, type Fault, isFault } from "../platform/faults.ts";
import { Platform } from "../platform/platform.ts";
import { readPlatformState, writePlatformState } from "../platform/state-file.ts";
import { dayOf, type PlatformRow, type TableState } from "../platform/table.ts";
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
	readonly ratings?: string;
	readonly state?: string;
	readonly forgetCursors?: boolean;
	readonly pageMs: number;
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
	ratings: {
		zh: "以这个评级文件为起始名单，不用虚构名单",
		en: "begin with the list of this rating file in place of an invented one",
	},
	state: {
		zh: "名单存于此文件，每次变动先落盘再对外；重启后接着用",
		en: "keep the list in this file, each change before it is served; a restart goes on with it",
	},
	forgetCursors: {
		zh: "重启后不认以前的游标（配合 --state）",
		en: "after a restart, cursors of before are unknown (with --state)",
	},
	pageMs: { zh: "每页在路上的毫秒数", en: "how many milliseconds each page is on its way" },
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
		.option("--ratings <FILE>", t("ratings"))
		.option("--state <FILE>", t("state"))
		.option("--forget-cursors", t("forgetCursors"))
		.option("--page-ms <N>", t("pageMs"), wholeNumber(0, 60_000), 0)
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
			"liangxing-sim platform --ratings ratings.csv --state platform.json --every 0",
			"liangxing ratings pull --data depot --url http://127.0.0.1:8795/api/ratings",
		],
		{ zh: `${TEXTS.list.zh}\n${faults}`, en: `${TEXTS.list.en}\n${faults}` },
	);
}

async function run(options: Options, root: Root, stopText: string): Promise<void> {
	const seed = options.seed ?? new DataView(root.random.bytes(4).buffer).getUint32(0);
	const faults = faultsOf(options.faults ?? "");
	const { clock } = root;
	const { state } = options;
	const left = state === undefined ? null : readPlatformState(state);
	const platform = await Platform.open({
		random: new Prng(seed),
		drivers: options.drivers,
		rows: options.ratings === undefined ? null : await rowsOf(options.ratings, clock.unixMs()),
		left,
		forgetsCursors: options.forgetCursors === true,
		...(state === undefined ? {} : { keep: (table: TableState) => writePlatformState(state, table) }),
		pageMs: options.pageMs,
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
	const facts = { url: platform.url, seed, drivers: platform.table.newest.rows.length, faults };
	await root.out(options.json === true ? JSON.stringify(facts) : `${platform.url}  seed ${seed}\n${stopText}`);
	if (!root.stop.aborted) await once(root.stop, "abort");
	(timer as { cancel(): void } | null)?.cancel();
	await platform.close();
}

/** The rows of a rating file that are good. */
async function rowsOf(path: string, now: UnixMs): Promise<PlatformRow[]> {
	const policy = loadPolicy(DEFAULT_PRESET, new NodeCrypto());
	const options = { policy, now: toUnixSeconds(now), identityCheck: "warn" as const };
	const { accepted } = await readRatingFile(readNamedFile(path), options);
	return accepted.map(({ certificate, grade, score, period, asOf }) => ({
		certificate,
		grade: grade === "unrated" ? "未评定" : grade,
		score,
		period,
		asOf: dayOf(asOf * 1000),
	}));
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
