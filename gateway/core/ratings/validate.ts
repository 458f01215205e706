import type { UnixSeconds } from "../../../protocol/wire/units.ts";
import type { Grade } from "../model.ts";
import type { StarPolicy } from "../stars/policy.ts";
import type { RatedRow } from "../types.ts";
import { parseAsOf } from "./dates.ts";
import { fold, foldCertificate } from "./fold.ts";
import { type Column, type Header, isBlank, isHeaderAgain, isTotal } from "./header.ts";
import { IDENTITY_LENGTH, isIdentityNumber } from "./identity.ts";

/** Why a row was not taken, in the order in which a row is looked at; one code a row, the first that fits. */
export const ROW_CODES = [
	"certificate-missing",
	"certificate-too-long",
	"identity-check-digit",
	"grade-missing",
	"grade-unknown",
	"score-missing",
	"score-not-a-number",
	"score-out-of-range",
	"grade-score-mismatch",
	"date-missing",
	"date-not-a-date",
	"date-in-future",
	"duplicate-conflict",
] as const;
export type RowCode = (typeof ROW_CODES)[number];
export const NOTE_CODES = ["duplicate-identical", "identity-check-digit"] as const;
export type NoteCode = (typeof NOTE_CODES)[number];

/** JT/T 905.2: 19 bytes; longer ones are no certificate numbers. */
export const MAX_CERTIFICATE = 19;
const GRADES: Readonly<Record<string, Grade>> = { AAA: "AAA", AA: "AA", A: "A", B: "B", 未评定: "unrated" };
const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)$/;

export interface ValidateOptions {
	readonly policy: StarPolicy;
	/** Unix seconds: an as-of time after it is in the future. */
	readonly now: UnixSeconds;
	/** What a wrong check character in an 18-character number means. */
	readonly identityCheck: "quarantine" | "warn" | "off";
}

/** What a rating file comes to. Row numbers count data rows from 1 after the header; totals and blank rows are no data. */
export interface RatingTable {
	readonly rows: number;
	readonly accepted: readonly RatedRow[];
	readonly quarantined: readonly { readonly row: number; readonly reason: RowCode; readonly certificate: string }[];
	readonly notes: readonly { readonly row: number; readonly note: NoteCode }[];
}

interface Judged {
	readonly row: number;
	readonly cells: readonly string[];
	readonly certificate: string;
	readonly verdict: RowCode | RatedRow;
}

/** Validates the rows below the header. Pure; one pass, then duplicates by driver. */
export function validateRatings(
	rows: readonly (readonly string[])[],
	header: Header,
	options: ValidateOptions,
): RatingTable {
	const judged: Judged[] = [];
	const notes: { row: number; note: NoteCode }[] = [];
	const byDriver = new Map<string, Judged[]>();
	for (let i = header.at + 1; i < rows.length; i++) {
		const cells = rows[i] ?? [];
		if (isBlank(cells) || isTotal(cells, header) || isHeaderAgain(cells, header)) continue;
		const row = judged.length + 1;
		const certificate = foldCertificate(cells[header.columns.certificate] ?? "");
		const verdict = judge(cells, header, certificate, row, options);
		if (options.identityCheck === "warn" && wrongIdentity(certificate))
			notes.push({ row, note: "identity-check-digit" });
		const one: Judged = { row, cells, certificate, verdict };
		judged.push(one);
		if (certificate === "") continue;
		const same = byDriver.get(certificate);
		if (same === undefined) byDriver.set(certificate, [one]);
		else same.push(one);
	}
	return settle(judged, byDriver, header, notes);
}

function settle(
	judged: readonly Judged[],
	byDriver: ReadonlyMap<string, readonly Judged[]>,
	header: Header,
	notes: { row: number; note: NoteCode }[],
): RatingTable {
	const conflict = new Set<number>();
	const repeated = new Set<number>();
	for (const same of byDriver.values()) {
		const [first, ...others] = same;
		if (first === undefined || others.length === 0) continue;
		const alike = others.every((other) => equalRows(first, other, header));
		for (const one of alike ? others : same) (alike ? repeated : conflict).add(one.row);
	}
	const accepted: RatedRow[] = [];
	const quarantined: { row: number; reason: RowCode; certificate: string }[] = [];
	for (const { row, certificate, verdict } of judged) {
		if (conflict.has(row)) quarantined.push({ row, reason: "duplicate-conflict", certificate });
		else if (repeated.has(row)) notes.push({ row, note: "duplicate-identical" });
		else if (typeof verdict === "string") quarantined.push({ row, reason: verdict, certificate });
		else accepted.push(verdict);
	}
	notes.sort((a, b) => a.row - b.row);
	return { rows: judged.length, accepted, quarantined, notes };
}

/** Equal in every column but 序号, after trimming and folding; certificates and grades in any case. */
function equalRows(a: Judged, b: Judged, header: Header): boolean {
	const width = Math.max(a.cells.length, b.cells.length);
	for (let i = 0; i < width; i++) {
		if (i === header.columns.number || i === header.columns.certificate) continue;
		const one = fold(a.cells[i] ?? "");
		const other = fold(b.cells[i] ?? "");
		if (one === other || (i === header.columns.grade && one.toUpperCase() === other.toUpperCase())) continue;
		return false;
	}
	return true;
}

const wrongIdentity = (certificate: string): boolean =>
	certificate.length === IDENTITY_LENGTH && !isIdentityNumber(certificate);

/** A row's own code, or the row as read. */
function judge(
	cells: readonly string[],
	header: Header,
	certificate: string,
	row: number,
	options: ValidateOptions,
): RowCode | RatedRow {
	const cell = (column: Column): string => {
		const index = header.columns[column];
		return index < 0 ? "" : fold(cells[index] ?? "");
	};
	if (certificate === "") return "certificate-missing";
	if (certificate.length > MAX_CERTIFICATE) return "certificate-too-long";
	if (options.identityCheck === "quarantine" && wrongIdentity(certificate)) return "identity-check-digit";
	const written = cell("grade");
	if (written === "") return "grade-missing";
	const grade = GRADES[written.toUpperCase()];
	if (grade === undefined) return "grade-unknown";
	const score = judgeScore(cell("score"), grade, options.policy);
	if (typeof score === "string") return score;
	const date = cell("date");
	if (date === "") return "date-missing";
	const asOf = parseAsOf(date);
	if (asOf === null) return "date-not-a-date";
	if (asOf > options.now) return "date-in-future";
	return { row, certificate, grade, score, period: cell("period"), asOf };
}

/** What people write into the score of an unrated driver to say that there is none. */
const NO_SCORE = /^(?:[-—–―_/\\*]*|无)$/;

/** An unrated driver needs no score, and has no band that a score could disagree with; one that is given is a score all the same. */
function judgeScore(cell: string, grade: Grade, policy: StarPolicy): RowCode | number | null {
	if (grade === "unrated" && NO_SCORE.test(cell)) return null;
	if (cell === "") return "score-missing";
	if (!NUMBER.test(cell)) return "score-not-a-number";
	const score = Number(cell);
	const [least, most] = policy.scoreRange;
	if (score < least || score > most) return "score-out-of-range";
	if (grade === "unrated") return score;
	const { AAA, AA, A, B } = policy.gradeBands;
	const band = score >= AAA ? "AAA" : score >= AA ? "AA" : score >= A ? "A" : score >= B ? "B" : null;
	return band === grade ? score : "grade-score-mismatch";
}
