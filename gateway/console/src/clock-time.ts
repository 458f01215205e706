const two = (n: number): string => String(n).padStart(2, "0");

/** `18:31:40` of the local day. */
export function timeOfDay(ms: number): string {
	const at = new Date(ms);
	return `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`;
}

/** `18:31`. */
export const hourMinute = (ms: number): string => timeOfDay(ms).slice(0, 5);

/** The last local midnight before `ms`. */
export const midnightOf = (ms: number): number => new Date(ms).setHours(0, 0, 0, 0);

/** A time beside `now`: of the day alone today, with the date on other days. `dayOf` writes month and day, or with the year. */
export function clockTime(
	ms: number,
	now: number,
	words: { readonly dayOf: (month: number, day: number, year: number | null) => string },
): string {
	if (midnightOf(ms) === midnightOf(now)) return timeOfDay(ms);
	const at = new Date(ms);
	const year = at.getFullYear() === new Date(now).getFullYear() ? null : at.getFullYear();
	const date = words.dayOf(at.getMonth() + 1, at.getDate(), year);
	return year === null ? `${date} ${hourMinute(ms)}` : date;
}

/** `2026-11-24 18:42`, for what may be of any day. */
export function dayAndTime(ms: number): string {
	const at = new Date(ms);
	return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())} ${hourMinute(ms)}`;
}
