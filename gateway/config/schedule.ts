import { Cron } from "croner";
import { type UnixMs, unixMs } from "../../protocol/wire/units.ts";

/** What stands in place of a cron expression where a pull only comes by hand. */
export const NO_SCHEDULE = "off";

/** `timeZone` null = the machine's local time. */
const cronOf = (pattern: string, timeZone: string | null): Cron =>
	new Cron(pattern, { paused: true, mode: "5-or-6-parts", ...(timeZone === null ? {} : { timezone: timeZone }) });

/** What is wrong with a cron expression of 5 or 6 fields, in the library's words; null = nothing. */
export function scheduleProblem(pattern: string): string | null {
	try {
		return cronOf(pattern, "UTC").nextRun(new Date(0)) === null ? "it never comes" : null;
	} catch (e) {
		return e instanceof Error ? e.message : "it cannot be read";
	}
}

/** Whether this is a cron expression that comes again, or `off`. */
export const isSchedule = (pattern: string): boolean => pattern === NO_SCHEDULE || scheduleProblem(pattern) === null;

export function isTimeZone(name: string): boolean {
	try {
		return new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions().timeZone !== "";
	} catch {
		return false;
	}
}

/** The first instant of a schedule after this one, in this time zone (null = the machine's local time); null = none. */
export function nextRun(pattern: string, timeZone: string | null, after: UnixMs): UnixMs | null {
	if (pattern === NO_SCHEDULE) return null;
	const next = cronOf(pattern, timeZone).nextRun(new Date(after));
	return next === null ? null : unixMs(next.getTime());
}
