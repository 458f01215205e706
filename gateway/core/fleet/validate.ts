import { fold, foldCertificate, foldTitle } from "../ratings/fold.ts";
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
	"certificate-too-long",
	"plate-twice",
] as const;
export type FleetCode = (typeof FLEET_CODES)[number];

/** What a fleet file comes to; rows are counted from 1 after the header. */
export interface FleetTable {
	readonly rows: number;
	readonly accepted: readonly FleetRow[];
	readonly quarantined: readonly { readonly row: number; readonly reason: FleetCode }[];
}

export type FleetHeaderSearch =
	| { readonly ok: true; readonly at: number; readonly columns: Readonly<Record<Column, number>> }
	| { readonly ok: false; readonly missing: readonly string[]; readonly seen: readonly string[] };

const HEADER_WITHIN = 50;
/** Province, letter, and 5 characters, or 6 for a new-energy plate; the serial has neither I nor O. */
const PLATE = /^[\u4e00-\u9fff][A-Z][A-HJ-NP-Z0-9]{5,6}$/;
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
const MAX_TEXT = 100;

/** The first row with a column 车牌号 and one of 主班从业资格证号. */
export function findFleetHeader(rows: readonly (readonly string[])[]): FleetHeaderSearch {
	const needed = [FLEET_COLUMNS.plate, FLEET_COLUMNS.main];
	for (const [at, row] of rows.slice(0, HEADER_WITHIN).entries()) {
		const titles = row.map(foldTitle);
		if (!needed.every((title) => titles.includes(title))) continue;
		const columns = Object.fromEntries(
			Object.entries(FLEET_COLUMNS).map(([name, title]) => [name, titles.indexOf(title)]),
		);
		return { ok: true, at, columns: columns as Record<Column, number> };
	}
	return { ok: false, missing: needed, seen: (rows[0] ?? []).map(foldTitle) };
}

/** A plate as it is kept: folded, upper case, without the dot that some print after the letter. */
export const foldPlate = (cell: string): string =>
	fold(cell)
		.toUpperCase()
		.replace(/[·•・.\s-]/g, "");

/** Validates the rows below the header. A plate that comes twice is quarantined each time: nobody can say which row is right. */
export function validateFleet(
	rows: readonly (readonly string[])[],
	at: number,
	columns: Readonly<Record<Column, number>>,
): FleetTable {
	const read: { row: number; verdict: FleetRow | FleetCode }[] = [];
	const byPlate = new Map<string, number>();
	for (const cells of rows.slice(at + 1)) {
		if (cells.every((cell) => fold(cell) === "") || foldTitle(cells[0] ?? "").includes("合计")) continue;
		const verdict = judge(cells, columns, read.length + 1);
		read.push({ row: read.length + 1, verdict });
		if (typeof verdict !== "string") byPlate.set(verdict.plate, (byPlate.get(verdict.plate) ?? 0) + 1);
	}
	const accepted: FleetRow[] = [];
	const quarantined: { row: number; reason: FleetCode }[] = [];
	for (const { row, verdict } of read) {
		if (typeof verdict === "string") quarantined.push({ row, reason: verdict });
		else if ((byPlate.get(verdict.plate) ?? 0) > 1) quarantined.push({ row, reason: "plate-twice" });
		else accepted.push(verdict);
	}
	return { rows: read.length, accepted, quarantined };
}

function judge(cells: readonly string[], columns: Readonly<Record<Column, number>>, row: number): FleetRow | FleetCode {
	const cell = (name: Column): string => {
		const index = columns[name];
		return index < 0 ? "" : (cells[index] ?? "");
	};
	const plate = foldPlate(cell("plate"));
	if (plate === "") return "plate-missing";
	if (!PLATE.test(plate)) return "plate-malformed";
	const colour = fold(cell("plateColour")).replace(/色$/, "");
	const plateColour = colour === "" ? OTHER_COLOUR : COLOURS[colour];
	if (plateColour === undefined) return "plate-colour-unknown";
	const main = foldCertificate(cell("main"));
	const deputy = foldCertificate(cell("deputy"));
	if (main.length > MAX_CERTIFICATE || deputy.length > MAX_CERTIFICATE) return "certificate-too-long";
	const company = fold(cell("company")).slice(0, MAX_TEXT);
	return { row, plate, plateColour, company, terminal: fold(cell("terminal")).slice(0, MAX_TEXT), main, deputy };
}
