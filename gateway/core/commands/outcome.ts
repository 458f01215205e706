import type { Crypto } from "../../../protocol/ports/crypto.ts";
import type { ClockReading } from "../lights/clock-guard.ts";
import type { Change, DepotMeta } from "../model.ts";
import type { Picture } from "../records.ts";
import type { CommandAnswer, CoreConfig, Now } from "../types.ts";

/** What a command, and a view of lists, sees. Nothing of it is changed by a command: it answers what is to change. */
export interface CommandView {
	readonly picture: Picture;
	readonly config: CoreConfig;
	readonly time: ClockReading;
	readonly now: Now;
	readonly crypto: Crypto;
}

/** What a command decided: rows to store, all or none, and what to answer once they are stored. */
export interface Outcome {
	readonly changes: readonly Change[];
	readonly answer: CommandAnswer;
}

/** Done; `value` becomes the answer's body. */
export const done = (value: Readonly<Record<string, unknown>>, changes: readonly Change[] = []): Outcome => ({
	changes,
	answer: { ok: true, value },
});

/** Refused, with the next step. */
export const refused = (code: string, message: string, next: string): Outcome => ({
	changes: [],
	answer: { ok: false, code, message, next },
});

/** The next internal key of a kind, e.g. `D000042`; longer once a million are used up. */
export const makeKey = (letter: string, n: number): string => `${letter}${String(n).padStart(6, "0")}`;

/** The facts of the depot with counters moved on. */
export const metaChange = (meta: DepotMeta, counters: Partial<DepotMeta>): Change => ({
	type: "meta",
	meta: { ...meta, ...counters },
});
