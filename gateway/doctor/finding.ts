import { wordsOf } from "../../protocol/schema/error-words.ts";
import type { CodedError } from "../../protocol/wire/errors.ts";

/** A text in both languages. */
export interface Both {
	readonly zh: string;
	readonly en: string;
}

export const CHECKS = [
	"node",
	"config",
	"folder",
	"disk",
	"keys",
	"clock",
	"store",
	"ports",
	"broker",
	"pull",
	"alarms",
] as const;
export type Check = (typeof CHECKS)[number];

/** What one look found. `next` is empty where there is nothing to do; something well may still have an advice. */
export interface Finding {
	readonly check: Check;
	readonly ok: boolean;
	readonly detail: Both;
	readonly next: Both;
}

const NOTHING: Both = { zh: "", en: "" };

export const fine = (check: Check, zh: string, en: string, next: Both = NOTHING): Finding => ({
	check,
	ok: true,
	detail: { zh, en },
	next,
});

/** A failure as a finding, with its own words and mend. */
export function coded(check: Check, e: CodedError): Finding {
	const zh = wordsOf(e, "zh");
	return found(check, { zh: `${e.code}：${zh.what}`, en: `${e.code}: ${e.message}` }, { zh: zh.next, en: e.next });
}

export const found = (check: Check, detail: Both, next: Both): Finding => ({ check, ok: false, detail, next });
