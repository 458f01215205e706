import { readFileSync, statSync } from "node:fs";
import { InvalidArgumentError } from "commander";
import { CodedError } from "../../protocol/wire/errors.ts";

/** A key file has a few hundred bytes; more is another file. */
const MAX_KEY_FILE_BYTES = 16_384;

/** Commander parser: a whole number within bounds, in decimal digits only. */
export const wholeNumber =
	(least: number, most: number) =>
	(text: string): number => {
		const n = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
		if (!(n >= least && n <= most)) throw new InvalidArgumentError(`Give a whole number from ${least} to ${most}.`);
		return n;
	};

/** The text of a PEM file. Throws `key-file-unreadable`. */
export function readKeyFile(path: string): string {
	try {
		if (statSync(path).size <= MAX_KEY_FILE_BYTES) return readFileSync(path, "utf8");
	} catch (cause) {
		throw unreadable(path, cause);
	}
	throw unreadable(path, undefined);
}

const unreadable = (path: string, cause: unknown): CodedError =>
	new CodedError("key-file-unreadable", `The key file ${path} cannot be read, or is too large for one.`, {
		fault: "input",
		next: "Give the path of a PEM file that you may read.",
		cause,
	});
