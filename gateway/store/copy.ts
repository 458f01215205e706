import { createHash } from "node:crypto";
import { closeSync, fsyncSync, openSync, readSync, rmSync, writeSync } from "node:fs";
import Database from "libsql";
import { CodedError } from "../../protocol/wire/errors.ts";
import { APPLICATION_ID, numberOf } from "./migrate.ts";
import { storeError } from "./store-error.ts";

/** What a store's file is, after it was read whole. */
export interface StoreFacts {
	readonly bytes: number;
	/** Hex, over the file. */
	readonly sha256: string;
	readonly schema: number;
	/** null: nothing was stored in it yet. */
	readonly fleet: string | null;
	readonly epoch: number;
	/** Unix seconds; 0 = none stored. */
	readonly storedTime: number;
	readonly lights: number;
	readonly drivers: number;
}

const CHUNK_BYTES = 1 << 20;

/** Reads a file to its end from an open descriptor, whatever its position is, and gives each part on. */
function readAll(fd: number, take: (part: Uint8Array) => void): number {
	const buffer = new Uint8Array(CHUNK_BYTES);
	let at = 0;
	for (;;) {
		const read = readSync(fd, buffer, 0, buffer.length, at);
		if (read === 0) return at;
		take(buffer.subarray(0, read));
		at += read;
	}
}

function withFile<T>(path: string, flags: string, mode: number | undefined, work: (fd: number) => T): T {
	const fd = openSync(path, flags, mode);
	try {
		return work(fd);
	} finally {
		closeSync(fd);
	}
}

/** Size and SHA-256 of a file. */
export function hashFile(path: string): { readonly bytes: number; readonly sha256: string } {
	return withFile(path, "r", undefined, (fd) => {
		const hash = createHash("sha256");
		const bytes = readAll(fd, (part) => hash.update(part));
		return { bytes, sha256: hash.digest("hex") };
	});
}

/** Makes a file durable under its present name. */
export const syncFile = (path: string): void => withFile(path, "r+", undefined, (fd) => fsyncSync(fd));

/** Copies an open file into a new one of the owner's only, durable. Throws `disk-full`, `backup-unwritable`. */
export function copyOpenFile(fd: number, target: string): void {
	try {
		withFile(target, "wx", 0o600, (into) => {
			readAll(fd, (part) => {
				for (let at = 0; at < part.length; ) at += writeSync(into, part, at);
			});
			fsyncSync(into);
		});
	} catch (cause) {
		throw unwritable(target, cause);
	}
}

/** Copies a file that nobody has open, durable. Throws `disk-full`, `backup-unwritable`. */
export const copyFile = (from: string, to: string): void =>
	withFile(from, "r", undefined, (fd) => copyOpenFile(fd, to));

/** What the file system said of a file that a backup goes to. */
export function unwritable(path: string, cause: unknown): CodedError {
	const code = String((cause as NodeJS.ErrnoException).code ?? "unknown");
	const isFull = code === "ENOSPC";
	return new CodedError(
		isFull ? "disk-full" : "backup-unwritable",
		isFull ? `The disk of ${path} is full.` : `The backup cannot be written: ${path} (${code}).`,
		{
			fault: "environment",
			next: isFull
				? "Free some space, then start again; nothing accepted so far is lost."
				: "Check that the folder is there and belongs to the user who runs the gateway, then repeat.",
			context: { path },
			cause,
		},
	);
}

/**
 * Reads a store that nobody has open from its first page to its last: whole by SQLite's own check, ours, and of which schema and
 * fleet. Leaves one file without a log beside it. Throws `store-corrupt`, `store-foreign` and other errors of the store.
 */
export function checkStore(path: string): StoreFacts {
	let db: Database.Database | null = null;
	try {
		db = new Database(path);
		db.pragma("journal_mode=DELETE");
		const said = rows(db, "PRAGMA integrity_check(1)");
		if (said[0]?.[0] !== "ok") throw damaged(path);
		if (numberOf(db, "application_id") !== APPLICATION_ID) throw foreign(path);
		const [meta] = rows(db, "SELECT fleet, epoch, stored_time FROM meta");
		const count = (table: string) => Number(rows(db as Database.Database, `SELECT count(*) FROM ${table}`)[0]?.[0]);
		const facts = {
			schema: numberOf(db, "user_version"),
			fleet: meta === undefined ? null : String(meta[0]),
			epoch: Number(meta?.[1] ?? 0),
			storedTime: Number(meta?.[2] ?? 0),
			lights: count("lights"),
			drivers: count("drivers"),
		};
		db.close();
		db = null;
		return { ...facts, ...hashFile(path) };
	} catch (e) {
		throw storeError(e, path);
	} finally {
		db?.close();
	}
}

const rows = (db: Database.Database, query: string): unknown[][] => db.prepare(query).raw().all() as unknown[][];

const damaged = (path: string): CodedError =>
	new CodedError("store-corrupt", `The store's file is damaged or is no store: ${path}.`, {
		fault: "environment",
		next: "Keep the file aside, put back the newest backup, then start again; lights go on with their leases meanwhile.",
		context: { path },
	});

const foreign = (path: string): CodedError =>
	new CodedError("store-foreign", `${path} is a database, but not one of ours.`, {
		fault: "input",
		next: "Give the gateway a data folder of its own.",
		context: { path },
	});

/** A copy to be made: of the open file `fd` as it is, to a new file. */
export interface CopyJob {
	readonly fd: number;
	readonly target: string;
}

/** Copies and checks; on a failure nothing is left of the copy. */
export function copyAndCheck({ fd, target }: CopyJob): StoreFacts {
	try {
		copyOpenFile(fd, target);
		const facts = checkStore(target);
		syncFile(target);
		return facts;
	} catch (e) {
		rmSync(target, { force: true });
		throw e;
	}
}
