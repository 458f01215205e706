import { createHash } from "node:crypto";
import { CodedError } from "../../protocol/wire/errors.ts";
import { isTotal } from "../core/ratings/header.ts";
import { RatingReader, type RatingTable, type ValidateOptions } from "../core/ratings/validate.ts";
import type { Command } from "../core/types.ts";
import { eachRow, refuseCutEnd } from "./csv.ts";
import { decodeText, type Encoding } from "./decode.ts";
import type { NamedBytes } from "./read-file.ts";

/** A rating file as read and validated. */
export interface RatingFile extends RatingTable {
	readonly name: string;
	readonly encoding: Encoding;
	/** SHA-256 of the bytes, hex. */
	readonly contentHash: string;
}

/** Reads a rating file. Throws what `decodeText` and `parseCsv` throw, `header-not-found`, `column-missing`, `no-rows`. */
export async function readRatingFile(file: NamedBytes, options: ValidateOptions): Promise<RatingFile> {
	const { name, bytes } = file;
	const { text, encoding } = decodeText(bytes, name);
	const reader = new RatingReader(options);
	const ending = await eachRow(text, name, (row) => reader.push(row));
	const sheet = reader.finish();
	if (!sheet.ok) throw noHeader(name, sheet.code, sheet.missing, sheet.seen);
	const { table, header } = sheet;
	if (!isTotal(ending.last, header)) refuseCutEnd(text, ending, header.titles, name);
	if (table.rows === 0)
		throw new CodedError("no-rows", `${name} has a header and no row below it.`, {
			fault: "input",
			next: "An empty list would remove every rating: export the file again.",
			context: { file: name },
		});
	return { ...table, name, encoding, contentHash: createHash("sha256").update(bytes).digest("hex") };
}

/** The core's command for this file. */
export const ratingsCommandOf = (file: RatingFile, dryRun = false): Extract<Command, { what: "ratings-pull" }> => ({
	what: "ratings-pull",
	...(dryRun ? { dryRun } : {}),
	source: "csv",
	name: file.name,
	contentHash: file.contentHash,
	rows: file.rows,
	accepted: file.accepted,
	quarantined: file.quarantined,
});

/** Titles of a foreign file quoted in an error: enough to recognise it. */
const MAX_SEEN = 12;

export function noHeader(name: string, code: string, missing: readonly string[], seen: readonly string[]): CodedError {
	const some = seen
		.filter((title) => title !== "")
		.slice(0, MAX_SEEN)
		.map((title) => title.slice(0, 20))
		.join(", ");
	const what = code === "column-missing" ? "The header lacks" : "No row holds the columns";
	return new CodedError(code, `${name}: ${what} ${missing.join(", ")}. Seen: ${some === "" ? "nothing" : some}.`, {
		fault: "input",
		next: "Name the columns as in the bureau's form, or see whether it is the right file.",
		context: { file: name },
	});
}
