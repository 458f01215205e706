import { equalBytes, toHex } from "../../../protocol/wire/bytes.ts";
import type { RefusalCode } from "../../../protocol/wire/messages.ts";
import type { LightId, Seconds, UnixMs } from "../../../protocol/wire/units.ts";
import type { ChangeEnd, Duty, Observed, OutboxEntry, Rating, StarChange } from "../model.ts";
import { type Delivery, MISSES_UNTIL_SLOW, taken } from "../outbox/delivery.ts";
import type { Decision, Desired } from "../stars/decide.ts";

/** What a change rests on beside the decision itself. */
export interface Evidence {
	readonly duty: Duty | null;
	readonly rating: Rating | null;
}

/** A change that begins now. `n` counts all changes of the depot; `before` is the light's newest one. */
export const openChange = (
	light: LightId,
	desired: Desired,
	{ duty, rating }: Evidence,
	vehicle: StarChange["vehicle"],
	before: StarChange | null,
	n: number,
	at: UnixMs,
): StarChange => ({
	n,
	before: before?.n ?? null,
	trace: desired.trace,
	light,
	vehicle,
	driver: desired.driver,
	stars: desired.stars,
	reason: desired.reason,
	asOf: desired.asOf,
	pull: rating?.pull ?? null,
	duty: duty?.id ?? null,
	policy: desired.policy,
	openedAt: at,
	end: null,
});

/** How a change that is still under way ends because of the next one. */
export function endByNext(next: Decision, trace: Uint8Array, at: UnixMs): ChangeEnd {
	if (next.reason === "unbound") return { what: "revoked", by: toHex(trace), at };
	if (next.reason === "no-duty") return { what: "not-due", by: toHex(trace), at };
	return { what: "superseded", by: toHex(trace), at };
}

/** A light is heard that is dark: after a lease that is proof for 0 stars, whatever became of their grant. */
export const hearChange = (change: StarChange, { pattern }: Observed, at: UnixMs): StarChange =>
	change.stars === 0 && change.end?.what === "expired" && pattern === "neutral"
		? { ...change, end: { what: "shown", by: null, at } }
		: change;

/** Refusals that no further grant changes: the light is another's, or what reaches it is not what was signed. */
const FINAL: readonly RefusalCode[] = ["malformed", "bad-signature", "wrong-fleet", "wrong-light"];

/**
 * Whether a verified state shows this change: by its own grant; or, for 0 stars, heard dark since with the newest grant of 0 stars too.
 * Dark alone says nothing: the state may have been on its way since before a grant with stars that the light takes afterwards.
 */
export function isShown(
	change: StarChange,
	delivery: Delivery,
	entry: OutboxEntry | null,
	observed: Observed | null,
): boolean {
	if (observed === null || observed.shown !== change.stars) return false;
	if (observed.pattern !== (change.stars === 0 ? "neutral" : "stars")) return false;
	const darkSince = change.stars === 0 && observed.heardAt >= change.openedAt;
	if (entry === null) return darkSince;
	if (!taken(delivery, entry, observed)) return false;
	return equalBytes(entry.trace, change.trace) || (darkSince && entry.stars === 0);
}

/**
 * How a change stands after something was heard or sent; the same object where nothing ended. One that ended by time or refusal
 * may still be shown later: then that is its end.
 */
export function lookAtChange(
	change: StarChange,
	delivery: Delivery,
	entry: OutboxEntry | null,
	observed: Observed | null,
	at: UnixMs,
): StarChange {
	const { end } = change;
	if (end !== null && end.what !== "expired" && end.what !== "refused") return change;
	if (isShown(change, delivery, entry, observed)) return { ...change, end: { what: "shown", by: null, at } };
	const { refused } = delivery;
	if (end !== null || refused === null || entry === null || !equalBytes(entry.trace, change.trace)) return change;
	const stays = FINAL.includes(refused) || delivery.misses >= MISSES_UNTIL_SLOW;
	return stays ? { ...change, end: { what: "refused", by: refused, at } } : change;
}

/**
 * How long a change that is under way may go on, by the wall clock; null = it has ended. After a lease without it nothing older can be lit either.
 * Never more than a lease, whatever the clock says.
 */
export function timeLeftMs({ end, openedAt }: StarChange, leaseS: Seconds, unix: UnixMs): number | null {
	if (end !== null) return null;
	return Math.max(0, Math.min(leaseS * 1000, openedAt + leaseS * 1000 - unix));
}

/**
 * The end of a change whose time is over. `why` = the standing's code, e.g. `never-heard`, `lamp-open`, `clock-behind`. Whatever was
 * granted before has ended by now, so a light that owes 0 stars and said since that it is dark does show them.
 */
export function endByTime(
	change: StarChange,
	delivery: Delivery,
	observed: Observed | null,
	why: string | null,
	at: UnixMs,
): StarChange {
	if (change.end !== null) return change;
	const dark = observed !== null && observed.pattern === "neutral" && observed.heardAt >= change.openedAt;
	if (change.stars === 0 && dark) return { ...change, end: { what: "shown", by: null, at } };
	const end: ChangeEnd =
		delivery.refused === null ? { what: "expired", by: why, at } : { what: "refused", by: delivery.refused, at };
	return { ...change, end };
}
