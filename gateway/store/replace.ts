import {
	closeSync,
	copyFileSync,
	existsSync,
	fsyncSync,
	linkSync,
	openSync,
	readSync,
	renameSync,
	rmSync,
} from "node:fs";
import { dirname } from "node:path";
import type Database from "libsql";
import { syncFile, unwritable } from "./copy.ts";
import { openDatabase, releaseDatabase } from "./open-database.ts";
import { storeError } from "./store-error.ts";

/** What SQLite may leave beside a store that was not closed: with another store under the same name it would be taken for its own. */
const BESIDE = ["-wal", "-shm", "-journal"] as const;

/** The store that is to be replaced, held so that no gateway starts on it meanwhile. */
export interface HeldStore {
	/** Null where none is there or it cannot be read. */
	readonly epoch: number | null;
	/**
	 * Puts `incoming` (a whole store that nobody has open, in the same folder) in its place, in one step: at any instant the name is that
	 * of the old store or of the new one. The old one stays as `kept`. Returns whether there was one. Throws `backup-unwritable`, `disk-full`.
	 */
	replace(incoming: string, kept: string): boolean;
	release(): void;
}

/** Holds the store at `path`, which need not be there and may be damaged. Throws `store-locked` where a gateway has it open. */
export function holdStore(path: string): HeldStore {
	const there = existsSync(path);
	let lock = there ? lockWhole(path) : null;
	const release = () => {
		const held = lock;
		lock = null;
		if (held !== null) releaseDatabase(held);
	};
	return {
		epoch: lock === null ? null : epochIn(lock),
		release,
		replace(incoming, kept) {
			try {
				if (there) keep(path, kept);
				// Finished by the lock's owner, who is us: it keeps the file for its next transaction.
				if (lock !== null) rmSync(`${path}-journal`, { force: true });
				for (const end of BESIDE) if (existsSync(`${path}${end}`)) renameSync(`${path}${end}`, `${kept}${end}`);
				// Windows renames over no file that is open; there the lock goes a moment earlier.
				if (process.platform === "win32") release();
				renameSync(incoming, path);
				syncFolderOf(path);
				return there;
			} catch (cause) {
				throw unwritable(path, cause);
			}
		},
	};
}

function epochIn(db: Database.Database): number | null {
	try {
		const [row] = db.prepare("SELECT epoch FROM meta").raw().all() as unknown[][];
		return row === undefined ? null : Number(row[0]);
	} catch {
		return null; // A damaged page, or a database of something else: what can be known is known.
	}
}

/**
 * Takes the lock of a gateway, so that none starts meanwhile, and writes the log back into the file: it is whole then. Null for a file
 * that is too damaged to be opened: no gateway runs on that either.
 */
function lockWhole(path: string): Database.Database | null {
	// SQLite would delete the log of such a file when it closes it, sooner or later; it is kept for whoever looks at it.
	if (!isDatabase(path)) return null;
	try {
		const db = openDatabase(path, null);
		// Still locked, until it is closed.
		db.pragma("journal_mode=DELETE");
		return db;
	} catch (e) {
		const coded = storeError(e, path);
		if (coded.code === "store-corrupt" || coded.code === "store-foreign") return null;
		throw coded;
	}
}

/** How a SQLite 3 file begins (https://sqlite.org/fileformat.html, 1.3.1); an empty file is a database without tables. */
const MAGIC = "SQLite format 3\0";

function isDatabase(path: string): boolean {
	const fd = openSync(path, "r");
	try {
		const start = Buffer.alloc(MAGIC.length);
		const read = readSync(fd, start, 0, MAGIC.length, 0);
		return read === 0 || start.toString("latin1") === MAGIC;
	} finally {
		closeSync(fd);
	}
}

/** A second name for the same file; where the file system knows no such thing (FAT), a copy. */
function keep(path: string, kept: string): void {
	try {
		linkSync(path, kept);
	} catch (e) {
		if ((e as NodeJS.ErrnoException).code === "EEXIST") throw e;
		copyFileSync(path, kept);
		syncFile(kept);
	}
}

function syncFolderOf(path: string): void {
	if (process.platform === "win32") return;
	const fd = openSync(dirname(path), "r");
	try {
		fsyncSync(fd);
	} finally {
		closeSync(fd);
	}
}
