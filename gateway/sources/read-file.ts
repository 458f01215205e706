import { readFileSync, statSync } from "node:fs";
import { basename } from "node:path";
import { CodedError } from "../../protocol/wire/errors.ts";

/** A bureau's file of 100,000 drivers has 6.5 MiB; ten times that is another file. */
export const MAX_FILE_BYTES = 64 * 1024 * 1024;

/** A file as its bytes and the name that people and errors see (no folders). */
export interface NamedBytes {
	readonly name: string;
	readonly bytes: Uint8Array;
}

/** Reads a file of at most `limit` bytes; its size is asked before a byte is read. Throws `file-not-found`, `file-unreadable`, `file-too-large`. */
export function readNamedFile(path: string, limit: number = MAX_FILE_BYTES): NamedBytes {
	const name = basename(path);
	try {
		const stat = statSync(path);
		if (!stat.isFile()) throw unreadable(name, "it is not a file");
		if (stat.size > limit)
			throw new CodedError("file-too-large", `${name} has ${stat.size} bytes, more than the ${limit} that are taken.`, {
				fault: "input",
				next: "A rating file of 100,000 drivers has about 7 MB: see whether it is the right file and has line ends.",
				context: { file: name, bytes: stat.size, limit },
			});
		return { name, bytes: readFileSync(path) };
	} catch (e) {
		if (e instanceof CodedError) throw e;
		const code = String((e as NodeJS.ErrnoException).code ?? "unknown");
		if (code !== "ENOENT") throw unreadable(name, code);
		throw new CodedError("file-not-found", `There is no file ${name} there.`, {
			fault: "input",
			next: "Check the path; a path with blanks needs quotes.",
			context: { file: name },
		});
	}
}

const unreadable = (name: string, why: string): CodedError =>
	new CodedError("file-unreadable", `${name} cannot be read (${why}).`, {
		fault: "input",
		next: "Give a file that the user who runs this may read.",
		context: { file: name },
	});
