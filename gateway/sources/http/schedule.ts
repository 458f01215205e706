import { Cron } from "croner";
import { type UnixMs, unixMs } from "../../../protocol/wire/units.ts";

/** What stands in place of a cron expression where a pull only comes by hand. */
export const NO_SCHEDULE = "off";

const cronOf = (pattern: string, timeZone: string): Cron =>
	new Cron(pattern, { timezone: timeZone, paused: true, mode: "5-or-6-parts" });

/** Whether this is a cron expression that comes again, or `off`. */
export function isSchedule(pattern: string): boolean {
	if (pattern === NO_SCHEDULE) return true;
	try {
		return cronOf(pattern, "UTC").nextRun(new Date(0)) !== null;
	} catch {
		return false;
	}
}

export function isTimeZone(name: string): boolean {
	try {
		return new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions().timeZone !== "";
	} catch {
		return false;
	}
}

/** The first instant of a schedule after this one; null = none. */
export function nextRun(pattern: string, timeZone: string, after: UnixMs): UnixMs | null {
	if (pattern === NO_SCHEDULE) return null;
	const next = cronOf(pattern, timeZone).nextRun(new Date(after));
	return next === null ? null : unixMs(next.getTime());
}
