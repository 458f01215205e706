import type { Explanation, Link } from "./link.ts";
import { EN, type Words } from "./words-en.ts";
import { ZH } from "./words-zh.ts";

export type Lang = "zh" | "en";

const WORDS: Readonly<Record<Lang, Readonly<Record<Link["code"], Words>>>> = { zh: ZH, en: EN };

const NOTHING_TO_DO: Readonly<Record<Lang, string>> = {
	zh: "无需处理：顶灯所示与应亮一致。",
	en: "Nothing to do: the light shows what is owed.",
};

/** A rating may have no score: its place is left out with the words around it. */
const SCORE_GAP: Readonly<Record<Lang, readonly [string, string]>> = {
	zh: ["，{score} 分", ""],
	en: [" with {score} points", ""],
};

function fill(template: string, { facts }: Link, lang: Lang): string {
	const [gap, nothing] = SCORE_GAP[lang];
	const text = facts["score"] === undefined ? template.replace(gap, nothing) : template;
	return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(facts[name] ?? whole));
}

/** A link in words. */
export const detailOf = (link: Link, lang: Lang): string => fill(WORDS[lang][link.code].detail, link, lang);

/** The next step for a person. */
export function nextOf({ chain, broken }: Explanation, lang: Lang): string {
	const link = chain.find((one) => one.link === broken);
	return link === undefined ? NOTHING_TO_DO[lang] : fill(WORDS[lang][link.code].next, link, lang);
}
