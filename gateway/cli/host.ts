import type { Clock, Timers } from "../../protocol/ports/clock.ts";

/** What the composition root hands to the commands: nothing below reads environment, arguments or clock itself. */
export interface Host {
	/** Arguments after the program's name. */
	readonly args: readonly string[];
	readonly env: Readonly<Record<string, string | undefined>>;
	readonly cwd: string;
	readonly clock: Clock & Timers;
	/** Standard output, as is. */
	out(text: string): void;
	/** Standard error, as is. */
	err(text: string): void;
	/** Resolves at SIGINT or SIGTERM; a second one ends the process at once. */
	stopRequested(): Promise<string>;
	/** Runs after other work of the event loop. */
	soon(run: () => void): void;
}

/** A text in both languages. */
export interface Text {
	readonly zh: string;
	readonly en: string;
}
