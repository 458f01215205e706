import { equalBytes } from "../../../protocol/wire/bytes.ts";
import type { RefusalCode } from "../../../protocol/wire/messages.ts";
import { type MonoMs, monoMs, type Seconds, type UnixSeconds } from "../../../protocol/wire/units.ts";
import type { Observed, OutboxEntry } from "../model.ts";
import type { Desired } from "../stars/decide.ts";

/** A light has this long to answer a grant before the next one with stars is signed. */
export const ANSWER_WAIT_MS = 10_000;
/** At most one grant a light in this time. */
export const SIGN_PAUSE_MS = 1_000;
/** After so many grants in a row that a light answered without showing them, it gets the next ones slowly: it cannot, or it lies. */
export const MISSES_UNTIL_SLOW = 5;
export const SLOW_PAUSE_MS = 10_000;
/** `keys` and the same bytes again, so often for one grant: a light that trusts another root refuses for ever. */
export const MAX_RESENDS = 3;

/** Where the newest entry of a light is on its way. Not durable: after a restart it follows from entry and store. */
export type Phase =
	/** No entry. */
	| "idle"
	/** Its transaction is under way. */
	| "reserving"
	| "signing"
	/** Handed to the broker, no answer yet. */
	| "sent"
	| "answered"
	/** Never sent and never to be sent: another star became due, the epoch changed, or a crash came first. */
	| "dropped";

/** One light's delivery, immutable. */
export interface Delivery {
	readonly phase: Phase;
	readonly sentAt: MonoMs | null;
	/** Of the newest reservation; null = none since the start. */
	readonly reservedAt: MonoMs | null;
	/** First 8 bytes of SHA-256 over the newest entry's signed bytes: by this a light names the grant it stores. */
	readonly grantStart: Uint8Array | null;
	/** Whether a state was heard since the newest entry was sent. */
	readonly heardSince: boolean;
	/** Code with which the newest entry was refused. */
	readonly refused: RefusalCode | null;
	readonly misses: number;
	readonly resends: number;
	/** The newest notice was refused as stale by this light: only a grant with its ask rules it. */
	readonly anew: boolean;
}

export const NO_DELIVERY: Delivery = {
	phase: "idle",
	sentAt: null,
	reservedAt: null,
	grantStart: null,
	heardSince: false,
	refused: null,
	misses: 0,
	resends: 0,
	anew: false,
};

/** Why a light gets another grant. */
export type Need =
	| "first"
	| "unsent"
	| "star"
	| "swap"
	| "notice-stale"
	| "not-owed"
	| "expiry"
	| "not-shown"
	| "not-taken"
	| "renew";

/** Whether the stored grant that a state names is the newest entry's. */
export function taken(delivery: Delivery, entry: OutboxEntry | null, state: Observed | null): boolean {
	if (entry === null || state === null || entry.signed === null) return false;
	if (state.grant !== null && delivery.grantStart !== null) return equalBytes(state.grant, delivery.grantStart);
	return state.epoch === entry.epoch && state.seq === entry.seq;
}

/** Why the light needs another grant now, or null (protocol section 1, "The depot"). `time` is the depot's. */
export function need(
	delivery: Delivery,
	entry: OutboxEntry | null,
	desired: Desired,
	state: Observed | null,
	leaseS: Seconds,
	time: UnixSeconds,
): Need | null {
	// Stars need an ask, and so a light that was heard. A light never heard and without an entry shows nothing of ours.
	if (state === null && (desired.stars > 0 || entry === null)) return null;
	if (entry === null) return "first";
	if (delivery.phase === "dropped") return "unsent";
	if (entry.stars !== desired.stars) return "star";
	if (desired.stars > 0 && !equalBytes(entry.trace, desired.trace)) return "swap";
	if (state === null) return null;
	if (delivery.anew) return "notice-stale";
	// Lamps that flash for an installer say nothing of the grant; the state after it does.
	if (state.pattern === "identify" || state.pattern === "self-test") return null;
	if (desired.stars === 0) return delivery.heardSince && showsUnowed(delivery, entry, state) ? "not-owed" : null;
	if (desired.validUntil !== null && entry.notAfter > desired.validUntil) return "expiry";
	if (entry.ask !== null && equalBytes(entry.ask, state.ask)) return null;
	return renewal(delivery, entry, desired, state, leaseS, time);
}

/** A lamp that is stuck on glows whatever is granted: a light that says so and has the grant is not helped by another. */
const showsUnowed = (delivery: Delivery, entry: OutboxEntry, state: Observed): boolean =>
	state.shown > 0 && !(state.pattern === "fault" && taken(delivery, entry, state));

/** With stars owed and an ask that the newest entry did not use. */
function renewal(
	delivery: Delivery,
	entry: OutboxEntry,
	desired: Desired,
	state: Observed,
	leaseS: Seconds,
	time: UnixSeconds,
): Need | null {
	const isTaken = taken(delivery, entry, state);
	// A lamp fault shows nothing whatever is granted: what counts then is that the grant is there.
	if (state.shown !== desired.stars && !(state.pattern === "fault" && isTaken)) return "not-shown";
	if (!isTaken) return "not-taken";
	const left = state.leaseLeftS ?? entry.issuedAt + entry.leaseS - time;
	// Shortly before the rating is too old a new grant would not last longer than the present one.
	const whole = desired.validUntil === null ? leaseS : Math.min(leaseS, desired.validUntil - time);
	return left * 2 < whole ? "renew" : null;
}

export type Step =
	| { readonly act: "nothing" }
	| { readonly act: "wait"; readonly until: MonoMs; readonly why: Need }
	| { readonly act: "sign"; readonly why: Need };

const NOTHING: Step = { act: "nothing" };

/**
 * What to do for a light now: one grant at a time, an answer awaited for at most `ANSWER_WAIT_MS` (0 stars do not wait), at most
 * one a second. Pure; the caller comes again at `until` and after every change.
 */
export function nextStep(
	delivery: Delivery,
	entry: OutboxEntry | null,
	desired: Desired,
	state: Observed | null,
	leaseS: Seconds,
	time: UnixSeconds,
	now: MonoMs,
): Step {
	if (delivery.phase === "reserving" || delivery.phase === "signing") return NOTHING;
	const why = need(delivery, entry, desired, state, leaseS, time);
	if (why === null) return NOTHING;
	let from: number = now;
	if (delivery.reservedAt !== null) from = Math.max(from, delivery.reservedAt + pauseOf(delivery, why));
	if (desired.stars > 0 && delivery.phase === "sent" && delivery.sentAt !== null)
		from = Math.max(from, delivery.sentAt + ANSWER_WAIT_MS);
	return from > now ? { act: "wait", until: monoMs(from), why } : { act: "sign", why };
}

const REPEATS: readonly Need[] = ["not-shown", "not-taken", "not-owed"];

/** What a light cannot or will not show is repeated slowly; another star owed is not held up by that. */
const pauseOf = (delivery: Delivery, why: Need): number =>
	delivery.misses >= MISSES_UNTIL_SLOW && REPEATS.includes(why) ? SLOW_PAUSE_MS : SIGN_PAUSE_MS;

/** The newest entry's transaction is under way. */
export const onReserved = (delivery: Delivery, now: MonoMs, sameTrace: boolean): Delivery => ({
	...NO_DELIVERY,
	phase: "reserving",
	reservedAt: now,
	misses: sameTrace ? delivery.misses : 0,
});

export const onSigning = (delivery: Delivery): Delivery => ({ ...delivery, phase: "signing" });
export const onDropped = (delivery: Delivery): Delivery => ({ ...delivery, phase: "dropped" });

/** The newest entry's signed bytes were handed to the broker. */
export const onSent = (delivery: Delivery, grantStart: Uint8Array, now: MonoMs): Delivery => ({
	...delivery,
	phase: "sent",
	sentAt: now,
	grantStart,
	heardSince: false,
});

/** A verified state of this light came. It answers the newest entry if it names it, as stored or refused, or has another ask. */
export function onState(delivery: Delivery, entry: OutboxEntry | null, state: Observed): Delivery {
	if (entry === null || (delivery.phase !== "sent" && delivery.phase !== "answered")) return delivery;
	const isTaken = taken(delivery, entry, state);
	const { refused } = state;
	const isRefused = refusedEntry(entry, state) !== null;
	const answers = isTaken || isRefused || entry.ask === null || !equalBytes(entry.ask, state.ask);
	const first = answers && delivery.phase === "sent";
	const shows = state.shown === entry.stars;
	return {
		...delivery,
		phase: answers ? "answered" : delivery.phase,
		heardSince: true,
		refused: isTaken ? null : isRefused ? (refused?.code ?? null) : delivery.refused,
		misses: shows ? 0 : delivery.misses + (first ? 1 : 0),
		resends: isTaken ? 0 : delivery.resends,
	};
}

/** The newest entry, if it is what a state says was refused; null otherwise. */
export const refusedEntry = (entry: OutboxEntry | null, { refused }: Observed): OutboxEntry | null =>
	refused?.kind === "grant" && refused.epoch === entry?.epoch && refused.seq === entry.seq ? entry : null;

/** The same bytes were handed over again. */
export const onResent = (delivery: Delivery, now: MonoMs): Delivery => ({
	...delivery,
	phase: "sent",
	sentAt: now,
	heardSince: false,
	refused: null,
});
