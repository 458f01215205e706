import { language, ownLanguage } from "./state.ts";
import { type Language, WORDS } from "./words.ts";

/** What was chosen with the switch, in this browser. */
const CHOICE_KEY = "liangxing.lang";

const known = (text: string | null): Language | null =>
	text !== null && Object.hasOwn(WORDS, text) ? (text as Language) : null;

/** A browser's languages, the dearest first: Chinese where that stands before English; English for all who have neither. */
export function languageAmong(wanted: readonly string[]): Language {
	const first = wanted.find((tag) => /^(zh|en)\b/i.test(tag));
	return first !== undefined && /^zh/i.test(first) ? "zh" : "en";
}

/** The storage of this browser; it may refuse it. */
function storage(): Storage | null {
	try {
		return window.localStorage;
	} catch {
		return null;
	}
}

/** The language of a page: what its address says, else what was chosen here before, else the browser's own. */
export function readLanguage(search: string): void {
	ownLanguage.value = languageAmong(navigator.languages);
	language.value =
		known(new URLSearchParams(search).get("lang")) ??
		known(storage()?.getItem(CHOICE_KEY) ?? null) ??
		ownLanguage.value;
}

/** Chooses a language; the browser keeps it for later visits. */
export function chooseLanguage(chosen: Language): void {
	language.value = chosen;
	storage()?.setItem(CHOICE_KEY, chosen);
}
