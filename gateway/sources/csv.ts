import { CsvError, type Parser, parse } from "csv-parse";
import { CodedError } from "../../protocol/wire/errors.ts";
import { lineTooLong, MAX_RECORD_CHARACTERS } from "./line-length.ts";

/** Ten times the largest city's drivers. Blank rows do not count: a sheet formatted to its last row has a million of them. */
export const MAX_ROWS = 1_000_000;
/** Characters handed to the parser at a time: the event loop gets its turn in between. */
const SLICE = 131_072;

/** How a file ended: its last two rows. */
export interface Ending {
	readonly last: readonly string[];
	readonly above: readonly string[];
}

/**
 * Hands over each row of a CSV text that holds anything (RFC 4180; rows may differ in length, line ends may be mixed, quoted ones
 * stay inside their cell). Gives the event loop its turn while it works. Throws `truncated` (a quote that is never closed),
 * `line-too-long`, `too-many-rows`, `csv-malformed`, each naming file, line and mend.
 */
export function eachRow(text: string, name: string, take: (row: string[]) => void): Promise<Ending> {
	return new Promise((resolve, reject) => {
		let last: string[] = [];
		let above: string[] = [];
		let count = 0;
		const parser = parse({
			relax_column_count: true,
			relax_quotes: true,
			skip_empty_lines: true,
			skip_records_with_empty_values: true,
			// All three: one title line pasted from elsewhere must not decide for the rest.
			record_delimiter: ["\r\n", "\n", "\r"],
			max_record_size: MAX_RECORD_CHARACTERS,
		});
		parser.on("readable", () => {
			for (let row = parser.read() as string[] | null; row !== null; row = parser.read() as string[] | null) {
				above = last;
				last = row;
				count += 1;
				take(row);
			}
			if (count > MAX_ROWS) parser.destroy(tooManyRows(name));
		});
		parser.on("error", (e) => reject(coded(e, name)));
		parser.on("end", () => resolve({ last, above }));
		void feed(parser, text);
	});
}

/** All rows that `eachRow` hands over. */
export async function parseCsv(text: string, name: string): Promise<string[][]> {
	const rows: string[][] = [];
	await eachRow(text, name, (row) => rows.push(row));
	return rows;
}

async function feed(parser: Parser, text: string): Promise<void> {
	for (let at = 0; at < text.length; at += SLICE) {
		if (parser.destroyed) return;
		if (!parser.write(text.slice(at, at + SLICE))) await new Promise<void>((go) => waitDrain(parser, go));
	}
	parser.end();
}

/** A parser that failed never drains. */
function waitDrain(parser: Parser, go: () => void): void {
	const done = () => {
		parser.off("drain", done);
		parser.off("close", done);
		go();
	};
	parser.on("drain", done);
	parser.on("close", done);
}

/**
 * Refuses a text that ends inside its last row: no line end there, and fewer cells than the header and the row above have. Where the cells are kept
 * short on purpose, a line end says so. Throws `truncated` naming line and column.
 */
export function refuseCutEnd(text: string, { last, above }: Ending, header: readonly string[], name: string): void {
	if (last.length >= Math.min(header.length, above.length) || /[\r\n]\s*$/.test(text.slice(-256))) return;
	const line = lineAt(text, text.length);
	throw truncated(
		name,
		line,
		last.length,
		"the file ends in the middle of this row, which has fewer cells than the one above",
	);
}

/** Number of the line, from 1, in which a text's character stands. */
export const lineAt = (text: string, at: number): number => text.slice(0, at).split(/\r\n|\n|\r/).length;

const truncated = (name: string, line: number, column: number, what: string): CodedError =>
	new CodedError("truncated", `${name}, line ${line}, column ${column}: ${what}.`, {
		fault: "input",
		next: "Export the file again and send it whole. If it is whole, end its last line with a line break.",
		context: { file: name, line, column },
	});

const tooManyRows = (name: string): CodedError =>
	new CodedError("too-many-rows", `${name} has more than ${MAX_ROWS} rows.`, {
		fault: "input",
		next: "Split it, or see whether it is the right file.",
		context: { file: name },
	});

/** Our error for csv-parse's, which is not kept as the cause: it carries cells of the file. */
function coded(error: unknown, name: string): unknown {
	if (!(error instanceof CsvError)) return error;
	const line = Number((error as { lines?: unknown }).lines ?? 0);
	const column = Number((error as { column?: unknown }).column ?? 0) + 1;
	if (error.code === "CSV_MAX_RECORD_SIZE") return lineTooLong(name, line, column);
	if (error.code === "CSV_QUOTE_NOT_CLOSED")
		return truncated(name, line, column, "a quoted cell is never closed: the end is missing");
	return new CodedError("csv-malformed", `${name}, line ${line}, column ${column}: the row is not CSV.`, {
		fault: "input",
		next: "Export the file again as CSV.",
		context: { file: name, line, column, parser: error.code },
	});
}
