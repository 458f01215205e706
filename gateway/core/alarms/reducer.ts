import type { MonoMs, UnixMs } from "../../../protocol/wire/units.ts";
import type { Now } from "../types.ts";
import { type AlarmCode, type AlarmDetail, type Reading, SEVERITY, type Severity } from "./conditions.ts";

/** A person who did nothing about it is told again, at most once a day. */
export const REMIND_MS = 24 * 3_600_000;
/** Raises of this long ago no longer count against a condition. */
const MEMORY_MS = 24 * 3_600_000;
/** However often a condition came and went, so long in order is in order. */
const MOST_CLEAR_S = 6 * 3_600;

/** An alarm that stands. */
export interface StandingAlarm {
	readonly code: AlarmCode;
	readonly severity: Severity;
	readonly since: UnixMs;
	readonly detail: AlarmDetail;
	/** In order again: it stands on only until that has lasted long enough to be believed. */
	readonly over: boolean;
}

/** What people are to be told. */
export interface AlarmEvent extends StandingAlarm {
	readonly type: "raise" | "remind" | "clear";
	readonly at: UnixMs;
}

interface One {
	readonly badSince: MonoMs | null;
	readonly goodSince: MonoMs | null;
	readonly standing: { readonly since: UnixMs; readonly toldAt: MonoMs } | null;
	/** When it was raised in the last day: there are few, since each makes the next clearing slower. */
	readonly raises: readonly MonoMs[];
	readonly detail: AlarmDetail;
}

/** What is remembered of each condition; immutable, as many entries as there are codes. */
export type AlarmState = ReadonlyMap<AlarmCode, One>;
export const NO_ALARMS: AlarmState = new Map();

const NEW: One = { badSince: null, goodSince: null, standing: null, raises: [], detail: {} };

/** The more often it came back within a day, the longer it must be in order before that is believed. */
const clearAfterMs = (reading: Reading, raises: number): number =>
	Math.min(MOST_CLEAR_S, reading.clearAfterS * 2 ** Math.max(0, raises - 1)) * 1000;

interface Stepped {
	readonly one: One;
	readonly event: AlarmEvent["type"] | null;
}

/** Bad, and not standing yet: raised once it was bad for long enough. */
function whileBad(before: One, reading: Reading, now: Now): Stepped {
	const badSince = before.badSince ?? now.mono;
	const one = { ...before, badSince, goodSince: null, detail: reading.detail };
	if (before.standing === null) {
		if (now.mono - badSince < reading.raiseAfterS * 1000) return { one, event: null };
		const raises = [...before.raises, now.mono];
		return { one: { ...one, raises, standing: { since: now.unix, toldAt: now.mono } }, event: "raise" };
	}
	if (now.mono - before.standing.toldAt < REMIND_MS) return { one, event: null };
	return { one: { ...one, standing: { ...before.standing, toldAt: now.mono } }, event: "remind" };
}

/** In order, or between: cleared once it was in order for long enough. */
function whileNotBad(before: One, reading: Reading, now: Now): Stepped {
	const goodSince = reading.level === "good" ? (before.goodSince ?? now.mono) : null;
	const one = { ...before, badSince: null, goodSince, detail: reading.detail };
	if (before.standing === null || goodSince === null) return { one, event: null };
	if (now.mono - goodSince < clearAfterMs(reading, before.raises.length)) return { one, event: null };
	return { one: { ...one, standing: null }, event: "clear" };
}

/** Takes the conditions as they are now; tells what people must hear. Never more than one event a code and step. */
export function stepAlarms(
	state: AlarmState,
	readings: readonly Reading[],
	now: Now,
): { readonly state: AlarmState; readonly events: readonly AlarmEvent[] } {
	const next = new Map(state);
	const events: AlarmEvent[] = [];
	for (const reading of readings) {
		const known = state.get(reading.code) ?? NEW;
		const raises = known.raises.filter((at) => now.mono - at < MEMORY_MS);
		const before = raises.length === known.raises.length ? known : { ...known, raises };
		const { one, event } = (reading.level === "bad" ? whileBad : whileNotBad)(before, reading, now);
		next.set(reading.code, one);
		const since = one.standing?.since ?? before.standing?.since ?? now.unix;
		if (event !== null)
			events.push({
				type: event,
				code: reading.code,
				severity: SEVERITY[reading.code],
				since,
				at: now.unix,
				detail: one.detail,
				over: event === "clear",
			});
	}
	return { state: next, events };
}

/** What stands now, in the order of the codes. */
export const standingAlarms = (state: AlarmState): StandingAlarm[] =>
	[...state].flatMap(([code, { standing, detail, goodSince }]) =>
		standing === null
			? []
			: [{ code, severity: SEVERITY[code], since: standing.since, detail, over: goodSince !== null }],
	);
