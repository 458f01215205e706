/** Values that may go into a log line. Never a certificate number, a name, a token or a key (design, rule 12). */
export type LogFields = Readonly<Record<string, string | number | boolean | null | undefined>>;

/** `code` is stable and searchable (kebab-case); the text of a line follows from it. */
export interface Log {
	debug(code: string, fields?: LogFields): void;
	info(code: string, fields?: LogFields): void;
	warn(code: string, fields?: LogFields): void;
	error(code: string, fields?: LogFields): void;
	child(fields: LogFields): Log;
}
