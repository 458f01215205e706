import type { RefusalCode } from "../../../protocol/wire/messages.ts";

/** Codes behind `differs`, `refused`, `fault` and `silent` that the console has words for. */
export type Reason =
	| RefusalCode
	| "never-heard"
	| "not-heard"
	| "offline"
	| "lamp-open"
	| "lamp-short"
	| "lamp-stuck-on"
	| "lamp-stuck-off"
	| "fault-pattern"
	| "no-answer"
	| "not-shown"
	| "clock-behind"
	| "clock-ahead";

const KNOWN: Readonly<Record<Reason, true>> = {
	"never-heard": true,
	"not-heard": true,
	offline: true,
	"lamp-open": true,
	"lamp-short": true,
	"lamp-stuck-on": true,
	"lamp-stuck-off": true,
	"fault-pattern": true,
	"no-answer": true,
	"not-shown": true,
	"clock-behind": true,
	"clock-ahead": true,
	malformed: true,
	"unknown-key": true,
	"bad-signature": true,
	"wrong-fleet": true,
	"wrong-light": true,
	stale: true,
	conflict: true,
	"not-fresh": true,
	void: true,
	expired: true,
};

export const REASONS = Object.keys(KNOWN) as readonly Reason[];
export const isReason = (code: string): code is Reason => Object.hasOwn(KNOWN, code);
