import type { Millis, MonoMs, UnixMs } from "../wire/units.ts";

/** Wall and monotonic time are two questions; a program's composition root is the only one that answers them for real. */
export interface Clock {
	/** Wall time in milliseconds since 1970; may jump in either direction. */
	unixMs(): UnixMs;
	/** Monotonic time in milliseconds; starts anywhere, never steps back, is lost with the power. */
	monoMs(): MonoMs;
}

/** Named timers: a stuck one can be named in an error. */
export interface Timers {
	/** Runs `run` once after `delay`; the name says what waits. */
	after(name: string, delay: Millis, run: () => void): { cancel(): void };
}
