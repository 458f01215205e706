import type { Log, LogFields } from "../../protocol/ports/log.ts";

/** Lines that wait at most; with more than this the first ones are not worth waiting for. */
const MAX_HELD = 1_000;

/** A log whose lines wait until `release`. */
export interface HeldLog {
	readonly log: Log;
	/** Writes what waits, in order; from then on lines go straight through. */
	release(): void;
}

/** Holds a program's lines back while it starts, so that what it says to a person comes first. Nothing is lost. */
export function holdLog(inner: Log): HeldLog {
	const waiting: (() => void)[] = [];
	let held = true;
	const release = () => {
		held = false;
		for (const write of waiting.splice(0)) write();
	};
	const pass = (write: () => void): void => {
		if (!held) {
			write();
			return;
		}
		waiting.push(write);
		if (waiting.length >= MAX_HELD) release();
	};
	return { log: around(inner, pass), release };
}

function around(inner: Log, pass: (write: () => void) => void): Log {
	const at = (level: "debug" | "info" | "warn" | "error") => (code: string, fields?: LogFields) =>
		pass(() => inner[level](code, fields));
	return {
		debug: at("debug"),
		info: at("info"),
		warn: at("warn"),
		error: at("error"),
		child: (fields) => around(inner.child(fields), pass),
	};
}
