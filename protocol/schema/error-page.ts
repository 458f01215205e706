import { ERROR_CHAPTERS } from "./error-catalog.ts";
import type { ErrorEntry, ErrorTable, Wording } from "./error-entry.ts";
import { REFUSAL_WORDS } from "./refusal-words.ts";

const HEAD = `# Error codes

Made from the table in \`protocol/schema/\` by \`npm run docs\`; a test holds page, table and sources equal.

Every failure of the three programs is said in one way: \`code: what happened\` on standard error, then \`next: the next step\`
(\`下一步：\` in Chinese). With \`--json\` the last line on standard output is \`{"error":{"code","message","next"}}\`. The API answers the same
body. Codes are stable; words may change. \`{name}\` stands for a value. Exit: 0 done as asked, 1 checked and failed, 2 called wrongly.

Codes of rows that a file's import leaves out are in [rating-files.md](rating-files.md), codes of log lines in [logging.md](logging.md).
`;

const cell = (text: string): string => text.replaceAll("|", "\\|").replaceAll("<", "&lt;");

function rows(code: string, entry: ErrorEntry): string[] {
	const exit = entry.wrongUse === true ? 2 : 1;
	const row = ({ en, zh }: Wording, first: boolean) =>
		`| ${first ? `\`${code}\`` : ""} | ${first ? exit : ""} | ${cell(en.what)}<br>${cell(zh.what)} | ${cell(en.next)}<br>${cell(zh.next)} |`;
	return [entry, ...(entry.more ?? [])].map((wording, i) => row(wording, i === 0));
}

const chapter = (en: string, zh: string, codes: ErrorTable): string =>
	`## ${en} · ${zh}\n\n| code | exit | what happened | next step |\n|---|---|---|---|\n${Object.entries(codes)
		.flatMap(([code, entry]) => rows(code, entry))
		.join("\n")}\n`;

const refusals = (): string =>
	`## Why a light refused a message · 顶灯为何拒收\n\nTold by the light in its signed report, in the order in which it looks; shown beside the light as its reason.\n\n| code | meaning | 含义 |\n|---|---|---|\n${Object.entries(
		REFUSAL_WORDS,
	)
		.map(([code, { en, zh }]) => `| \`${code}\` | ${cell(en)} | ${cell(zh)} |`)
		.join("\n")}\n`;

/** The text of docs/errors.md. */
export const errorPage = (): string =>
	[HEAD, ...ERROR_CHAPTERS.map(({ en, zh, codes }) => chapter(en, zh, codes)), refusals()].join("\n");
