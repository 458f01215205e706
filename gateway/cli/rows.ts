import { HELD_WORDS } from "../../protocol/schema/pull-words.ts";
import type { Value } from "../depot/access.ts";
import { type Context, say } from "./common.ts";

/** Rows shown to people; the rest is counted, `--json` has them all. */
const MAX_SHOWN_ROWS = 20;

const HELD: Readonly<Record<string, { zh: string; en: string }>> = HELD_WORDS;

/** Why a pull is held, in words. */
export function heldWhy(context: Context, pull: Value): string {
	const why = (Array.isArray(pull["heldFor"]) ? pull["heldFor"] : []).map((code) => {
		const text = HELD[String(code)];
		return text === undefined ? String(code) : say(context, text);
	});
	return why.join(say(context, { zh: "，", en: ", " }));
}

/** One line for each row that a file's import left out, with its code; a line for those that are too many to show. */
export function rowLines(context: Context, answer: Value): string[] {
	const rows = (Array.isArray(answer["quarantinedRows"]) ? answer["quarantinedRows"] : []) as Value[];
	const lines = rows
		.slice(0, MAX_SHOWN_ROWS)
		.map(
			(row) =>
				`${say(context, { zh: `  第 ${String(row["row"])} 行`, en: `  row ${String(row["row"])}` })}  ${String(row["reason"])}`,
		);
	const more = rows.length - MAX_SHOWN_ROWS;
	if (more > 0)
		lines.push(say(context, { zh: `  另有 ${more} 行，用 --json 查看`, en: `  and ${more} more, see --json` }));
	return lines;
}
