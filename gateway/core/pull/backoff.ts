import type { MonoMs } from "../../../protocol/wire/units.ts";
import type { PullFailure } from "./types.ts";

const FIRST_MS = 500;
const MOST_MS = 30_000;
/** A platform that asks to wait longer than this within a pull ends the pull; the breaker keeps the rest of the wait. */
export const LONGEST_WAIT_MS = 120_000;

/** Half of a doubling delay for certain, the other half by chance (0 to 1): depots that failed together do not come back together. */
const jittered = (first: number, most: number, failures: number, chance: number): number => {
	const whole = Math.min(most, first * 2 ** Math.min(30, failures - 1));
	return Math.round(whole / 2 + (whole / 2) * chance);
};

/** Wait before the next request for a page, after so many that failed; at least what the platform asked for. */
export const retryDelay = (failures: number, chance: number, asked: number): number =>
	Math.max(asked, jittered(FIRST_MS, MOST_MS, failures, chance));

const REST_FIRST_MS = 60_000;
const REST_MOST_MS = 1_800_000;
/** A platform cannot put a depot off for longer than this. */
const REST_ASKED_MOST_MS = 3_600_000;

/** The breaker: after a pull that failed with all its retries, the platform is left alone for a while, then tried with one request. */
export interface Breaker {
	/** Pulls that failed one after the other. */
	readonly failures: number;
	/** null = closed. Once this has come, the next pull is a trial. */
	readonly until: MonoMs | null;
}

export const CLOSED: Breaker = { failures: 0, until: null };

/** After a failed pull: open for one to thirty minutes, or for as long as the platform asked within an hour. */
export function tripped(breaker: Breaker, failure: PullFailure, now: MonoMs, chance: number): Breaker {
	const failures = breaker.failures + 1;
	const own = jittered(REST_FIRST_MS, REST_MOST_MS, failures, chance);
	const rest = Math.max(own, Math.min(REST_ASKED_MOST_MS, failure.waitMs ?? 0));
	return { failures, until: (now + rest) as MonoMs };
}
