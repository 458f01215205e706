/** Whose fault it is: `input` (the caller's data), `state` (not possible now), `environment` (disk, port, network), `internal` (ours). */
export type Fault = "input" | "state" | "environment" | "internal";

/**
 * The one error base (design, rule 11): a stable kebab-case code, what happened, and the next step. `context` holds only values
 * that may be logged: no certificate numbers, names, tokens or keys.
 */
export class CodedError extends Error {
	readonly code: string;
	readonly fault: Fault;
	readonly next: string;
	readonly context: Readonly<Record<string, string | number | boolean>>;
	constructor(
		code: string,
		message: string,
		options: {
			fault: Fault;
			next: string;
			context?: Readonly<Record<string, string | number | boolean>>;
			cause?: unknown;
		},
	) {
		super(message, options.cause === undefined ? undefined : { cause: options.cause });
		this.name = "CodedError";
		this.code = code;
		this.fault = options.fault;
		this.next = options.next;
		this.context = options.context ?? {};
	}
}

/** Narrows an unknown failure to a coded one. */
export const isCoded = (e: unknown): e is CodedError => e instanceof CodedError;
