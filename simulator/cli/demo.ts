import type { Command } from "commander";
import { CodedError } from "../../protocol/wire/errors.ts";
import type { PortWish } from "../fleet/demo-ports.ts";
import { type DemoOptions, runDemo } from "../fleet/demo-run.ts";
import { type Text, withHelp } from "./help.ts";
import { wholeNumber } from "./options.ts";
import type { Root } from "./root.ts";

/** One process holds at most this many real light runtimes within the memory of a small box. */
const MAX_LIGHTS = 5_000;
const MAX_PORT = 65_535;

interface Flags {
	readonly lights: number;
	readonly untilLit?: boolean;
	readonly json?: boolean;
	readonly ratings?: string;
	readonly fleet?: string;
	readonly data?: string;
	readonly keep?: string;
	readonly httpPort: number;
	readonly mqttPort: number;
}

const EXAMPLES = [
	"liangxing-sim demo --lights 24",
	"liangxing-sim demo --lights 100 --until-lit --json",
	"liangxing-sim demo --ratings r.csv --fleet f.csv --lights 500 --until-lit",
	"liangxing-sim demo --data my-demo",
];

const TEXTS = {
	about: {
		zh: "一个场站网关、它的控制台和 N 辆模拟出租汽车：从评级文件到亮星",
		en: "a depot gateway, its console and N simulated taxis, from a rating file to lit stars",
	},
	lights: { zh: "出租汽车数：车队文件的前 N 辆", en: "taxis: the first N vehicles of the fleet file" },
	untilLit: { zh: "全部顶灯就绪后结束", en: "end when all lights have settled" },
	json: { zh: "结果以一行 JSON 输出", en: "print the result as one line of JSON" },
	ratings: {
		zh: "评级文件（CSV），代替示例；与 --fleet 一起用",
		en: "rating file (CSV) in place of the sample; goes with --fleet",
	},
	fleet: {
		zh: "车队文件（CSV），代替示例；与 --ratings 一起用",
		en: "fleet file (CSV) in place of the sample; goes with --ratings",
	},
	data: { zh: "使用并保留的数据文件夹；不给则用临时的", en: "data folder to use and keep; without it a temporary one" },
	keep: { zh: "同 --data", en: "the same as --data" },
	httpPort: { zh: "控制台与接口的端口；0 为任意空闲端口", en: "port of console and API; 0 = any free port" },
	mqttPort: { zh: "消息代理的端口；0 为任意空闲端口", en: "port of the broker; 0 = any free port" },
	note: {
		zh: "按 Ctrl-C 停止；用 --until-lit 则自行结束。用 --data 时，下次从那里接着运行。",
		en: "Ctrl-C stops it; with --until-lit it ends by itself. With --data it goes on from there next time.",
	},
} as const satisfies Record<string, Text>;

/** `liangxing-sim demo`. Exit 0 = as asked, 1 = not every light came right in time, 2 = wrong use. */
export function register(program: Command, root: Root): void {
	const t = (key: keyof typeof TEXTS): string => TEXTS[key][root.lang];
	const command = program
		.command("demo")
		.description(t("about"))
		.option("--lights <n>", t("lights"), wholeNumber(1, MAX_LIGHTS), 24)
		.option("--until-lit", t("untilLit"))
		.option("--json", t("json"))
		.option("--ratings <file>", t("ratings"))
		.option("--fleet <file>", t("fleet"))
		.option("--data <dir>", t("data"))
		.option("--keep <dir>", t("keep"))
		.option("--http-port <port>", t("httpPort"), wholeNumber(0, MAX_PORT), 8790)
		.option("--mqtt-port <port>", t("mqttPort"), wholeNumber(0, MAX_PORT), 8791);
	withHelp(command, root.lang, EXAMPLES, TEXTS.note);
	command.action(async (flags: Flags) => root.exitCode(await runDemo(optionsOf(flags, command, root), root)));
}

function optionsOf(flags: Flags, command: Command, root: Root): DemoOptions {
	if ((flags.ratings === undefined) !== (flags.fleet === undefined))
		throw wrongUse(
			"option-missing",
			"--ratings and --fleet go together.",
			"Give both files, or neither for the sample.",
		);
	if (flags.data !== undefined && flags.keep !== undefined && flags.data !== flags.keep)
		throw wrongUse("option-conflict", "--data and --keep name two folders.", "Give one of them.");
	const { ratings, fleet } = flags;
	const automatic = flags.untilLit === true;
	return {
		lights: flags.lights,
		untilLit: automatic,
		json: flags.json === true,
		files: ratings === undefined || fleet === undefined ? null : { ratings, fleet },
		data: flags.data ?? flags.keep ?? null,
		ports: { http: portOf("httpPort", flags, command), mqtt: portOf("mqttPort", flags, command) },
		chinese: root.lang === "zh",
	};
}

/** A run for a script never meets a port that nobody named; a person wants the console where it was yesterday. */
function portOf(name: "httpPort" | "mqttPort", flags: Flags, command: Command): PortWish {
	const explicit = command.getOptionValueSource(name) === "cli";
	return { port: flags.untilLit === true && !explicit ? 0 : flags[name], explicit };
}

const wrongUse = (code: string, message: string, next: string): CodedError =>
	new CodedError(code, message, { fault: "input", next });
