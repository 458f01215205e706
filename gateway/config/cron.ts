import { Cron } from "croner";
import { type UnixMs, unixMs } from "../../protocol/wire/units.ts";

/** What is wrong with a cron line, in the library's words; null = nothing. */
export function cronProblem(pattern: string): string | null {
	try {
		return new Cron(pattern).nextRun(new Date(0)) === null ? "it never comes" : null;
	} catch (e) {
		return e instanceof Error ? e.message : "it cannot be read";
	}
}

/** The first instant after `after` that the line names, in the machine's local time; null = never again. */
export function nextOf(pattern: string, after: UnixMs): UnixMs | null {
	const next = new Cron(pattern).nextRun(new Date(after));
	return next === null ? null : unixMs(next.getTime());
}
