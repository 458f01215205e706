import type { Readable } from "node:stream";
import type { Clock, Timers } from "../../protocol/ports/clock.ts";
import type { Random } from "../../protocol/ports/random.ts";
import type { Language } from "../../protocol/schema/language.ts";

/** What `simulator/main.ts` hands to each command: the only way to the environment, the clock and the terminal. */
export interface Root {
	readonly env: Readonly<Record<string, string | undefined>>;
	/** Language of help, errors and progress. */
	readonly lang: Language;
	readonly clock: Clock & Timers;
	/** Unpredictable bytes. */
	readonly random: Random;
	readonly stdin: Readable;
	/** Whether standard output is a terminal: colour and redrawn lines only then. */
	readonly isTerminal: boolean;
	/** Standard output, one line; resolves when the reader can take more. */
	out(line: string): Promise<void>;
	/** Standard error, one line: progress and mistakes. */
	err(line: string): void;
	/** The exit code when all is done; the highest one counts. */
	exitCode(code: number): void;
	/** Runs this when the process ends, however it is made to end by Ctrl-C: nothing in it may wait. Answers how to take it back. */
	atExit(run: () => void): () => void;
	/** Aborted at Ctrl-C and at SIGTERM; a second one ends the process at once. */
	readonly stop: AbortSignal;
}
