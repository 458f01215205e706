import type { Words } from "./words.ts";

const MINUTE = 60;
const HOUR = 3600;
const DAY = 86_400;

/** How much of its limit (the policy's `maxAgeDays`) an age has used, 0..1; 0 where either is not known. */
export const ageShare = (seconds: number | null, limitDays: number | null): number =>
	seconds === null || limitDays === null || limitDays <= 0 ? 0 : Math.min(1, seconds / (limitDays * DAY));

/** In few characters: minutes below an hour, hours below two days, then days. */
export function shortAge(seconds: number, words: Words): string {
	if (seconds < MINUTE) return words.under;
	if (seconds < HOUR) return words.minutes(Math.floor(seconds / MINUTE));
	if (seconds < 2 * DAY) return words.hours(Math.floor(seconds / HOUR));
	return words.days(Math.floor(seconds / DAY));
}

/** Beyond this many days the hours say nothing. */
const HOURS_UP_TO = 14 * DAY;

/** In two units: `13 时 03 分`, `9 天 4 时`; from two weeks on in days. */
export function longAge(seconds: number, words: Words): string {
	if (seconds < HOUR) return shortAge(seconds, words);
	if (seconds < 2 * DAY)
		return words.hoursMinutes(
			Math.floor(seconds / HOUR),
			String(Math.floor((seconds % HOUR) / MINUTE)).padStart(2, "0"),
		);
	if (seconds >= HOURS_UP_TO) return shortAge(seconds, words);
	return words.daysHours(Math.floor(seconds / DAY), Math.floor((seconds % DAY) / HOUR));
}

/** `4:09` minutes and seconds of a lease. */
export const leaseText = (seconds: number | null): string =>
	seconds === null ? "—" : `${Math.floor(seconds / MINUTE)}:${String(seconds % MINUTE).padStart(2, "0")}`;
