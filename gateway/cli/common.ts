import { type Command, Option } from "commander";
import { LANGUAGES, type Language } from "../../protocol/schema/language.ts";
import type { LoadedSettings } from "../config/load.ts";
import type { Host, Text } from "./host.ts";
import { type DataNamed, pasteable } from "./paste.ts";

/** Options of every command. */
export interface CommonOptions {
	readonly data?: string;
	readonly config?: string;
	readonly json?: boolean;
}

/** What a command's file gets: the host, the language, and where to put the exit code. */
export interface Context {
	readonly host: Host;
	readonly lang: Language;
	/** The data folder as the commands that are printed name it. */
	readonly data: DataNamed;
	/** Set by the command that ran. */
	exit: number;
	/** Whether the command that ran was asked for JSON. */
	json: boolean;
}

export const say = (context: Context, text: Text): string => text[context.lang];

const OPTION_TEXTS = {
	data: {
		zh: "数据文件夹（默认 ./liangxing-data，或环境变量 LIANGXING_DATA）",
		en: "data folder (default ./liangxing-data, or LIANGXING_DATA)",
	},
	config: {
		zh: "配置文件（默认数据文件夹里的 liangxing.yaml）",
		en: "settings file (default liangxing.yaml in the data folder)",
	},
	new: {
		zh: "所指文件夹里没有场站时就新建一个",
		en: "make a new depot in the folder named if none is there",
	},
	json: { zh: "结果以一行 JSON 输出", en: "print the result as one line of JSON" },
	lang: { zh: "语言：zh 或 en（默认随 LANG）", en: "language: zh or en (default by LANG)" },
	help: { zh: "显示帮助", en: "show this help" },
	helpCommand: { zh: "显示某个命令的帮助", en: "show the help of a command" },
	examples: { zh: "例：", en: "Examples:" },
} as const satisfies Record<string, Text>;

const textOf = (context: Context, key: keyof typeof OPTION_TEXTS): string => say(context, OPTION_TEXTS[key]);

/** Help in the language asked for, with examples below it: for a group of commands, and for each command of it. */
export function withHelp(command: Command, context: Context, examples: readonly string[]): Command {
	return command
		.addOption(new Option("--lang <lang>", textOf(context, "lang")).choices(LANGUAGES))
		.helpOption("-h, --help", textOf(context, "help"))
		.addHelpText("after", `\n${textOf(context, "examples")}\n${examples.map((e) => `  $ ${e}`).join("\n")}`);
}

/** A group of commands, e.g. `ratings`. */
export function group(
	program: Command,
	context: Context,
	name: string,
	about: Text,
	examples: readonly string[],
): Command {
	const command = program.command(name).description(say(context, about)).enablePositionalOptions();
	return withHelp(command, context, examples).helpCommand("help [command]", textOf(context, "helpCommand"));
}

/** Adds the options of every command, and its examples below the help. */
export function common(command: Command, context: Context, examples: readonly string[]): Command {
	command
		.option("--data <dir>", textOf(context, "data"))
		.option("--config <file>", textOf(context, "config"))
		.option("--json", textOf(context, "json"));
	return withHelp(command, context, examples);
}

/** `--new` for commands that can be a depot's first. */
export const newDepot = (command: Command, context: Context): Command =>
	command.option("--new", textOf(context, "new"));

/** The settings for a command: `--data`, `--config`, environment, file. */
export async function settingsFor(
	context: Context,
	options: CommonOptions,
	flags: Readonly<Record<string, string>> = {},
): Promise<LoadedSettings> {
	const { loadSettings } = await import("../config/load.ts");
	return loadSettings({
		cwd: context.host.cwd,
		env: context.host.env,
		flags: options.data === undefined ? flags : { ...flags, data: options.data },
		configFile: options.config,
	});
}

/** Prints a result: one line of JSON, or the text made for people. Next steps can be pasted in both. */
export function print(context: Context, value: unknown, text: string): void {
	const nextStep = (key: string, inner: unknown) =>
		key === "next" && typeof inner === "string" ? pasteable(inner, context.data) : inner;
	const people = () => pasteable(text.endsWith("\n") ? text : `${text}\n`, context.data);
	context.host.out(context.json ? `${JSON.stringify(value, nextStep)}\n` : people());
}
