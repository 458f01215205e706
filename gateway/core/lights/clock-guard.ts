import { toUnixSeconds, type UnixMs, type UnixSeconds, unixMs } from "../../../protocol/wire/units.ts";

/** The depot's clock may be this far behind the newest stored time: NTP slews that much; the stored time is used meanwhile. */
export const MAX_BEHIND_S = 5;
/** And this far ahead of it: the time is stored at least hourly, so more means a jump or a depot that was off for a day. */
export const MAX_AHEAD_S = 24 * 3600;

/**
 * What a person should know before accepting. A clock that is accepted a day behind and set right later jumps by more than a day, and
 * that is asked about again: each jump is a person's to judge (protocol section 1, "Time on a light").
 */
export const DOUBT_NOTES = {
	"clock-behind":
		"Nothing is signed. Set the clock right first: the doubt ends by itself then. Accept only a clock that is right; one accepted while it is more than a day behind is asked about again when it is set right.",
	"clock-ahead": "Nothing is signed. Look whether the date is right: accept it then, or else set the clock right.",
} as const;

/** What the depot may take for the time, or why it may not sign. `ms` and `s` hold in both cases, for deciding only. */
export type ClockReading =
	| { readonly trusted: true; readonly ms: UnixMs; readonly s: UnixSeconds }
	| {
			readonly trusted: false;
			readonly ms: UnixMs;
			readonly s: UnixSeconds;
			readonly code: "clock-behind" | "clock-ahead";
			readonly storedTime: UnixSeconds;
			readonly now: UnixSeconds;
	  };

/**
 * Whether the wall clock fits the newest stored time (protocol section 1, "Time on a light"). `storedTime` 0 = a fresh store, which
 * takes any clock. While it does not fit, the stored time stands in: it was right once.
 */
export function readClock(now: UnixMs, storedTime: UnixSeconds): ClockReading {
	const wall = toUnixSeconds(now);
	const stored = unixMs(storedTime * 1000);
	if (storedTime === 0) return { trusted: true, ms: now, s: wall };
	const refused = (code: "clock-behind" | "clock-ahead"): ClockReading => ({
		trusted: false,
		ms: stored,
		s: storedTime,
		code,
		storedTime,
		now: wall,
	});
	if (storedTime - wall > MAX_BEHIND_S) return refused("clock-behind");
	if (wall - storedTime > MAX_AHEAD_S) return refused("clock-ahead");
	return now < stored ? { trusted: true, ms: stored, s: storedTime } : { trusted: true, ms: now, s: wall };
}
