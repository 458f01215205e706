import { language } from "./state.ts";
import type { Language } from "./words.ts";

/**
 * The words of one page, in a file of its own (`words-<page>.ts`) that is loaded with the page; what every page says stays in
 * `words-zh.ts` and `words-en.ts`. The pattern:
 *
 *     const zh = { title: "全览", lights: (n: number) => `${n} 盏` };
 *     const en: typeof zh = { title: "Overview", lights: (n) => `${n} lights` };
 *     export const overviewWords = inBoth(zh, en);
 *
 * and in the page: `const w = overviewWords();`. English has the keys of Chinese, or does not compile; a test looks for Chinese in it.
 */
export interface PageWords<W> {
	(): W;
	readonly all: Readonly<Record<Language, W>>;
}

export function inBoth<W extends object>(zh: W, en: W): PageWords<W> {
	const all = { zh, en };
	return Object.assign(() => all[language.value], { all });
}
