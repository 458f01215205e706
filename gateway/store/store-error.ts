import { CodedError, type Fault, isCoded } from "../../protocol/wire/errors.ts";

interface Cause {
	readonly code: string;
	readonly fault: Fault;
	readonly what: string;
	readonly next: string;
}

const UNWRITABLE: Cause = {
	code: "store-unwritable",
	fault: "environment",
	what: "The store's file or folder cannot be written",
	next: "Check that the folder exists, is not read-only and belongs to the user who runs the gateway.",
};
const CORRUPT: Cause = {
	code: "store-corrupt",
	fault: "environment",
	what: "The store's file is damaged or is no store",
	next: "Keep the file aside, put back the newest backup, then start again; lights go on with their leases meanwhile.",
};
const LOCKED: Cause = {
	code: "store-locked",
	fault: "state",
	what: "Another program has the store open",
	next: "Use the running gateway (its commands go through it), or stop it first, then repeat.",
};
const FULL: Cause = {
	code: "store-full",
	fault: "environment",
	what: "There is no space left for the store",
	next: "Free space on its disk; what was accepted so far is kept, and the gateway goes on by itself.",
};
const IO: Cause = {
	code: "store-io",
	fault: "environment",
	what: "The disk failed under the store",
	next: "Check the disk and its cable or card, then start the gateway again.",
};
const REFUSED: Cause = {
	code: "store-refused",
	fault: "internal",
	what: "The store refused a row that breaks its own rules",
	next: "Report this with the log's lines; the store is unchanged.",
};
const FAILED: Cause = {
	code: "store-failed",
	fault: "internal",
	what: "The store failed",
	next: "Start the gateway again; if it stays, report the log's lines.",
};

/** Primary result codes of SQLite (sqlite.org/rescode.html). */
const CAUSES: Readonly<Record<number, Cause>> = {
	3: UNWRITABLE, // PERM
	5: LOCKED, // BUSY
	6: LOCKED, // LOCKED
	8: UNWRITABLE, // READONLY
	10: IO, // IOERR
	11: CORRUPT, // CORRUPT
	13: FULL, // FULL
	14: UNWRITABLE, // CANTOPEN
	19: REFUSED, // CONSTRAINT
	20: REFUSED, // MISMATCH
	26: CORRUPT, // NOTADB
};

/** The primary result code of a failure of libsql; null when it names none. */
function resultCode(e: unknown): number | null {
	const raw = (e as { readonly rawCode?: unknown }).rawCode;
	if (typeof raw === "number") return raw & 0xff;
	// Failing to open has no code of its own: it ends its message in `: 14")`.
	const inText = /unable to open .*: (\d+)"?\)?$/i.exec(e instanceof Error ? e.message : "");
	return inText?.[1] === undefined ? null : Number(inText[1]) & 0xff;
}

/**
 * Turns any failure of the store into a coded one: `store-locked`, `store-corrupt`, `store-unwritable`, `store-full`, `store-io`,
 * `store-refused`, `store-failed`. SQLite's own words stay out of the message: they may hold values of a row.
 */
export function storeError(e: unknown, path: string): CodedError {
	if (isCoded(e)) return e;
	const result = resultCode(e);
	const cause = (result === null ? undefined : CAUSES[result]) ?? FAILED;
	return new CodedError(cause.code, `${cause.what}: ${path}.`, {
		fault: cause.fault,
		next: cause.next,
		context: { path, sqlite: result ?? 0 },
		cause: e,
	});
}

/** `store-corrupt` for a row that SQLite gives but that makes no sense. */
export const damagedRow = (table: string, path: string): CodedError =>
	new CodedError(CORRUPT.code, `A row of the store's table ${table} cannot be read: ${path}.`, {
		fault: CORRUPT.fault,
		next: CORRUPT.next,
		context: { path, table },
	});
