import { type LightId, type MonoMs, monoMs, unixMs } from "../../protocol/wire/units.ts";
import type { ClockReading } from "./lights/clock-guard.ts";
import type { Change } from "./model.ts";
import type { Records } from "./records.ts";
import type { Sink } from "./sink.ts";
import type { CommandAnswer } from "./types.ts";

/** What is heard from lights waits this long for company, from the newest of it on: a whole fleet's change is not held up by its own book-keeping. */
export const WRITE_BEHIND_MS = 1_000;
/** And so long at most from the oldest on: what a loss of power may cost is heard again from the lights or decided anew. */
export const MOST_BEHIND_MS = 5_000;
/** Rows of that kind that ride with one commit: it must stay short for those who wait for it. */
export const MAX_RIDERS = 500;
/** The time is stored at least so often (protocol section 1). */
export const STORE_TIME_MS = 3_600_000;

/** History of changes is kept this long: longer than a rating year with its objections; it bounds the store. */
export const HISTORY_DAYS = 400;
const DAY_MS = 86_400_000;

/** An entry whose transaction it was. */
export interface Reserved {
	readonly light: LightId;
	readonly epoch: number;
	readonly seq: number;
}

/** What follows once a transaction is durable. */
export type Then =
	| { readonly type: "sign-grants"; readonly reserved: readonly Reserved[] }
	| { readonly type: "sign-notice"; readonly epoch: number }
	| { readonly type: "publish-notice"; readonly epoch: number };

interface Waiting {
	readonly then: Then | null;
	readonly answers: { readonly id: string; readonly answer: CommandAnswer }[];
}

/**
 * The transactions under way. Changes hold in memory at once; what follows from them, answers included, waits until the store has
 * them. What lights say, and signatures, ride with the next transaction or go by themselves after a pause (`WRITE_BEHIND_MS`, `MOST_BEHIND_MS`).
 */
export class Commits {
	private readonly records: Records;
	private readonly sink: Sink;
	private readonly waiting = new Map<number, Waiting>();
	private newest = 0;
	private readonly heard = new Set<LightId>();
	private readonly signed = new Set<LightId>();
	/** Rows of the ledger that wait, in order. */
	private riding: Change[] = [];
	private behindSince: MonoMs | null = null;
	/** When the newest of it came. */
	private behindLast: MonoMs | null = null;
	private storedAt: MonoMs;
	private prunedAt: MonoMs;

	constructor(records: Records, sink: Sink, now: MonoMs) {
		this.records = records;
		this.sink = sink;
		this.storedAt = now;
		this.prunedAt = now;
	}

	/** Makes the changes in memory and asks for their transaction. `changes` may be empty: then the time alone is stored. */
	commit(changes: readonly Change[], then: Then | null, time: ClockReading, now: MonoMs): void {
		const rows: Change[] = [];
		for (const change of changes) {
			this.records.apply(change);
			if (change.type !== "meta") rows.push(change);
		}
		this.addRiders(rows);
		this.storeTime(rows, changes, time, now);
		this.prune(rows, time, now);
		const tx = ++this.newest;
		this.waiting.set(tx, { then, answers: [] });
		this.sink.push({ type: "commit", tx, changes: rows });
	}

	/** The facts of the depot go along where they changed; the time only where the clock is trusted. */
	private storeTime(rows: Change[], changes: readonly Change[], time: ClockReading, now: MonoMs): void {
		const { meta } = this.records;
		const later = time.trusted && time.s > meta.storedTime;
		if (later) this.records.apply({ type: "meta", meta: { ...meta, storedTime: time.s } });
		if (later || changes.length === 0 || changes.some((c) => c.type === "meta"))
			rows.push({ type: "meta", meta: this.records.meta });
		this.storedAt = now;
	}

	/** Once an hour, old history goes; with a clock in doubt nothing does. */
	private prune(rows: Change[], time: ClockReading, now: MonoMs): void {
		if (!time.trusted || now - this.prunedAt < STORE_TIME_MS) return;
		this.prunedAt = now;
		rows.push({ type: "history-pruned", before: unixMs(time.ms - HISTORY_DAYS * DAY_MS) });
	}

	/** Answers a command once everything that is under way is durable; at once if nothing is. */
	answer(id: string, answer: CommandAnswer): void {
		const last = this.waiting.get(this.newest);
		if (last === undefined) this.sink.push({ type: "answer", id, answer });
		else last.answers.push({ id, answer });
	}

	/** A transaction is durable: answers go out; what follows is returned. Null for one that is not known. */
	committed(tx: number): Then | null {
		const waiting = this.waiting.get(tx);
		if (waiting === undefined) return null;
		this.waiting.delete(tx);
		for (const { id, answer } of waiting.answers) this.sink.push({ type: "answer", id, answer });
		return waiting.then;
	}

	/** The store failed: the ids of the commands that will never be answered well. */
	abandon(): string[] {
		const ids = [...this.waiting.values()].flatMap(({ answers }) => answers.map(({ id }) => id));
		this.waiting.clear();
		return ids;
	}

	/** What a light said is to be stored soon. */
	heardFrom(light: LightId, now: MonoMs): void {
		this.heard.add(light);
		this.behind(now);
	}

	/** A signature is to be stored soon. */
	signedFor(light: LightId, now: MonoMs): void {
		this.signed.add(light);
		this.behind(now);
	}

	/** A row, already made in memory, that goes with the next transaction. */
	ride(change: Change, now: MonoMs): void {
		this.riding.push(change);
		this.behind(now);
	}

	private behind(now: MonoMs): void {
		this.behindSince ??= now;
		this.behindLast = now;
	}

	/** When something must be stored at the latest. */
	dueAt(): MonoMs {
		const hourly = this.storedAt + STORE_TIME_MS;
		if (this.behindSince === null || this.behindLast === null) return monoMs(hourly);
		return monoMs(Math.min(hourly, this.behindSince + MOST_BEHIND_MS, this.behindLast + WRITE_BEHIND_MS));
	}

	/** Stores what waited long enough. */
	flushDue(time: ClockReading, now: MonoMs): void {
		if (now >= this.dueAt()) this.flush(time, now);
	}

	/** Stores what waits, and the time. */
	flush(time: ClockReading, now: MonoMs): void {
		do this.commit([], null, time, now);
		while (this.behindSince !== null);
	}

	private addRiders(rows: Change[]): void {
		const most = rows.length + MAX_RIDERS;
		rows.push(...this.riding.splice(0, MAX_RIDERS));
		if (this.riding.length > 0) return;
		for (const light of this.heard) {
			if (rows.length >= most) return;
			this.heard.delete(light);
			const observed = this.records.observed.get(light);
			if (observed !== undefined) rows.push({ type: "observed", observed });
		}
		for (const light of this.signed) {
			if (rows.length >= most) return;
			this.signed.delete(light);
			const entry = this.records.entries.get(light);
			// A newer entry has been reserved since: the older one's signature is of no use any more.
			if (entry !== undefined && entry.signed !== null) rows.push({ type: "entry", entry });
		}
		this.behindSince = null;
	}
}
