import type { Grant } from "./messages.ts";
import { type Millis, type MonoMs, millis, monoMs, type Stars, type UnixMs } from "./units.ts";

/** Why a grant ended. Once an end is written it stays, whatever comes: the first reason is kept. */
export type EndReason =
	/** leaseS since the drawing of the ask, or resumeS since a resume, is over. */
	| "lease-over"
	/** The light's time is at or past notAfter. */
	| "not-after"
	/** A newer grant was accepted. */
	| "superseded"
	| "notice"
	/** The key that signed it left the trusted set. */
	| "key-gone"
	/** An unsigned `0011` with 0 stars. */
	| "unsigned-zero"
	/** A clock that nobody signed (RTC, GNSS, a terminal) says that notAfter is past: it may end, never lengthen. */
	| "unsigned-clock"
	/** Monotonic time was lost and no resume is left. */
	| "no-resumes";

/**
 * A grant being shown, or ended: the pure reducer that lights and relays share (protocol section 1, "A grant ends"). A grant of
 * 0 stars has nothing to end by itself: it has no deadline and is never resumed.
 */
export interface Lease {
	readonly grant: Grant;
	/** Monotonic instant from which `span` counts: the drawing of the ask, or the resume. */
	readonly from: MonoMs;
	readonly span: Millis;
	/** To be written before a resumed grant is lit. */
	readonly resumesLeft: number;
	readonly ended: EndReason | null;
}

/** What a lease says at an instant. `ended` not null: go dark, then store that end (`endLease`), and never show it again. */
export interface LeaseView {
	readonly stars: Stars;
	/** Whole seconds it may still be shown, rounded down; 0 where nothing is shown. */
	readonly leaseLeftS: number;
	readonly ended: EndReason | null;
	/** Look again at this instant at the latest; null where nothing is to come. */
	readonly nextDeadline: MonoMs | null;
}

/** What a record keeps of a lease across a loss of power. */
export interface StoredLease {
	readonly grant: Grant;
	readonly resumesLeft: number;
	readonly ended: EndReason | null;
}

/**
 * The lease of a grant just accepted. `askDrawnAt` is the live ask's drawing; null (a grant of 0 stars without one) counts from
 * `now`, which lights nothing.
 */
export function startLease(grant: Grant, askDrawnAt: MonoMs | null, now: MonoMs): Lease {
	return {
		grant,
		from: askDrawnAt ?? now,
		span: millis(grant.leaseS * 1000),
		resumesLeft: grant.resumes,
		ended: null,
	};
}

/** The lease at `now`; `time` is the light's time at the same instant (`timeAt`). Changes nothing. */
export function leaseAt(lease: Lease, now: MonoMs, time: UnixMs): LeaseView {
	const { grant } = lease;
	if (lease.ended !== null) return dark(lease.ended);
	if (grant.stars === 0) return dark(null);
	// A monotonic clock before the lease's start is not the clock it was started on.
	if (now < lease.from) return dark("no-resumes");
	const spanEnds = lease.from + lease.span;
	const timeLeft = grant.notAfter * 1000 - time;
	if (now >= spanEnds || timeLeft <= 0) return dark(spanEnds - now <= timeLeft ? "lease-over" : "not-after");
	const nextDeadline = Math.min(spanEnds, now + timeLeft);
	const leaseLeftS = Math.floor(Math.min(spanEnds - now, timeLeft) / 1000);
	return { stars: grant.stars, leaseLeftS, ended: null, nextDeadline: monoMs(nextDeadline) };
}

const dark = (ended: EndReason | null): LeaseView => ({ stars: 0, leaseLeftS: 0, ended, nextDeadline: null });

/** The lease, ended. A lease that has ended keeps its first reason. */
export const endLease = (lease: Lease, reason: EndReason): Lease => ({ ...lease, ended: lease.ended ?? reason });

/**
 * After any loss of power or monotonic time. The answer's `resumesLeft` and `ended` must be written before anything is lit:
 * it is one less where the grant is shown again, for resumeS from `now`. Not shown again (and ended): no resume left, resumeS 0,
 * or time at or past notAfter. A grant that had ended stays so.
 */
export function resumeLease(stored: StoredLease, now: MonoMs, time: UnixMs): Lease {
	const { grant, resumesLeft } = stored;
	const lease: Lease = { grant, from: now, span: millis(grant.resumeS * 1000), resumesLeft, ended: stored.ended };
	if (lease.ended !== null || grant.stars === 0) return lease;
	if (time >= grant.notAfter * 1000) return endLease(lease, "not-after");
	if (resumesLeft <= 0 || grant.resumeS === 0) return endLease(lease, "no-resumes");
	return { ...lease, resumesLeft: resumesLeft - 1 };
}

/** What to write of a lease. */
export const toStoredLease = ({ grant, resumesLeft, ended }: Lease): StoredLease => ({ grant, resumesLeft, ended });
