import { type Command, Option } from "commander";
import { helpStyle } from "../../protocol/schema/help-style.ts";
import { LANGUAGES, type Language } from "../../protocol/schema/language.ts";

/** A text in both languages. */
export interface Text {
	readonly zh: string;
	readonly en: string;
}

const TEXTS = {
	lang: { zh: "语言：zh 或 en（默认随 LANG）", en: "language: zh or en (default by LANG)" },
	help: { zh: "显示帮助", en: "show this help" },
	examples: { zh: "例：", en: "Examples:" },
} as const satisfies Record<string, Text>;

/** Adds `--lang`, help in its language, a note and examples below it. */
export function withHelp(
	command: Command,
	lang: Language,
	examples: readonly string[],
	note: Text | null = null,
): Command {
	const lines = [
		...(note === null ? [] : ["", note[lang]]),
		"",
		TEXTS.examples[lang],
		...examples.map((example) => `  $ ${example}`),
	];
	return command
		.addOption(new Option("--lang <lang>", TEXTS.lang[lang]).choices(LANGUAGES))
		.helpOption("-h, --help", TEXTS.help[lang])
		.configureHelp(helpStyle(lang))
		.addHelpText("after", lines.join("\n"));
}
