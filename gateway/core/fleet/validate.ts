import { fold, foldCertificate, foldTitle } from "../ratings/fold.ts";
import { titlesSeen } from "../ratings/header.ts";
import { MAX_CERTIFICATE } from "../ratings/validate.ts";
import type { FleetRow } from "../types.ts";

/** Titles of a fleet file's columns. */
export const FLEET_COLUMNS = {
	plate: "车牌号",
	plateColour: "车牌颜色",
	company: "所属企业",
	terminal: "终端号",
	main: "主班从业资格证号",
	deputy: "副班从业资格证号",
} as const;
type Column = keyof typeof FLEET_COLUMNS;

export const FLEET_CODES = [
	"plate-missing",
	"plate-malformed",
	"plate-colour-unknown",
	"text-too-long",
	"certificate-too-long",
	"plate-twice",
] as const;
export type FleetCode = (typeof FLEET_CODES)[number];
/** A row that says the same as one before it, and a main driver who is another vehicle's main driver too (which is allowed). */
export const FLEET_NOTES = ["duplicate-identical", "main-driver-twice"] as const;
export type FleetNote = (typeof FLEET_NOTES)[number];

/** What a fleet file comes to; rows are counted from 1 after the header, totals and blank rows are none. */
export interface FleetTable {
	readonly rows: number;
	readonly accepted: readonly FleetRow[];
	/** With the plate where one could be read: its vehicle stays as it is. */
	readonly quarantined: readonly { readonly row: number; readonly reason: FleetCode; readonly plate: string }[];
	readonly notes: readonly { readonly row: number; readonly note: FleetNote }[];
}

export type FleetHeaderSearch =
	| { readonly ok: true; readonly at: number; readonly columns: Readonly<Record<Column, number>> }
	| { readonly ok: false; readonly missing: readonly string[]; readonly seen: readonly string[] };

/**
 * GA 36-2018: province, letter, and 5 characters, or 6 of a new-energy plate (small: a letter of A-H, J, K, one more character, 4
 * digits; large: 5 digits and such a letter). No serial has I or O.
 */
const PLATE =
	/^[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-Z](?:[A-HJ-NP-Z0-9]{5}|[A-HJK][A-HJ-NP-Z0-9]\d{4}|\d{5}[A-HJK])$/;
/** JT/T 697.7: 1 blue, 2 yellow, 3 black, 4 white, 5 green, 9 other. */
const COLOURS: Readonly<Record<string, number>> = {
	"1": 1,
	"2": 2,
	"3": 3,
	"4": 4,
	"5": 5,
	"9": 9,
	蓝: 1,
	黄: 2,
	黑: 3,
	白: 4,
	绿: 5,
	其他: 9,
};
const OTHER_COLOUR = 9;
/** The longest company name registered has under 60 characters; a longer cell is another column's. */
const MAX_TEXT = 100;
const TOTAL = "合计";

/** The first row with a column 车牌号 and one of 主班从业资格证号. */
export function findFleetHeader(rows: readonly (readonly string[])[]): FleetHeaderSearch {
	const needed = [FLEET_COLUMNS.plate, FLEET_COLUMNS.main];
	for (const [at, row] of rows.entries()) {
		if (!row.some((cell) => cell.includes("牌"))) continue;
		const titles = row.map(foldTitle);
		if (!needed.every((title) => titles.includes(title))) continue;
		const columns = Object.fromEntries(
			Object.entries(FLEET_COLUMNS).map(([name, title]) => [name, titles.indexOf(title)]),
		);
		return { ok: true, at, columns: columns as Record<Column, number> };
	}
	return { ok: false, missing: needed, seen: titlesSeen(rows) };
}

/** A plate as it is kept: folded, upper case, without the dot that some print after the letter. */
export const foldPlate = (cell: string): string =>
	fold(cell)
		.toUpperCase()
		.replace(/[·•・.\s-]/g, "");

interface Judged {
	readonly row: number;
	readonly plate: string;
	readonly verdict: FleetRow | FleetCode;
}

/** What the rows of one plate came to so far. */
interface Plate {
	readonly first: Judged;
	contradicted: boolean;
}

/**
 * Validates the rows below the header. Rows of one plate that say the same count once; where they differ all are quarantined, since
 * nobody can say which is right.
 */
export function validateFleet(
	rows: readonly (readonly string[])[],
	at: number,
	columns: Readonly<Record<Column, number>>,
): FleetTable {
	const judged: Judged[] = [];
	const byPlate = new Map<string, Plate>();
	for (let i = at + 1; i < rows.length; i++) {
		const cells = rows[i] ?? [];
		if (cells.every((cell) => fold(cell) === "") || isFleetTotal(cells, columns)) continue;
		const plate = foldPlate(cells[columns.plate] ?? "");
		const row = judged.length + 1;
		const one: Judged = { row, plate, verdict: judge(cells, columns, plate, row) };
		judged.push(one);
		if (plate === "") continue;
		const seen = byPlate.get(plate);
		if (seen === undefined) byPlate.set(plate, { first: one, contradicted: false });
		else if (contradict(seen.first.verdict, one.verdict)) seen.contradicted = true;
	}
	return settle(judged, byPlate);
}

/** 合计 in the first cell. A row with a plate is none, whatever its company is named. */
export const isFleetTotal = (cells: readonly string[], columns: Readonly<Record<Column, number>>): boolean => {
	const word = foldTitle(cells[0] ?? "");
	return word.startsWith(TOTAL) || (word.includes(TOTAL) && fold(cells[columns.plate] ?? "") === "");
};

function settle(judged: readonly Judged[], byPlate: ReadonlyMap<string, Plate>): FleetTable {
	const accepted: FleetRow[] = [];
	const quarantined: { row: number; reason: FleetCode; plate: string }[] = [];
	const notes: { row: number; note: FleetNote }[] = [];
	const mains = new Set<string>();
	for (const { row, plate, verdict } of judged) {
		const of = byPlate.get(plate);
		if (of?.contradicted === true) quarantined.push({ row, reason: "plate-twice", plate });
		else if (typeof verdict === "string") quarantined.push({ row, reason: verdict, plate });
		else if (of !== undefined && of.first.row !== row) notes.push({ row, note: "duplicate-identical" });
		else {
			accepted.push(verdict);
			if (verdict.main !== "" && mains.has(verdict.main)) notes.push({ row, note: "main-driver-twice" });
			mains.add(verdict.main);
		}
	}
	return { rows: judged.length, accepted, quarantined, notes };
}

/** Two rows that cannot be taken do not contradict each other: each keeps its code. */
function contradict(a: FleetRow | FleetCode, b: FleetRow | FleetCode): boolean {
	if (typeof a === "string" || typeof b === "string") return typeof a !== typeof b;
	return !(
		a.plateColour === b.plateColour &&
		a.company === b.company &&
		a.terminal === b.terminal &&
		a.main === b.main &&
		a.deputy === b.deputy
	);
}

function judge(
	cells: readonly string[],
	columns: Readonly<Record<Column, number>>,
	plate: string,
	row: number,
): FleetRow | FleetCode {
	const cell = (name: Column): string => {
		const index = columns[name];
		return index < 0 ? "" : fold(cells[index] ?? "");
	};
	if (plate === "") return "plate-missing";
	if (!PLATE.test(plate)) return "plate-malformed";
	const colour = cell("plateColour").replace(/色$/, "");
	const plateColour = colour === "" ? OTHER_COLOUR : COLOURS[colour];
	if (plateColour === undefined) return "plate-colour-unknown";
	const company = cell("company");
	const terminal = cell("terminal");
	if (company.length > MAX_TEXT || terminal.length > MAX_TEXT) return "text-too-long";
	const main = foldCertificate(cell("main"));
	const deputy = foldCertificate(cell("deputy"));
	if (main.length > MAX_CERTIFICATE || deputy.length > MAX_CERTIFICATE) return "certificate-too-long";
	return { row, plate, plateColour, company, terminal, main, deputy };
}
