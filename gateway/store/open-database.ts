import { closeSync, existsSync, openSync } from "node:fs";
import Database from "libsql";
import { CodedError } from "../../protocol/wire/errors.ts";
import { numberOf } from "./migrate.ts";

/** How long an opener waits for a lock: a gateway that is just stopping is waited for, a running one is said at once. */
const LOCK_WAIT_MS = 500;
/** The log is cut back to this after a big transaction. */
const JOURNAL_LIMIT_BYTES = 16 * 1024 * 1024;
const PAGE_BYTES = 4096;
/** `PRAGMA synchronous`: each commit is on the disk before it returns. */
const FULL = 2;

/** What a missing limit means to SQLite. */
const NO_PAGE_LIMIT = 4_294_967_294;

/**
 * Opens the file as ours alone: write-ahead log, every commit synced, locked against any other opener until `releaseDatabase` or
 * the end of the process. Throws SQLite's failures and `store-not-durable`.
 */
export function openDatabase(path: string, maxBytes: number | null): Database.Database {
	createPrivate(path);
	const db = new Database(path, { timeout: LOCK_WAIT_MS });
	try {
		// The lock comes first: with it the log's index stays in our memory and nobody else can look in.
		db.pragma("locking_mode=EXCLUSIVE");
		db.pragma(`busy_timeout=${LOCK_WAIT_MS}`);
		db.pragma("journal_mode=WAL");
		// After WAL, at each open: a build may lower it when the file is opened again, and then a loss of power loses commits.
		db.pragma("synchronous=FULL");
		db.pragma(`journal_size_limit=${JOURNAL_LIMIT_BYTES}`);
		db.pragma(`max_page_count=${maxBytes === null ? NO_PAGE_LIMIT : Math.ceil(maxBytes / PAGE_BYTES)}`);
		mustBeDurable(db, path);
		db.exec("BEGIN IMMEDIATE");
		db.exec("COMMIT");
		return db;
	} catch (e) {
		db.close();
		throw e;
	}
}

/** Writes the log back into the file, gives up the lock and closes. */
export function releaseDatabase(db: Database.Database): void {
	try {
		// Prepared statements keep the connection alive until they are collected, so closing alone would keep the lock. Leaving WAL
		// gives it up, and leaves one whole file behind for whoever copies it.
		db.pragma("journal_mode=DELETE");
		db.pragma("locking_mode=NORMAL");
		numberOf(db, "user_version");
	} finally {
		db.close();
	}
}

/** The store holds personal data: owner only. SQLite gives its log the mode of the file. */
function createPrivate(path: string): void {
	// Never touch a file that is there: closing it again would end the locks that this process may hold on it (POSIX).
	if (existsSync(path)) return;
	try {
		closeSync(openSync(path, "ax", 0o600));
	} catch (e) {
		throw new CodedError("store-unwritable", `The store cannot be made: ${path}.`, {
			fault: "environment",
			next: "Check that the folder exists, is not read-only, has space, and belongs to the user who runs the gateway.",
			context: { path, reason: (e as NodeJS.ErrnoException).code ?? "unknown" },
			cause: e,
		});
	}
}

/** Reads back what was set: `store-not-durable` unless each commit is on the disk before it returns. */
export function mustBeDurable(db: Database.Database, path: string): void {
	const mode = (db.prepare("PRAGMA journal_mode").raw().all() as unknown[][])[0]?.[0];
	const synchronous = numberOf(db, "synchronous");
	if (mode === "wal" && synchronous === FULL) return;
	throw new CodedError("store-not-durable", `The store does not keep commits over a loss of power: ${path}.`, {
		fault: "environment",
		next: "Put the data folder on a local disk; network folders and memory disks may not have what it needs.",
		context: { path, journalMode: String(mode), synchronous },
	});
}
