import type { UnixSeconds } from "../../../protocol/wire/units.ts";
import type { Grade } from "../model.ts";
import type { StarPolicy } from "../stars/policy.ts";
import type { RatedRow } from "../types.ts";
import { parseAsOf } from "./dates.ts";
import { fold, foldCertificate } from "./fold.ts";
import {
	type Column,
	findHeader,
	type Header,
	type HeaderMissing,
	isBlank,
	isHeader,
	isHeaderAgain,
	isTotal,
} from "./header.ts";
import { IDENTITY_LENGTH, isIdentityNumber } from "./identity.ts";

/** Why a row was not taken, in the order in which a row is looked at; one code a row, the first that fits. */
export const ROW_CODES = [
	"row-malformed",
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

/** A row that was not taken for itself. */
interface Refused {
	readonly row: number;
	readonly certificate: string;
	readonly reason: RowCode;
}

/** No row of cells: what stands in its place makes it equal to no other. */
const NO_CELLS = "\u0001";
/** Between the cells of a row that is kept as one text; no text file has it (it would be a binary one). */
const BETWEEN = "\u0000";

export type RatingSheet = { readonly ok: true; readonly table: RatingTable; readonly header: Header } | HeaderMissing;

/**
 * Takes a rating list row by row and keeps of each what it comes to, and one text to compare with the driver's other rows: a list of
 * 100,000 drivers does not stay in memory as a million cells. Pure: no clock, no input or output.
 */
export class RatingReader {
	private readonly options: ValidateOptions;
	/** Rows before a header was found. */
	private waiting: (readonly string[])[] = [];
	private header: Header | null = null;
	private judge: Judge | null = null;
	private readonly judged: (RatedRow | Refused)[] = [];
	private readonly written: string[] = [];
	private readonly notes: { row: number; note: NoteCode }[] = [];
	private readonly certificates = new Set<string>();
	private readonly repeated = new Map<string, (RatedRow | Refused)[]>();

	constructor(options: ValidateOptions) {
		this.options = options;
	}

	/** The next row of the file. */
	push(cells: readonly string[]): void {
		if (this.header !== null && this.judge !== null) this.take(cells, this.header, this.judge);
		else {
			this.waiting.push(cells);
			if (isHeader(cells)) this.begin();
		}
	}

	/** After the last row: what the list comes to, or what its header lacks. */
	finish(): RatingSheet {
		const failure = this.header === null ? this.begin() : null;
		if (this.header === null) return failure ?? NOTHING;
		return { ok: true, table: this.settle(this.header), header: this.header };
	}

	/** Looks for the header among the rows that wait, and takes those below it. */
	private begin(): HeaderMissing | null {
		const rows = this.waiting;
		const search = findHeader(rows);
		if (!search.ok) return search;
		const { header } = search;
		this.header = header;
		this.judge = judgeOf(header, this.options);
		this.waiting = [];
		for (const cells of rows.slice(header.at + 1)) this.take(cells, header, this.judge);
		return null;
	}

	/** A row that has the columns of the header whatever stands in it: a platform's list has no totals and no page breaks. */
	pushRow(cells: readonly string[]): void {
		if (this.header !== null && this.judge !== null) this.keep(cells, this.header, this.judge);
	}

	/** A row of another form than a list's; its certificate where one can be read. */
	pushMalformed(written: string): void {
		const row = this.judged.length + 1;
		const certificate = foldCertificate(written);
		this.judged.push({ row, certificate, reason: "row-malformed" });
		this.written.push(`${NO_CELLS}${row}`);
		this.remember(certificate);
	}

	private take(cells: readonly string[], header: Header, judge: Judge): void {
		if (isBlank(cells) || isTotal(cells, header) || isHeaderAgain(cells, header)) return;
		this.keep(cells, header, judge);
	}

	private keep(cells: readonly string[], header: Header, judge: Judge): void {
		const row = this.judged.length + 1;
		const certificate = foldCertificate(cells[header.columns.certificate] ?? "");
		this.judged.push(judge(cells, certificate, row));
		this.written.push(cells.join(BETWEEN));
		if (this.options.identityCheck === "warn" && wrongIdentity(certificate))
			this.notes.push({ row, note: "identity-check-digit" });
		this.remember(certificate);
	}

	private remember(certificate: string): void {
		if (certificate === "") return;
		// One look into the set a row: a certificate that does not make it grow was there.
		const before = this.certificates.size;
		if (this.certificates.add(certificate).size === before) this.repeated.set(certificate, []);
	}

	private settle(header: Header): RatingTable {
		if (this.repeated.size > 0) for (const one of this.judged) this.repeated.get(one.certificate)?.push(one);
		const textOf = ({ row }: RatedRow | Refused): string => this.written[row - 1] ?? "";
		const conflict = new Set<number>();
		const again = new Set<number>();
		for (const [first, ...others] of this.repeated.values()) {
			if (first === undefined) continue;
			if (others.every((other) => equalRows(textOf(first), textOf(other), header)))
				for (const { row } of others) again.add(row);
			else for (const { row } of [first, ...others]) conflict.add(row);
		}
		const accepted: RatedRow[] = [];
		const quarantined: Refused[] = [];
		const notes = [...this.notes];
		for (const one of this.judged) {
			const { row, certificate } = one;
			if (conflict.has(row)) quarantined.push({ row, certificate, reason: "duplicate-conflict" });
			else if (again.has(row)) notes.push({ row, note: "duplicate-identical" });
			else if ("reason" in one) quarantined.push(one);
			else accepted.push(one);
		}
		notes.sort((a, b) => a.row - b.row);
		return { rows: this.judged.length, accepted, quarantined, notes };
	}
}

const NOTHING: HeaderMissing = { ok: false, code: "header-not-found", missing: [], seen: [] };

/** Equal in every column but 序号, after trimming and folding; certificates and grades in any case. */
function equalRows(a: string, b: string, { columns }: Header): boolean {
	if (a === b) return true;
	const [ones, others] = [a.split(BETWEEN), b.split(BETWEEN)];
	for (let i = 0; i < Math.max(ones.length, others.length); i++) {
		if (i === columns.number || i === columns.certificate) continue;
		const one = fold(ones[i] ?? "");
		const other = fold(others[i] ?? "");
		if (one === other || (i === columns.grade && one.toUpperCase() === other.toUpperCase())) continue;
		return false;
	}
	return true;
}

const wrongIdentity = (certificate: string): boolean =>
	certificate.length === IDENTITY_LENGTH && !isIdentityNumber(certificate);

type Judge = (cells: readonly string[], certificate: string, row: number) => RatedRow | Refused;

/** Gives a row's own code, or the row as read. */
function judgeOf({ columns }: Header, { policy, now, identityCheck }: ValidateOptions): Judge {
	const dateOf = remembering(parseAsOf);
	// One string a period, not one a row: they stay as long as the ratings do.
	const periodOf = remembering((period) => period);
	const cell = (cells: readonly string[], column: Column): string => {
		const index = columns[column];
		return index < 0 ? "" : fold(cells[index] ?? "");
	};
	const verdict = (cells: readonly string[], certificate: string, row: number): RatedRow | RowCode => {
		if (certificate === "") return "certificate-missing";
		if (certificate.length > MAX_CERTIFICATE) return "certificate-too-long";
		if (identityCheck === "quarantine" && wrongIdentity(certificate)) return "identity-check-digit";
		const written = cell(cells, "grade");
		if (written === "") return "grade-missing";
		const grade = GRADES[written.toUpperCase()];
		if (grade === undefined) return "grade-unknown";
		const score = judgeScore(cell(cells, "score"), grade, policy);
		if (typeof score === "string") return score;
		const date = cell(cells, "date");
		if (date === "") return "date-missing";
		const asOf = dateOf(date);
		if (asOf === null) return "date-not-a-date";
		if (asOf > now) return "date-in-future";
		return { row, certificate, grade, score, period: periodOf(cell(cells, "period")), asOf };
	};
	return (cells, certificate, row) => {
		const answer = verdict(cells, certificate, row);
		return typeof answer === "string" ? { row, certificate, reason: answer } : answer;
	};
}

/** A pure function of a text that remembers its last answer: most rows of a list have the same date and the same period. */
function remembering<T>(read: (text: string) => T): (text: string) => T {
	let last: { readonly text: string; readonly answer: T } | null = null;
	return (text) => {
		if (last === null || last.text !== text) last = { text, answer: read(text) };
		return last.answer;
	};
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
