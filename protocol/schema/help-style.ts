import type { Language } from "./language.ts";

/** The help's own headings, as commander names them. */
const TITLES_ZH: Readonly<Record<string, string>> = {
	"Usage:": "用法：",
	"Options:": "选项：",
	"Arguments:": "参数：",
	"Commands:": "命令：",
};

/** What commander adds behind a description by itself. */
const extras = (text: string): string =>
	text
		.replace(/\(choices: ([^)]*?)(?:, default: (.*))?\)$/, (_all, choices: string, preset: string | undefined) =>
			preset === undefined ? `（可选 ${choices}）` : `（可选 ${choices}，默认 ${preset}）`,
		)
		.replace(/\(default: (.*)\)$/, "（默认 $1）")
		.replace(/ （/, "（");

/** Settings of a command's help that put commander's own words into the language asked for. */
export const helpStyle = (lang: Language) =>
	lang === "en"
		? {}
		: {
				styleTitle: (title: string) => TITLES_ZH[title] ?? title,
				styleOptionDescription: extras,
				styleArgumentDescription: extras,
			};
