import { toHex } from "../../protocol/wire/bytes.ts";
import { MAX_DRIFT_PPM } from "../clock/machine-clock.ts";
import { TOLERANCE_MS } from "./light-ledger.ts";
import type { SignedJob } from "./signed.ts";

/** How long the pattern of a job may be seen, in the judge's own words: a minute of blinking, five lamps of 200 ms and as long dark. */
const LASTS_MS: Readonly<Record<string, number>> = { identify: 60_000, "self-test": 2_500 };
const DRIFT = 1 + (2 * MAX_DRIFT_PPM) / 1e6;
/** Asks that are live at a time (protocol section 1). */
const LIVE_ASKS = 4;
/** Jobs kept a light. */
const MAX_KEPT = 32;

/** Why a job's pattern does not stand on a job. */
export type JobRefusal = "never-ordered" | "done-before" | "too-long";

interface Delivered {
	readonly job: SignedJob;
	/** When its pattern was first seen; null = not yet. */
	startedAt: number | null;
}

/** Jobs of one light as the judge saw them: each may be done once, in the session whose ask it echoes. */
export class JobLedger {
	private asks: string[] = [];
	private delivered: Delivered[] = [];
	private showing: { readonly pattern: string; readonly until: number } | null = null;

	drew(ask: string): void {
		this.asks = [...this.asks, ask].slice(-LIVE_ASKS);
	}

	/** An unforged job for this light arrives. */
	got(job: SignedJob): void {
		if (!this.asks.includes(toHex(job.message.ask)) || this.delivered.some((one) => one.job === job)) return;
		this.delivered = [...this.delivered, { job, startedAt: null }].slice(-MAX_KEPT);
	}

	powerOff(): void {
		this.asks = [];
		this.delivered = [];
		this.showing = null;
	}

	/** The lamps are told a pattern; null = it may be shown. */
	showed(pattern: string, atMs: number): JobRefusal | null {
		const lasts = LASTS_MS[pattern];
		this.showing = null;
		if (lasts === undefined) return null;
		const mine = this.delivered.filter(({ job }) => job.message.what === pattern);
		const end = (one: Delivered) => (one.startedAt ?? atMs) + lasts * DRIFT + TOLERANCE_MS;
		// One that has just come is begun at once: it is that one, though an earlier one might still be within its tolerance.
		const fits =
			mine.findLast((one) => one.startedAt === null) ?? mine.find((one) => one.startedAt !== null && atMs <= end(one));
		if (fits === undefined) return mine.length > 0 ? "done-before" : "never-ordered";
		fits.startedAt ??= atMs;
		this.showing = { pattern, until: end(fits) };
		return null;
	}

	/** After each event: is a pattern still right? */
	still(atMs: number): JobRefusal | null {
		const { showing } = this;
		if (showing === null || atMs <= showing.until) return null;
		// The same job ordered again under way goes on in the pattern that is seen already; it began before the first one's end.
		const next = this.delivered.find((one) => one.startedAt === null && one.job.message.what === showing.pattern);
		this.showing = null;
		if (next === undefined) return "too-long";
		next.startedAt = showing.until;
		this.showing = { ...showing, until: showing.until + (LASTS_MS[showing.pattern] ?? 0) * DRIFT + TOLERANCE_MS };
		return this.still(atMs);
	}
}
