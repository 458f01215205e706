import type { DropCode } from "../../core/lights/receive.ts";
import { isReason, type Reason } from "./reasons.ts";

/** Why the broker turned a connection or a message away; a test holds these equal to the broker's own. */
export type TurnedAway =
	| "unknown-light"
	| "will-not-allowed"
	| "publish-not-allowed"
	| "subscribe-not-allowed"
	| "too-large"
	| "too-fast"
	| "qos-2"
	| "too-many-connections"
	| "connection-error"
	| "retained-full"
	| "depot-queue-full";

/** Codes that are only counted; refusals of lights have their words among the reasons. */
export type Counted = Exclude<DropCode, Reason> | TurnedAway;

const KNOWN: Readonly<Record<Counted, true>> = {
	"topic-unknown": true,
	"other-fleet": true,
	"light-unknown": true,
	"publisher-mismatch": true,
	oversize: true,
	replayed: true,
	"duty-unknown-key": true,
	"not-for-the-depot": true,
	"unknown-light": true,
	"will-not-allowed": true,
	"publish-not-allowed": true,
	"subscribe-not-allowed": true,
	"too-large": true,
	"too-fast": true,
	"qos-2": true,
	"too-many-connections": true,
	"connection-error": true,
	"retained-full": true,
	"depot-queue-full": true,
};

export const COUNTED = Object.keys(KNOWN) as readonly Counted[];
const isCounted = (code: string): code is Counted => Object.hasOwn(KNOWN, code);

/** A code in words; one that has none yet is shown as it is. */
export const codeText = (
	code: string,
	words: { readonly reasons: Readonly<Record<Reason, string>>; readonly counted: Readonly<Record<Counted, string>> },
): string => (isReason(code) ? words.reasons[code] : isCounted(code) ? words.counted[code] : code);
