import pino, { type DestinationStream, type Logger } from "pino";
import type { Clock } from "../../protocol/ports/clock.ts";
import type { Log, LogFields } from "../../protocol/ports/log.ts";

export type LogLevel = "debug" | "info" | "warn" | "error";

/** Lines that wait for a reader who does not read; beyond it they are dropped and counted, the gateway is not held up. */
const MAX_WAITING_BYTES = 4 * 1024 * 1024;

/** Fields whose value never reaches a line, whatever code logs them (design, rule 12). */
export const REDACTED_FIELDS = [
	"authorization",
	"certificate",
	"certificates",
	"cookie",
	"driverName",
	"key",
	"keys",
	"password",
	"pem",
	"privateKey",
	"secret",
	"signature",
	"token",
] as const;
const REDACTED = new Set<string>(REDACTED_FIELDS.map((f) => f.toLowerCase()));

/** 15 or 18 characters of an identity number inside a text: masked wherever they turn up. */
const IDENTITY = /(?<!\d)(?:\d{17}[\dXx]|\d{15})(?!\d)/g;
const BEARER = /Bearer\s+[\w.~+/=-]+/gi;

/** A text without identity numbers and bearer tokens. */
export const scrub = (text: string): string =>
	text.replace(IDENTITY, "[redacted]").replace(BEARER, "Bearer [redacted]");

function clean(fields: LogFields): Record<string, unknown> {
	const out: Record<string, unknown> = {};
	for (const [name, value] of Object.entries(fields)) {
		if (REDACTED.has(name.toLowerCase())) out[name] = "[redacted]";
		else out[name] = typeof value === "string" ? scrub(value) : value;
	}
	return out;
}

class PinoLog implements Log {
	private readonly logger: Logger;
	constructor(logger: Logger) {
		this.logger = logger;
	}
	private write(level: LogLevel, code: string, fields: LogFields | undefined): void {
		if (!this.logger.isLevelEnabled(level)) return;
		this.logger[level]({ code, ...(fields === undefined ? {} : clean(fields)) });
	}
	debug(code: string, fields?: LogFields): void {
		this.write("debug", code, fields);
	}
	info(code: string, fields?: LogFields): void {
		this.write("info", code, fields);
	}
	warn(code: string, fields?: LogFields): void {
		this.write("warn", code, fields);
	}
	error(code: string, fields?: LogFields): void {
		this.write("error", code, fields);
	}
	child(fields: LogFields): Log {
		return new PinoLog(this.logger.child(clean(fields)));
	}
}

export interface OpenedLog {
	readonly log: Log;
	/** Resolves when what waits is written, or nobody reads it any more; call before the process ends. */
	flush(): Promise<void>;
}

/** A reader who does not read is not waited for any longer, milliseconds. */
const FLUSH_MS = 1_000;

/** Not by a synchronous flush: that one tries for ever where the reader has gone (EPIPE), and no signal gets through to it. */
function written(destination: ReturnType<typeof pino.destination>): Promise<void> {
	return new Promise((resolve) => {
		const late = setTimeout(resolve, FLUSH_MS);
		const done = () => {
			clearTimeout(late);
			resolve();
		};
		destination.once("drain", done);
		destination.once("error", done);
		// Even where nothing waits, `drain` follows.
		destination.write("");
	});
}

/** JSON lines, one object a line, to `stream`, or to standard error where none is given. */
export function openLog(level: LogLevel, clock: Clock, stream?: DestinationStream): OpenedLog {
	const destination =
		stream === undefined ? pino.destination({ fd: 2, sync: false, maxLength: MAX_WAITING_BYTES }) : null;
	let dropped = 0;
	destination?.on("drop", () => {
		dropped += 1;
	});
	const logger = pino(
		{
			level,
			base: null,
			timestamp: () => `,"time":"${new Date(clock.unixMs()).toISOString()}"`,
			formatters: { level: (label) => ({ level: label }) },
			redact: { paths: REDACTED_FIELDS.flatMap((f) => [f, `*.${f}`]), censor: "[redacted]" },
		},
		stream ?? (destination as DestinationStream),
	);
	const log = new PinoLog(logger);
	return {
		log,
		flush: async () => {
			if (dropped > 0) log.warn("log-lines-dropped", { lines: dropped });
			dropped = 0;
			if (destination !== null) await written(destination);
		},
	};
}
