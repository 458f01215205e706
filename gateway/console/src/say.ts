import type { LightView } from "../../core/types.ts";
import { shortAge } from "./age.ts";
import { codeText } from "./codes.ts";
import { brokenLamps } from "./lamps.ts";
import { tooMany } from "./row.ts";
import type { Words } from "./words.ts";

/** Which lamps are broken and how: `2、5 号灯珠断路`; "" where none is known to be. */
const lampText = (view: LightView, words: Words): string =>
	[...brokenLamps(view)]
		.map(([fault, numbers]) => words.lampFault(numbers.join(words.comma), numbers.length, words.faults[fault]))
		.join(words.and);

/** Why a light is not right, or what it refused lately: words, and the code of a refusal, which is printed small. */
export interface Why {
	readonly text: string;
	readonly code: string | null;
	/** Over already: the light is as it should be, this is news only. */
	readonly past: boolean;
}

/** A refusal of a light that has gone on since is news for a day. */
const NEWS_MS = 86_400_000;
const NOTHING: Why = { text: "", code: null, past: false };

/** What there is to say of a light at `now`, Unix milliseconds; no text where there is nothing. A code without words is shown as it is. */
export function whyOf(view: LightView, words: Words, now: number): Why {
	const { reason, observed, desired, status } = view;
	const said = reason === null ? "" : codeText(reason, words);
	// Of a refusal the state's own word stands beside this already.
	const text = reason?.startsWith("lamp-") ? lampText(view, words) || said : said;
	const code = status === "refused" ? reason : null;
	const extra = observed !== null && tooMany(view) ? words.extra(observed - desired) : "";
	if (text !== "" || extra !== "")
		return { text: [extra, text].filter((t) => t !== "").join(" · "), code, past: false };
	return lastRefusal(view, words, now);
}

function lastRefusal({ refused }: LightView, words: Words, now: number): Why {
	if (refused === null || now - refused.at > NEWS_MS) return NOTHING;
	const seconds = Math.max(0, Math.floor((now - refused.at) / 1000));
	const age = seconds < 60 ? words.moment : shortAge(seconds, words);
	return { text: words.refusedBefore(codeText(refused.code, words), age), code: refused.code, past: true };
}

/** What a screen reader says of a light. */
export function sayLight(view: LightView, words: Words): string {
	const seen = view.observed !== null ? String(view.observed) : view.status === "acked" ? words.unseen : words.unknown;
	const acked = view.acked === null ? "—" : String(view.acked);
	return words.say(view.plate ?? view.light, words.status[view.status], String(view.desired), acked, seen);
}
