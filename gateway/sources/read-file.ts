import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { basename, resolve } from "node:path";
import { CodedError } from "../../protocol/wire/errors.ts";

/** A bureau's file of 100,000 drivers has 6.5 MiB; ten times that is another file. */
export const MAX_FILE_BYTES = 64 * 1024 * 1024;
/** A fleet of 20,000 vehicles has 2 MiB. */
export const MAX_FLEET_FILE_BYTES = 16 * 1024 * 1024;
/** A key file in PEM has a few hundred bytes; more is another file. */
export const MAX_KEY_FILE_BYTES = 16 * 1024;
/** Read at a time from what does not tell its size (a pipe). */
const CHUNK = 64 * 1024;

/** A file as its bytes and the name that is stored and logged (no folders). */
export interface NamedBytes {
	readonly name: string;
	readonly bytes: Uint8Array;
}

/** How a file is read. */
export interface ReadOptions {
	/** Most bytes that are taken. */
	readonly limit?: number;
	/** Folder of a relative path; without it the process's own. */
	readonly cwd?: string;
}

/**
 * The one way in which a program reads a file that a person named: at most `limit` bytes of a file or a pipe; a file's size is asked
 * before a byte is read. Throws `file-not-found`, `file-unreadable`, `file-too-large`, each naming the file as it was given.
 */
export function readNamedFile(given: string, { limit = MAX_FILE_BYTES, cwd }: ReadOptions = {}): NamedBytes {
	const path = cwd === undefined ? given : resolve(cwd, given);
	let fd: number | null = null;
	try {
		fd = openSync(path, "r");
		const stat = fstatSync(fd);
		if (stat.isDirectory()) throw isFolder(given);
		if (stat.isFile() && stat.size > limit) throw tooLarge(given, limit);
		return { name: basename(path), bytes: readBounded(fd, stat.isFile() ? stat.size : 0, given, limit) };
	} catch (cause) {
		throw cause instanceof CodedError ? cause : unreadable(given, cause);
	} finally {
		if (fd !== null) closeSync(fd);
	}
}

/** All bytes to the end, whatever the size said at first: a file may grow, a pipe has none. */
function readBounded(fd: number, size: number, given: string, limit: number): Uint8Array {
	let bytes = new Uint8Array(size + 1);
	let length = 0;
	for (;;) {
		if (length === bytes.length) {
			const larger = new Uint8Array(bytes.length + Math.max(CHUNK, bytes.length));
			larger.set(bytes);
			bytes = larger;
		}
		const got = readSync(fd, bytes, length, bytes.length - length, null);
		length += got;
		if (length > limit) throw tooLarge(given, limit);
		if (got === 0) return bytes.subarray(0, length);
	}
}

const tooLarge = (file: string, limit: number): CodedError =>
	new CodedError("file-too-large", `${file} has more than the ${limit} bytes that are taken.`, {
		fault: "input",
		next: "See whether it is the right file and has line ends; a rating file of 100,000 drivers has about 7 MB.",
		context: { file, limit },
	});

const isFolder = (file: string): CodedError =>
	new CodedError("file-unreadable", `${file} is a folder, not a file.`, {
		fault: "input",
		next: "Give the file in it.",
		context: { file, reason: "EISDIR" },
	});

function unreadable(file: string, cause: unknown): CodedError {
	const reason = String((cause as NodeJS.ErrnoException).code ?? "unknown");
	if (reason === "ENOENT")
		return new CodedError("file-not-found", `There is no file ${file}.`, {
			fault: "input",
			next: "Check the path; a path with blanks needs quotes.",
			context: { file },
		});
	return new CodedError("file-unreadable", `${file} cannot be read (${reason}).`, {
		fault: "input",
		next: "Give a file that the user who runs this may read.",
		context: { file, reason },
		cause,
	});
}
