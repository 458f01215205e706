import { COLUMNS } from "./header.ts";

/** The titles under which a platform's rows are read: the same columns as in a rating file. */
export const ROW_TITLES: readonly string[] = [
	COLUMNS.certificate,
	COLUMNS.period,
	COLUMNS.score,
	COLUMNS.grade,
	COLUMNS.date,
];
const FIELDS = ["certificate", "period", "score", "grade", "asOf"] as const;

/** A field longer than this is no value of a rating; it is not kept, so that one row cannot fill the store. */
export const MAX_FIELD = 200;
const SHANGHAI_MS = 8 * 3600 * 1000;
/** A time with its offset, RFC 3339. */
const WITH_OFFSET = /^\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:[Zz]|[+-]\d{2}:\d{2})$/;

/** A row as the cells of a rating file, or what of it could be read where it has another form. */
export type JsonRow = readonly string[] | { readonly malformed: true; readonly certificate: string };

/**
 * Reads a platform's row. Texts are cells; numbers are taken for score and date. A certificate number that came as a number is not
 * taken: 18 digits do not survive as one in JSON. Fields of other names are left where they are: nothing else of a person is wanted.
 */
export function readJsonRow(row: unknown): JsonRow {
	if (typeof row !== "object" || row === null || Array.isArray(row)) return { malformed: true, certificate: "" };
	const values = row as Readonly<Record<string, unknown>>;
	const cells: string[] = [];
	let malformed = false;
	for (const field of FIELDS) {
		const cell = cellOf(field, Object.hasOwn(values, field) ? values[field] : undefined);
		if (cell === null) malformed = true;
		cells.push(cell ?? "");
	}
	return malformed ? { malformed: true, certificate: cells[0] ?? "" } : cells;
}

function cellOf(field: (typeof FIELDS)[number], value: unknown): string | null {
	if (value === undefined || value === null) return "";
	if (typeof value === "number") return field === "score" || field === "asOf" ? String(value) : null;
	if (typeof value !== "string" || value.length > MAX_FIELD) return null;
	// A zero byte parts the cells of a row that is kept; half a surrogate pair would not come back from the store.
	if (value.includes("\u0000") || /\p{Cs}/u.test(value)) return null;
	return field === "asOf" ? dayOf(value) : value;
}

/** The day in China of a time with its offset, as lists write it; anything else as it is. */
function dayOf(text: string): string {
	if (!WITH_OFFSET.test(text)) return text;
	const at = Date.parse(text.replace(" ", "T"));
	return Number.isNaN(at) ? text : new Date(at + SHANGHAI_MS).toISOString().slice(0, 10);
}
