import { ERROR_CATALOG } from "./error-catalog.ts";
import type { ErrorText, Wording } from "./error-entry.ts";
import type { Language } from "./language.ts";

/** A failure as it was thrown or answered: in English, since code and logs are. */
export interface Failure {
	readonly code: string;
	readonly message: string;
	readonly next: string;
	readonly context?: Readonly<Record<string, string | number | boolean>>;
}

type Values = Readonly<Record<string, string>>;

const PLACE = /\{([a-z]+)\}/gi;

/** Names of the values that a text has places for, in their order. */
export const placesOf = (template: string): readonly string[] =>
	[...template.matchAll(PLACE)].map((match) => match[1] ?? "");

const literal = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
const patterns = new Map<string, RegExp>();

/** A template as a pattern: the words as they are, any text at each place. Kept: there are a few hundred. */
function patternOf(template: string): RegExp {
	const known = patterns.get(template);
	if (known !== undefined) return known;
	const parts = template.split(/\{[a-z]+\}/i).map(literal);
	const made = new RegExp(`^${parts.join("(.+?)")}$`, "su");
	patterns.set(template, made);
	return made;
}

/** The values in `text` by the template that made it, or null: it is not of this template. An answer of the API has no others. */
export function readBack(template: string, text: string): Values | null {
	const match = patternOf(template).exec(text);
	if (match === null) return null;
	return Object.fromEntries(placesOf(template).map((name, i) => [name, match[i + 1] ?? ""]));
}

const fill = (template: string, values: Values): string =>
	template.replace(PLACE, (_place, name: string) => values[name] ?? "…");

/** Values that are words of ours and no names or numbers, as the settings' checks put them into a text: English, Chinese. */
const PHRASES: readonly (readonly [string, string])[] = [
	["a whole number from {least} to {most}", "{least} 至 {most} 的整数"],
	["a whole number", "整数"],
	["a number from {least} to {most}", "{least} 至 {most} 的数"],
	["a number", "数"],
	["true or false", "true 或 false"],
	["one of {list}", "{list} 之一"],
	["a text of the form {form}", "形如 {form} 的文字"],
	["a text", "文字"],
	["a group of keys", "一组键"],
	["{value} (from {source})", "{value}（来自 {source}）"],
];

function inChinese(value: string): string {
	for (const [en, zh] of PHRASES) {
		const values = readBack(en, value);
		if (values !== null) return fill(zh, values);
	}
	return value;
}

const carried = (values: Values): Values =>
	Object.fromEntries(Object.entries(values).map(([name, value]) => [name, inChinese(value)]));

/** One half in the other language: by the wording that fits, else the entry's own with the English behind it in brackets. */
function half(wordings: readonly Wording[], part: keyof ErrorText, english: string, context: Values): string {
	for (const { en, zh } of wordings) {
		const values = readBack(en[part], english);
		if (values !== null) return fill(zh[part], carried(values));
	}
	const own = wordings.at(-1);
	return own === undefined ? english : `${fill(own.zh[part], context)}（${english}）`;
}

/**
 * What happened and the next step for people. English is what was thrown. Chinese is the catalogue's, with the values of the English
 * text or of the failure's context; what it cannot carry follows in English, in brackets. A code without words is said in English.
 */
export function wordsOf(failure: Failure, lang: Language): ErrorText {
	const { code, message, next } = failure;
	const entry = Object.hasOwn(ERROR_CATALOG, code) ? ERROR_CATALOG[code] : undefined;
	if (lang === "en" || entry === undefined) return { what: message, next };
	const context = Object.fromEntries(Object.entries(failure.context ?? {}).map(([key, value]) => [key, String(value)]));
	// The wordings that fit the message come first for the next step as well: one text may end in two ways.
	const all = [...(entry.more ?? []), entry];
	const fitting = all.filter((wording) => readBack(wording.en.what, message) !== null);
	return { what: half(all, "what", message, context), next: half([...fitting, ...all], "next", next, context) };
}
