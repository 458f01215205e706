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
/** What each of the two titles that make a header holds however it is written: rows without it are not looked at further. */
const GRADE_SIGN = "级";
const TOTAL = "合计";
/** Among so many first rows the one is looked for that an error quotes as seen. */
const TITLE_ROWS = 10;

export interface Header {
	/** Index of the header row. */
	readonly at: number;
	/** Column index by name; -1 = not there. */
	readonly columns: Readonly<Record<Column, number>>;
	/** Index of the table's first column: that of the first title. */
	readonly first: number;
	readonly titles: readonly string[];
}

export interface HeaderMissing {
	readonly ok: false;
	readonly code: "header-not-found" | "column-missing";
	readonly missing: readonly string[];
	readonly seen: readonly string[];
}
export type HeaderSearch = { readonly ok: true; readonly header: Header } | HeaderMissing;

/** A title without what stands in brackets behind it: `得分(分)`. Titles are folded, so the brackets are ASCII. */
const bare = (title: string): string => title.replace(/\([^()]*\)|\[[^[\]]*\]|【[^【】]*】/g, "");
const asWritten = (title: string): string => title;

/** Whether a row holds both 从业资格证号 and 考核等级. */
export function isHeader(row: readonly string[], read: (title: string) => string = asWritten): boolean {
	if (!row.some((cell) => cell.includes(GRADE_SIGN))) return false;
	const names = row.map((cell) => read(foldTitle(cell)));
	return names.includes(COLUMNS.certificate) && names.includes(COLUMNS.grade);
}

/**
 * The first row that holds both 从业资格证号 and 考核等级. Titles may have blanks inside; where no row has the bare titles, the first
 * row is taken that has them with something in brackets.
 */
export function findHeader(rows: readonly (readonly string[])[]): HeaderSearch {
	for (const read of [asWritten, bare]) {
		const at = rows.findIndex((row) => isHeader(row, read));
		if (at >= 0) return headerOf(at, (rows[at] ?? []).map(foldTitle));
	}
	return {
		ok: false,
		code: "header-not-found",
		missing: [COLUMNS.certificate, COLUMNS.grade],
		seen: titlesSeen(rows),
	};
}

/** What stands in a header's place, for an error to quote: the widest of the first rows that are no data. Errors hold nobody's data. */
export function titlesSeen(rows: readonly (readonly string[])[]): string[] {
	const titles = rows.slice(0, TITLE_ROWS).map((row) => row.map(foldTitle));
	const bestFirst = titles.filter((row) => !row.some((cell) => PERSONAL.test(cell)));
	return bestFirst.reduce((a, b) => (b.length > a.length ? b : a), []);
}

/** A certificate number, a telephone number, a plate: so many digits are in no title, but in most rows of a list of people. */
const PERSONAL = /\d{4,}[Xx]?$|\d{5,}/;

function headerOf(at: number, titles: readonly string[]): HeaderSearch {
	const names = titles.map(bare);
	const indexOf = (title: string): number => (titles.includes(title) ? titles.indexOf(title) : names.indexOf(title));
	const columns = Object.fromEntries(Object.entries(COLUMNS).map(([name, title]) => [name, indexOf(title)]));
	const header: Header = {
		at,
		columns: columns as Record<Column, number>,
		first: Math.max(
			0,
			titles.findIndex((title) => title !== ""),
		),
		titles,
	};
	const missing = NEEDED.filter((name) => header.columns[name] < 0).map((name) => COLUMNS[name]);
	return missing.length === 0 ? { ok: true, header } : { ok: false, code: "column-missing", missing, seen: titles };
}

/** The header again further down (a page break of a printed list). */
export const isHeaderAgain = (row: readonly string[], { columns, titles }: Header): boolean =>
	row[columns.grade]?.includes(GRADE_SIGN) === true &&
	foldTitle(row[columns.grade] ?? "") === titles[columns.grade] &&
	foldTitle(row[columns.certificate] ?? "") === titles[columns.certificate];

/**
 * A total: 合计 in the first cell (`合 计`, `合计：2416人`). Where the word stands further inside the cell, as in 本页合计, the row is one
 * only without a certificate number and a grade: a company may be named 联合计程车.
 */
export function isTotal(row: readonly string[], header: Header): boolean {
	const cell = row[header.first] ?? "";
	if (!cell.includes("计")) return false;
	const word = foldTitle(cell);
	if (word.startsWith(TOTAL)) return true;
	if (!word.includes(TOTAL)) return false;
	return fold(row[header.columns.certificate] ?? "") === "" && fold(row[header.columns.grade] ?? "") === "";
}

export const isBlank = (row: readonly string[]): boolean => row.every((cell) => cell === "" || fold(cell) === "");
