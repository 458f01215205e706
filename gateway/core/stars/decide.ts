import { copyBytes } from "../../../protocol/wire/bytes.ts";
import { type Stars, type UnixSeconds, unixSeconds } from "../../../protocol/wire/units.ts";
import type { DecisionReason, DriverKey, Duty, Rating, VehicleKey } from "../model.ts";
import type { StarPolicy } from "./policy.ts";
import { starsFor } from "./stars-for.ts";

/** What a light owes now, and until when without anything happening. */
export interface Decision {
	readonly stars: Stars;
	/** Whose stars; null = nobody on duty, or an unbound light. */
	readonly driver: DriverKey | null;
	/** As-of time of the rating behind it; 0 where none is. */
	readonly asOf: UnixSeconds;
	/** 8 bytes: start of the policy's hash. */
	readonly policy: Uint8Array;
	readonly reason: DecisionReason;
	/** From this second on it must be decided anew (the rating is too old then); null = holds by itself. */
	readonly validUntil: UnixSeconds | null;
}

/** What a decision is made of. */
export interface Owing {
	readonly vehicle: VehicleKey | null;
	readonly duty: Duty | null;
	readonly rating: Rating | null;
}

const NO_RATING = unixSeconds(0);
const DAY_S = 86_400;
const POLICY_BYTES = 8;

/** Start of a policy's hash: one array for all the lights that are decided by it. */
const starts = new WeakMap<StarPolicy, Uint8Array>();

function startOf(policy: StarPolicy): Uint8Array {
	const known = starts.get(policy);
	if (known !== undefined) return known;
	const start = copyBytes(policy.hash, 0, POLICY_BYTES);
	starts.set(policy, start);
	return start;
}

/** The second from which a rating is too old for this policy, and its stars are 0. */
export const ratingEnds = (policy: StarPolicy, rating: Rating): UnixSeconds =>
	unixSeconds(rating.asOf + policy.maxAgeDays * DAY_S);

/** Rating, duty and policy into the owed stars. Each star is owed to a driver on duty: no duty, 0 stars. */
export function decide({ vehicle, duty, rating }: Owing, policy: StarPolicy, now: UnixSeconds): Decision {
	const policyStart = startOf(policy);
	const none = (reason: DecisionReason, driver: DriverKey | null, asOf = NO_RATING): Decision => ({
		stars: 0,
		driver,
		asOf,
		policy: policyStart,
		reason,
		validUntil: null,
	});
	if (vehicle === null) return none("unbound", null);
	if (duty === null) return none("no-duty", null);
	if (rating === null) return none("unrated", duty.driver);
	const ends = ratingEnds(policy, rating);
	if (now >= ends) return none("rating-too-old", duty.driver, rating.asOf);
	const stars = starsFor(policy, rating, now);
	if (stars === 0 && rating.grade === "unrated") return none("unrated", duty.driver, rating.asOf);
	return { stars, driver: duty.driver, asOf: rating.asOf, policy: policyStart, reason: "rated", validUntil: ends };
}

/** A decision with the trace id that its change carries from rating to glass. */
export interface Desired extends Decision {
	/** 8 bytes. */
	readonly trace: Uint8Array;
}

/** Field by field: a key that is added to a spread object costs 50 times as much, and every change of every light comes by here. */
export const withTrace = (
	{ stars, driver, asOf, policy, reason, validUntil }: Decision,
	trace: Uint8Array,
): Desired => ({
	stars,
	driver,
	asOf,
	policy,
	reason,
	validUntil,
	trace,
});

/** Whether a new decision is a change that gets a trace of its own: other stars, or another driver's. */
export const isChange = (before: Decision, after: Decision): boolean =>
	before.stars !== after.stars || before.driver !== after.driver;
