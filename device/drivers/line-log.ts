import type { Clock } from "../../protocol/ports/clock.ts";
import type { Log, LogFields } from "../../protocol/ports/log.ts";

export const LOG_LEVELS = ["debug", "info", "warn", "error", "silent"] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** One line an entry: time (UTC), level, code, fields as `name=value`. Small on purpose: a light has no log machinery. */
export class LineLog implements Log {
	private readonly write: (line: string) => void;
	private readonly clock: Clock;
	private readonly level: LogLevel;
	private readonly fields: LogFields;

	constructor(write: (line: string) => void, clock: Clock, level: LogLevel, fields: LogFields = {}) {
		this.write = write;
		this.clock = clock;
		this.level = level;
		this.fields = fields;
	}

	debug(code: string, fields?: LogFields): void {
		this.entry("debug", code, fields);
	}

	info(code: string, fields?: LogFields): void {
		this.entry("info", code, fields);
	}

	warn(code: string, fields?: LogFields): void {
		this.entry("warn", code, fields);
	}

	error(code: string, fields?: LogFields): void {
		this.entry("error", code, fields);
	}

	child(fields: LogFields): Log {
		return new LineLog(this.write, this.clock, this.level, { ...this.fields, ...fields });
	}

	private entry(level: LogLevel, code: string, fields: LogFields = {}): void {
		if (LOG_LEVELS.indexOf(level) < LOG_LEVELS.indexOf(this.level)) return;
		const all = Object.entries({ ...this.fields, ...fields }).filter(([, value]) => value !== undefined);
		const text = all.map(([name, value]) => `${name}=${quoted(String(value))}`);
		this.write(`${[new Date(this.clock.unixMs()).toISOString(), level, code, ...text].join(" ")}\n`);
	}
}

/** A value that could be read as another field, or break the line, is quoted. */
const quoted = (text: string): string => (/^[\w.:/@+-]*$/.test(text) ? text : JSON.stringify(text));
