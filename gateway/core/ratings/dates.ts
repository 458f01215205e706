import { type UnixSeconds, unixSeconds } from "../../../protocol/wire/units.ts";

const DAY_S = 86_400;
/** Asia/Shanghai is UTC+8; its summer times of 1986 to 1991 are older than any rating and would not change the day. */
const SHANGHAI_S = 8 * 3600;
/** Times go to lights as seconds since 1970-01-01: an older day is no day of a rating. */
const FIRST_DAY = 1;
/** Excel's day 60 is 1900-02-29, which never was: from day 61 on, day 0 is 1899-12-30. In days before 1970-01-01. */
const EXCEL_EPOCH_DAYS = -25_569;

const WRITTEN =
	/^(\d{4})(?:[-/.](\d{1,2})[-/.](\d{1,2})|年(\d{1,2})月(\d{1,2})日?)(?:[ T]+\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?$/;
const COMPACT = /^(\d{4})(\d{2})(\d{2})$/;
/** Excel's 1970-01-02 is 25570, its last day of five digits is in 2173; `2025` and `202601` are a year and a month, not serials. */
const SERIAL = /^(\d{5})(?:\.\d*)?$/;

const isLeap = (year: number): boolean => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
const MONTH_DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Whether the calendar has this day (Gregorian). */
export function isCalendarDay(year: number, month: number, day: number): boolean {
	if (month < 1 || month > 12 || day < 1) return false;
	return day <= (month === 2 && isLeap(year) ? 29 : (MONTH_DAYS[month - 1] ?? 0));
}

/** Days since 1970-01-01 of a Gregorian day, by counting in years that begin in March. */
export function daysOf(year: number, month: number, day: number): number {
	const y = month <= 2 ? year - 1 : year;
	const era = Math.floor(y / 400);
	const yearOfEra = y - era * 400;
	const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
	const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
	return era * 146_097 + dayOfEra - 719_468;
}

/**
 * 00:00 in Asia/Shanghai of the day that a (folded) cell names: `2026-01-15`, `2026/1/15`, `2026.1.15`, `2026年1月15日`, `20260115`,
 * with or without a time of day, or an Excel serial. null = not a date.
 */
export function parseAsOf(cell: string): UnixSeconds | null {
	const written = WRITTEN.exec(cell) ?? COMPACT.exec(cell);
	if (written === null) {
		const serial = SERIAL.exec(cell)?.[1];
		return serial === undefined ? null : startOf(Number(serial) + EXCEL_EPOCH_DAYS);
	}
	const [year, month, day] = [written[1], written[2] ?? written[4], written[3] ?? written[5]].map(Number);
	if (year === undefined || month === undefined || day === undefined || !isCalendarDay(year, month, day)) return null;
	return startOf(daysOf(year, month, day));
}

const startOf = (day: number): UnixSeconds | null => (day < FIRST_DAY ? null : unixSeconds(day * DAY_S - SHANGHAI_S));
