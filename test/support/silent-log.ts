import type { Log } from "../../protocol/ports/log.ts";

const nothing = (): void => undefined;

/** For tests that do not look at the log. */
export const silentLog: Log = {
	debug: nothing,
	info: nothing,
	warn: nothing,
	error: nothing,
	child: () => silentLog,
};
