import { CodedError } from "../../protocol/wire/errors.ts";
import { type FleetTable, findFleetHeader, isFleetTotal, validateFleet } from "../core/fleet/validate.ts";
import type { Command } from "../core/types.ts";
import { parseCsv, refuseCutEnd } from "./csv.ts";
import { decodeText } from "./decode.ts";
import { noHeader } from "./ratings-file.ts";
import type { NamedBytes } from "./read-file.ts";

/** Reads a fleet file. Throws what `decodeText` and `parseCsv` throw, `header-not-found`, `no-rows`. */
export async function readFleetFile({ name, bytes }: NamedBytes): Promise<FleetTable> {
	const { text } = decodeText(bytes, name);
	const rows = await parseCsv(text, name);
	const search = findFleetHeader(rows);
	if (!search.ok) throw noHeader(name, "header-not-found", search.missing, search.seen);
	const last = rows.at(-1) ?? [];
	const ending = { last, above: rows.at(-2) ?? [] };
	if (!isFleetTotal(last, search.columns)) refuseCutEnd(text, ending, rows[search.at] ?? [], name);
	const table = validateFleet(rows, search.at, search.columns);
	if (table.rows === 0)
		throw new CodedError("no-rows", `${name} has a header and no row below it.`, {
			fault: "input",
			next: "An empty list would remove every vehicle: export the file again.",
			context: { file: name },
		});
	return table;
}

/** The core's command for this file. */
export const fleetCommandOf = (table: FleetTable, dryRun: boolean): Extract<Command, { what: "fleet-import" }> => ({
	what: "fleet-import",
	rows: table.accepted,
	keep: table.quarantined.map(({ plate }) => plate).filter((plate) => plate !== ""),
	dryRun,
});
