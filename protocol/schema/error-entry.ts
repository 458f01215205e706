import type { Fault } from "../wire/errors.ts";

/** What happened and the next step; `{name}` stands for a value. */
export interface ErrorText {
	readonly what: string;
	readonly next: string;
}

/** A wording in both languages; both hold the same `{name}`s. */
export interface Wording {
	readonly en: ErrorText;
	readonly zh: ErrorText;
}

/** What is known of one error or refusal code. */
export interface ErrorEntry extends Wording {
	readonly fault: Fault;
	/** The command was called wrongly: a program ends with 2 in place of 1 where the fault is the caller's. */
	readonly wrongUse?: true;
	/** Other wordings of the same code, the more telling ones; tried before the entry's own. */
	readonly more?: readonly Wording[];
}

export type ErrorTable = Readonly<Record<string, ErrorEntry>>;
