import { InvalidArgumentError } from "commander";
import { MAX_KEY_FILE_BYTES, readNamedFile } from "../../gateway/sources/read-file.ts";

/** Commander parser: a whole number within bounds, in decimal digits only. */
export const wholeNumber =
	(least: number, most: number) =>
	(text: string): number => {
		const n = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
		if (!(n >= least && n <= most)) throw new InvalidArgumentError(`Give a whole number from ${least} to ${most}.`);
		return n;
	};

/** The text of a PEM file. Throws `file-not-found`, `file-unreadable`, `file-too-large`. */
export const readKeyFile = (path: string): string =>
	Buffer.from(readNamedFile(path, { limit: MAX_KEY_FILE_BYTES }).bytes).toString("utf8");
