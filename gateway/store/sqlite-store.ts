import { closeSync, openSync } from "node:fs";
import type Database from "libsql";
import type { Clock } from "../../protocol/ports/clock.ts";
import type { Store } from "../../protocol/ports/store.ts";
import { CodedError } from "../../protocol/wire/errors.ts";
import type { ActivePolicy, Change, Snapshot, StarChange } from "../core/model.ts";
import type { StoreFacts } from "./copy.ts";
import { copyInWorker } from "./copy-in-worker.ts";
import { migrate, numberOf } from "./migrate.ts";
import { MIGRATIONS } from "./migrations/index.ts";
import { openDatabase, releaseDatabase } from "./open-database.ts";
import { type PullStage, SqlitePullStage } from "./pull-stage.ts";
import { activatedPolicies, historyFrom, loadMeta, loadSnapshot } from "./reads.ts";
import { storeError } from "./store-error.ts";
import { prepareWrites, type Writes } from "./writes.ts";

export interface StoreOptions {
	/** Fleet of a new store; an existing one must be of the same (`fleet-mismatch`). */
	readonly fleet: string;
	/** Measures commits; without one `lastCommitMs` stays null. */
	readonly clock?: Pick<Clock, "monoMs">;
	/** Told of each transaction that is durable, its sync included; milliseconds. Needs `clock`. */
	readonly onCommit?: (ms: number) => void;
	/** Upper bound of the file's size, so that the store cannot fill a disk on which other things live. Default: none. */
	readonly maxBytes?: number;
}

export interface StoreStats {
	/** Commits that are durable, and the transactions they shared. */
	readonly commits: number;
	readonly transactions: number;
	/** Changes written. */
	readonly rows: number;
	/** Commits refused. */
	readonly failed: number;
	/** Duration of the newest transaction, its sync to the disk included. */
	readonly lastCommitMs: number | null;
}

/** A copy that was made and checked. */
export interface StoreCopy extends StoreFacts {
	/** For so long nothing else could happen; the rest of the work was done beside the event loop. */
	readonly pauseMs: number | null;
}

/** The depot's store. */
export interface DepotStore extends Store<Snapshot, Change> {
	readonly path: string;
	stats(): StoreStats;
	/** Changes of one light before its newest: from change `n` back, newest first, at most `limit`. */
	history(n: number | null, limit: number): readonly StarChange[];
	/** Policies that persons activated, newest first, at most `limit`. */
	policies(limit: number): readonly ActivePolicy[];
	/**
	 * Copies the store as it is now into a new file, whole and durable, while commits go on; then checks the copy. One at a time
	 * (`backup-busy`). Throws `disk-full`, `backup-unwritable` and the errors of the store.
	 */
	copyTo(target: string): Promise<StoreCopy>;
	/** Where a pull from a platform keeps its pages. */
	readonly pullStage: PullStage;
}

/** SQLite's own default: the log is written back at the first commit that finds it longer than this. */
const CHECKPOINT_PAGES = 1000;

interface Waiting {
	readonly changes: readonly Change[];
	done(): void;
	failed(e: CodedError): void;
}

/**
 * Opens or makes the store at `path` (its folder must exist) and brings its schema forward. It stays locked until closed.
 * Errors: `store-locked`, `store-unwritable`, `store-full`, `store-corrupt`, `store-foreign`, `store-too-new`,
 * `store-not-durable`, `fleet-mismatch`, `store-io`.
 */
export async function openSqliteStore(path: string, options: StoreOptions): Promise<DepotStore> {
	let db: Database.Database | null = null;
	try {
		db = openDatabase(path, options.maxBytes ?? null);
		migrate(db, path, MIGRATIONS);
		const fleet = loadMeta(db, path)?.fleet ?? options.fleet;
		if (fleet !== options.fleet) throw otherFleet(path, fleet, options.fleet);
		return new SqliteStore(db, path, options);
	} catch (e) {
		if (db !== null) release(db);
		throw storeError(e, path);
	}
}

class SqliteStore implements DepotStore {
	readonly path: string;
	private readonly db: Database.Database;
	private readonly options: StoreOptions;
	private readonly writes: Writes;
	readonly pullStage: PullStage;
	private waiting: Waiting[] = [];
	private flush: Promise<void> | null = null;
	private state: "open" | "broken" | "closed" = "open";
	private copying: Promise<unknown> | null = null;
	/** The store's file, for reading a copy. Closing it would end the lock on it (POSIX), so it stays open as long as the store. */
	private file: number | null = null;
	private counts = { commits: 0, transactions: 0, rows: 0, failed: 0, lastCommitMs: null as number | null };

	constructor(db: Database.Database, path: string, options: StoreOptions) {
		this.db = db;
		this.path = path;
		this.options = options;
		this.writes = prepareWrites(db);
		this.pullStage = new SqlitePullStage(db, (work) => this.alone(work));
	}

	stats(): StoreStats {
		return { ...this.counts };
	}

	history(n: number | null, limit: number): readonly StarChange[] {
		this.mustBeOpen();
		try {
			return historyFrom(this.db, n, limit);
		} catch (e) {
			throw storeError(e, this.path);
		}
	}

	policies(limit: number): readonly ActivePolicy[] {
		this.mustBeOpen();
		try {
			return activatedPolicies(this.db, this.path, limit);
		} catch (e) {
			throw storeError(e, this.path);
		}
	}

	async load(): Promise<Snapshot> {
		await this.flush;
		this.mustBeOpen();
		try {
			// One transaction: one picture, also for stores that others can write.
			return this.inTransaction("BEGIN", () => loadSnapshot(this.db, this.path, this.options.fleet));
		} catch (e) {
			throw storeError(e, this.path);
		}
	}

	commit(changes: readonly Change[]): Promise<void> {
		return new Promise((resolve, reject) => {
			if (this.state !== "open") return reject(this.notOpen());
			this.waiting.push({ changes, done: resolve, failed: reject });
			// What else is committed in this turn of the event loop shares the transaction and its one sync.
			this.flush ??= new Promise((flushed) => {
				setImmediate(() => {
					this.flush = null;
					this.writeAll();
					flushed();
				});
			});
		});
	}

	async copyTo(target: string): Promise<StoreCopy> {
		if (this.copying !== null) throw busy();
		const copy = this.copy(target);
		this.copying = copy.catch(() => undefined);
		try {
			return await copy;
		} finally {
			this.copying = null;
		}
	}

	/**
	 * Once the log is written back into the file, commits go to the log alone until it is written back again: meanwhile the file is
	 * one picture, which is read beside the event loop.
	 */
	private async copy(target: string): Promise<StoreCopy> {
		await this.flush;
		this.mustBeOpen();
		const clock = this.options.clock;
		const began = clock?.monoMs() ?? null;
		try {
			this.db.pragma("wal_autocheckpoint=0");
			this.db.prepare("PRAGMA wal_checkpoint(TRUNCATE)").raw().all();
			this.file ??= openSync(this.path, "r");
			const pauseMs = began === null ? null : (clock?.monoMs() ?? began) - began;
			return { ...(await copyInWorker({ fd: this.file, target })), pauseMs };
		} catch (e) {
			throw storeError(e, this.path);
		} finally {
			this.db.pragma(`wal_autocheckpoint=${CHECKPOINT_PAGES}`);
		}
	}

	async close(): Promise<void> {
		await this.flush;
		await this.copying;
		if (this.state === "closed") return;
		this.state = "closed";
		try {
			releaseDatabase(this.db);
		} catch (e) {
			throw storeError(e, this.path);
		} finally {
			if (this.file !== null) closeSync(this.file);
		}
	}

	private writeAll(): void {
		const group = this.waiting;
		this.waiting = [];
		const failure = this.write(group);
		if (failure === null) for (const one of group) one.done();
		else if (group.length === 1) this.refuse(group, failure);
		else for (const one of group) this.writeAlone(one);
	}

	/** A bad commit fails alone: those that shared its transaction are tried again, each in its own. */
	private writeAlone(one: Waiting): void {
		const failure = this.write([one]);
		if (failure === null) one.done();
		else this.refuse([one], failure);
	}

	private refuse(group: readonly Waiting[], failure: CodedError): void {
		this.counts.failed += group.length;
		for (const one of group) one.failed(failure);
	}

	private write(group: readonly Waiting[]): CodedError | null {
		if (this.state !== "open") return this.notOpen();
		const began = this.options.clock?.monoMs() ?? null;
		let rows = 0;
		try {
			this.inTransaction("BEGIN IMMEDIATE", () => {
				for (const { changes } of group) for (const change of changes) this.writes.apply(change);
			});
		} catch (e) {
			return storeError(e, this.path);
		}
		for (const { changes } of group) rows += changes.length;
		this.counts.commits += group.length;
		this.counts.transactions += 1;
		this.counts.rows += rows;
		this.counts.lastCommitMs = began === null ? null : (this.options.clock?.monoMs() ?? began) - began;
		if (this.counts.lastCommitMs !== null) this.options.onCommit?.(this.counts.lastCommitMs);
		return null;
	}

	/** A transaction of its own, at once. */
	private alone<T>(work: () => T): T {
		this.mustBeOpen();
		try {
			return this.inTransaction("BEGIN IMMEDIATE", work);
		} catch (e) {
			throw storeError(e, this.path);
		}
	}

	private inTransaction<T>(begin: string, work: () => T): T {
		this.db.exec(begin);
		let committing = false;
		try {
			const result = work();
			committing = true;
			this.db.exec("COMMIT");
			return result;
		} catch (e) {
			this.rollBack();
			if (committing && storeError(e, this.path).code === "store-io") this.overwriteUnsynced();
			throw e;
		}
	}

	/**
	 * A commit whose sync failed may lie complete in the log, and a start after a crash would take it for committed. Another
	 * transaction written over it prevents that.
	 */
	private overwriteUnsynced(): void {
		try {
			this.db.exec("BEGIN IMMEDIATE");
			this.db.pragma(`user_version=${numberOf(this.db, "user_version")}`);
			this.db.exec("COMMIT");
		} catch {
			// Now only a new start can tell what the disk holds.
			this.rollBack();
			this.state = "broken";
		}
	}

	/** SQLite rolls back by itself on some failures. Where neither does it, nothing may be said of what is stored. */
	private rollBack(): void {
		try {
			if (this.db.inTransaction) this.db.exec("ROLLBACK");
		} catch {
			// Judged by what holds afterwards.
		}
		if (this.db.inTransaction) this.state = "broken";
	}

	private mustBeOpen(): void {
		if (this.state !== "open") throw this.notOpen();
	}

	private notOpen(): CodedError {
		const broken = this.state === "broken";
		return new CodedError(
			broken ? "store-io" : "store-closed",
			broken ? `A failed commit could not be undone: ${this.path}.` : `The store is closed: ${this.path}.`,
			{
				fault: broken ? "environment" : "state",
				next: broken ? "Check the disk, then start the gateway again." : "Start the gateway again.",
				context: { path: this.path },
			},
		);
	}
}

const busy = (): CodedError =>
	new CodedError("backup-busy", "A backup is being made already.", {
		fault: "state",
		next: "Wait until it is done, then repeat.",
	});

/** Gives the lock up after a failed opening; that failure is the one to tell of. */
function release(db: Database.Database): void {
	try {
		releaseDatabase(db);
	} catch {
		// The first failure is thrown by the caller.
	}
}

const otherFleet = (path: string, stored: string, wanted: string): CodedError =>
	new CodedError("fleet-mismatch", `The store ${path} is of fleet "${stored}", not of "${wanted}".`, {
		fault: "input",
		next: `Set fleet to "${stored}", or give the other fleet a data folder of its own.`,
		context: { path, stored, wanted },
	});
