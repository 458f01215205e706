import { existsSync } from "node:fs";
import { z } from "zod";
import { writePrivate } from "../../gateway/depot/data-folder.ts";
import { readNamedFile } from "../../gateway/sources/read-file.ts";
import { CodedError } from "../../protocol/wire/errors.ts";
import { unixMs } from "../../protocol/wire/units.ts";
import type { TableState } from "./table.ts";

const row = z.object({
	certificate: z.string(),
	grade: z.enum(["AAA", "AA", "A", "B", "未评定"]),
	score: z.number().nullable(),
	period: z.string(),
	asOf: z.string(),
});
const state = z.object({
	made: z.int().min(1),
	invented: z.int().min(0),
	kept: z.array(z.object({ id: z.string(), asOf: z.int().transform(unixMs), rows: z.array(row) })).min(1),
});

/** What a platform kept in this file, or null where it is not there yet. Throws `platform-state-unreadable`, and what reading a file throws. */
export function readPlatformState(path: string): TableState | null {
	if (!existsSync(path)) return null;
	const text = Buffer.from(readNamedFile(path).bytes).toString("utf8");
	const read = state.safeParse(parse(text));
	if (read.success) return read.data;
	throw new CodedError("platform-state-unreadable", `${path} is not what a stand-in platform keeps.`, {
		fault: "input",
		next: "Name another file, or remove this one: the platform then begins anew.",
		context: { path },
	});
}

function parse(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return null;
	}
}

/** Keeps it: whole or as it was before, durable once this returns. */
export const writePlatformState = (path: string, table: TableState): void => writePrivate(path, JSON.stringify(table));
