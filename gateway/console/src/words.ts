import type { LightView } from "../../core/types.ts";
import { isReason } from "./reasons.ts";
import { tooMany } from "./row.ts";
import { en } from "./words-en.ts";
import { type Words, zh } from "./words-zh.ts";

export type { Words } from "./words-zh.ts";

/** All languages of the console; `zh` is the default. */
export const WORDS: Readonly<Record<"zh" | "en", Words>> = { zh, en };
export type Language = keyof typeof WORDS;

/** Why a light is not right, in words; "" where there is nothing to say. A code that has no words yet is shown as it is. */
export function reasonText(view: LightView, words: Words): string {
	const { reason, observed, desired, status } = view;
	const said = reason === null ? "" : isReason(reason) ? words.reasons[reason] : reason;
	const text = status === "refused" && reason !== null ? words.refusedAs(reason, said) : said;
	if (observed === null || !tooMany(view)) return text;
	const extra = words.extra(observed - desired);
	return text === "" ? extra : `${extra} · ${text}`;
}

/** What a screen reader says of a light. */
export function sayLight(view: LightView, words: Words): string {
	const seen = view.observed !== null ? String(view.observed) : view.status === "acked" ? words.unseen : words.unknown;
	const acked = view.acked === null ? "—" : String(view.acked);
	return words.say(view.plate ?? view.light, words.status[view.status], String(view.desired), acked, seen);
}
