import { closeSync, fstatSync, openSync, readFileSync } from "node:fs";
import { basename, resolve } from "node:path";
import { type Command, Option } from "commander";
import { CodedError } from "../../protocol/wire/errors.ts";
import type { LoadedSettings } from "../config/load.ts";
import type { Host, Lang, Text } from "./host.ts";

/** Options of every command. */
export interface CommonOptions {
	readonly data?: string;
	readonly config?: string;
	readonly json?: boolean;
}

/** What a command's file gets: the host, the language, and where to put the exit code. */
export interface Context {
	readonly host: Host;
	readonly lang: Lang;
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
	json: { zh: "结果以一行 JSON 输出", en: "print the result as one line of JSON" },
	lang: { zh: "语言：zh 或 en（默认随 LANG）", en: "language: zh or en (default by LANG)" },
	help: { zh: "显示帮助", en: "show this help" },
	examples: { zh: "例：", en: "Examples:" },
} as const satisfies Record<string, Text>;

/** Adds the options of every command, and its examples below the help. */
export function common(command: Command, context: Context, examples: readonly string[]): Command {
	const t = (key: keyof typeof OPTION_TEXTS) => say(context, OPTION_TEXTS[key]);
	return command
		.option("--data <dir>", t("data"))
		.option("--config <file>", t("config"))
		.option("--json", t("json"))
		.addOption(new Option("--lang <lang>", t("lang")).choices(["zh", "en"]))
		.helpOption("-h, --help", t("help"))
		.addHelpText("after", `\n${t("examples")}\n${examples.map((e) => `  $ ${e}`).join("\n")}`);
}

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

/** A file of the caller's, whole. Throws `file-unreadable`, `file-too-large`. */
export function readInput(context: Context, path: string, maxBytes: number): { bytes: Uint8Array; name: string } {
	const full = resolve(context.host.cwd, path);
	let fd: number;
	try {
		fd = openSync(full, "r");
	} catch (cause) {
		throw unreadable(path, cause);
	}
	try {
		const size = fstatSync(fd).size;
		if (size > maxBytes)
			throw new CodedError("file-too-large", `${path} has ${size} bytes; at most ${maxBytes} are taken.`, {
				fault: "input",
				next: "Check that it is the right file; a rating file of 100,000 drivers has about 7 MB.",
			});
		return { bytes: Uint8Array.from(readFileSync(fd)), name: basename(full) };
	} catch (cause) {
		throw cause instanceof CodedError ? cause : unreadable(path, cause);
	} finally {
		closeSync(fd);
	}
}

const unreadable = (path: string, cause: unknown): CodedError =>
	new CodedError("file-unreadable", `${path} cannot be read (${String((cause as NodeJS.ErrnoException).code)}).`, {
		fault: "input",
		next: "Give an existing, readable file.",
		cause,
	});

/** Prints a result: one line of JSON, or the text made for people. */
export function print(context: Context, value: unknown, text: string): void {
	context.host.out(context.json ? `${JSON.stringify(value)}\n` : text.endsWith("\n") ? text : `${text}\n`);
}
