import { fold, foldTitle } from "./fold.ts";

/** Titles by which a rating file's columns are known; the order in the file is free. */
export const COLUMNS = {
	number: "序号",
	certificate: "从业资格证号",
	period: "考核周期",
	score: "得分",
	grade: "考核等级",
	date: "考核日期",
} as const;
export type Column = keyof typeof COLUMNS;

/** Without these a file cannot be read; the others are optional. */
const NEEDED: readonly Column[] = ["certificate", "grade", "score", "date"];
/** A title row, a few lines of notes: further down no header is looked for. */
const HEADER_WITHIN = 50;

export interface Header {
	/** Index of the header row. */
	readonly at: number;
	/** Column index by name; -1 = not there. */
	readonly columns: Readonly<Record<Column, number>>;
	readonly width: number;
	readonly titles: readonly string[];
}

export type HeaderSearch =
	| { readonly ok: true; readonly header: Header }
	| {
			readonly ok: false;
			readonly code: "header-not-found" | "column-missing";
			readonly missing: readonly string[];
			readonly seen: readonly string[];
	  };

/** The first row that holds both 从业资格证号 and 考核等级. */
export function findHeader(rows: readonly (readonly string[])[]): HeaderSearch {
	for (const [at, row] of rows.slice(0, HEADER_WITHIN).entries()) {
		const titles = row.map(foldTitle);
		if (!titles.includes(COLUMNS.certificate) || !titles.includes(COLUMNS.grade)) continue;
		const columns = Object.fromEntries(Object.entries(COLUMNS).map(([name, title]) => [name, titles.indexOf(title)]));
		const header: Header = { at, columns: columns as Record<Column, number>, width: titles.length, titles };
		const missing = NEEDED.filter((name) => header.columns[name] < 0).map((name) => COLUMNS[name]);
		return missing.length === 0 ? { ok: true, header } : { ok: false, code: "column-missing", missing, seen: titles };
	}
	const widest = rows.slice(0, HEADER_WITHIN).reduce<readonly string[]>((a, b) => (b.length > a.length ? b : a), []);
	return {
		ok: false,
		code: "header-not-found",
		missing: [COLUMNS.certificate, COLUMNS.grade],
		seen: widest.map(foldTitle),
	};
}

/** The header again further down (a page break of a printed list). */
export const isHeaderAgain = (row: readonly string[], header: Header): boolean =>
	fold(row[header.columns.certificate] ?? "") === COLUMNS.certificate &&
	fold(row[header.columns.grade] ?? "") === COLUMNS.grade;

/** A total: 合计 in the first cell. */
export const isTotal = (row: readonly string[]): boolean => foldTitle(row[0] ?? "").includes("合计");

export const isBlank = (row: readonly string[]): boolean => row.every((cell) => cell === "" || fold(cell) === "");
