import { createHash } from "node:crypto";
import { toUnixSeconds } from "../../../protocol/wire/units.ts";
import type { Stage } from "../../core/pull/types.ts";
import { type JsonRow, ROW_TITLES } from "../../core/ratings/json-row.ts";
import { RatingReader, type RatingTable, type ValidateOptions } from "../../core/ratings/validate.ts";
import type { Command } from "../../core/types.ts";

/** A platform's list, whole and validated. */
export interface PulledList extends RatingTable {
	/** SHA-256 of the rows, hex: the same list in other pages has the same. */
	readonly contentHash: string;
}

/** Judges the rows by the rules of rating files. Gives the event loop its turn after each page. */
export async function readList(
	pages: Iterable<readonly JsonRow[]>,
	options: ValidateOptions,
	turn: () => Promise<void>,
): Promise<PulledList> {
	const reader = new RatingReader(options);
	reader.push(ROW_TITLES);
	const hash = createHash("sha256");
	for (const page of pages) {
		for (const row of page) {
			hash.update(JSON.stringify(row)).update("\n");
			if ("malformed" in row) reader.pushMalformed(row.certificate);
			else reader.pushRow(row);
		}
		await turn();
	}
	const sheet = reader.finish();
	// The titles are ours, so there is a header.
	const table = sheet.ok ? sheet.table : { rows: 0, accepted: [], quarantined: [], notes: [] };
	return { ...table, contentHash: hash.digest("hex") };
}

/** The core's command for a list. */
export const pullCommandOf = (
	list: PulledList,
	stage: Stage,
	name: string,
): Extract<Command, { what: "ratings-pull" }> => ({
	what: "ratings-pull",
	source: "http",
	name,
	contentHash: list.contentHash,
	asOf: toUnixSeconds(stage.asOf),
	rows: list.rows,
	accepted: list.accepted,
	quarantined: list.quarantined,
});
