import { type LightId, type MonoMs, monoMs, type Seconds, type UnixMs } from "../../../protocol/wire/units.ts";
import type { Commits } from "../commits.ts";
import { ChangeTally } from "../figures/change-tally.ts";
import type { Observed, OutboxEntry, StarChange } from "../model.ts";
import type { Delivery } from "../outbox/delivery.ts";
import type { Records } from "../records.ts";
import type { Desired } from "../stars/decide.ts";
import type { Now } from "../types.ts";
import { WakeQueue } from "../wake-queue.ts";
import {
	type Evidence,
	endByNext,
	endByTime,
	hearChange,
	lookAtChange,
	openChange,
	timeLeftMs,
} from "./star-change.ts";

/**
 * Every change of what a light owes, from its beginning to its end: none stays open. The newest of each light is in the records;
 * those before are the store's history. What is written here rides with the next transaction.
 */
export class Ledger {
	private readonly records: Records;
	private readonly commits: Commits;
	private readonly leaseS: Seconds;
	/** When an open change ends at the latest, on the monotonic clock: a clock that is stepped must not hold it open, nor end it. */
	private readonly deadlines = new WakeQueue<LightId>();
	private next: number;
	/** How changes ended, in figures. */
	readonly tally = new ChangeTally();

	constructor(records: Records, commits: Commits, leaseS: Seconds, now: Now) {
		this.records = records;
		this.commits = commits;
		this.leaseS = leaseS;
		this.next = 1;
		for (const change of records.changes.values()) {
			this.next = Math.max(this.next, change.n + 1);
			const left = timeLeftMs(change, leaseS, now.unix);
			this.deadlines.set(change.light, left === null ? null : now.mono + left);
		}
	}

	newest(light: LightId): StarChange | null {
		return this.records.changes.get(light) ?? null;
	}

	/** Another star, or another driver's, is owed from now on. */
	open(light: LightId, desired: Desired, evidence: Evidence, at: UnixMs, now: MonoMs): void {
		const before = this.newest(light);
		const vehicle = this.records.lights.get(light)?.vehicle ?? null;
		const follows =
			before === null || before.end !== null ? before : { ...before, end: endByNext(desired, desired.trace, at) };
		const change = openChange(light, desired, evidence, vehicle, before, this.next++, at);
		if (follows !== null && follows !== before) this.tally.ended(follows);
		this.put(change, follows, now);
	}

	/** Something about the light is another: it may have ended its newest change. */
	look(
		light: LightId,
		delivery: Delivery,
		entry: OutboxEntry | null,
		observed: Observed | null,
		at: UnixMs,
		now: MonoMs,
	) {
		const change = this.newest(light);
		if (change === null) return;
		const after = lookAtChange(change, delivery, entry, observed, at);
		if (after === change) return;
		this.tally.ended(after);
		this.put(after, null, now);
	}

	/** The light was heard just now. */
	heard(observed: Observed, at: UnixMs, now: MonoMs): void {
		const change = this.newest(observed.light);
		if (change === null) return;
		const after = hearChange(change, observed, at);
		if (after === change) return;
		this.tally.ended(after);
		this.put(after, null, now);
	}

	/** Takes the next light whose open change is over by time, or null. */
	takeDue(now: MonoMs): LightId | null {
		return this.deadlines.takeDue(now);
	}

	/** Ends a change whose time is over. */
	endLate(
		light: LightId,
		delivery: Delivery,
		observed: Observed | null,
		why: string | null,
		at: UnixMs,
		now: MonoMs,
	): void {
		const change = this.newest(light);
		if (change === null || change.end !== null) return;
		const ended = endByTime(change, delivery, observed, why, at);
		this.tally.ended(ended);
		this.put(ended, null, now);
	}

	/** When `takeDue` has something; null = nothing is open. */
	dueAt(): MonoMs | null {
		const next = this.deadlines.next();
		return next === null ? null : monoMs(next);
	}

	private put(change: StarChange, follows: StarChange | null, now: MonoMs): void {
		const row = { type: "star-change", change, follows } as const;
		this.records.apply(row);
		this.deadlines.set(change.light, change.end === null ? now + this.leaseS * 1000 : null);
		this.commits.ride(row, now);
	}
}
