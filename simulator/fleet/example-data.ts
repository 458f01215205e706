import type { UnixMs } from "../../protocol/wire/units.ts";

const DAY_MS = 86_400_000;
/** Dates in rating files are days in Asia/Shanghai, UTC+8. */
const SHANGHAI_MS = 8 * 3_600_000;

/**
 * The shipped rating list with its dates: `{{today-30}}` becomes that day as `2026-11-24`, `{{year}}` the year of a month ago. So the
 * sample is as young on any day as on the first.
 */
export function renderExample(template: string, now: UnixMs): string {
	const day = (offset: number): string => new Date(now + SHANGHAI_MS + offset * DAY_MS).toISOString().slice(0, 10);
	return template
		.replace(/\{\{today([+-]\d{1,4})\}\}/g, (_token, offset: string) => day(Number(offset)))
		.replaceAll("{{year}}", day(-30).slice(0, 4));
}
