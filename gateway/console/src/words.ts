import { en } from "./words-en.ts";
import { type Words, zh } from "./words-zh.ts";

export type { Words } from "./words-zh.ts";

/** All languages of the console; `zh` is the default. */
export const WORDS: Readonly<Record<"zh" | "en", Words>> = { zh, en };
export type Language = keyof typeof WORDS;
