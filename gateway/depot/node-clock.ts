import type { Clock, Timers } from "../../protocol/ports/clock.ts";
import type { Millis, MonoMs, UnixMs } from "../../protocol/wire/units.ts";

/** Node fires a longer timer at once (signed 32-bit milliseconds); the shell wakes earlier than asked and asks again. */
const MAX_TIMER_MS = 3_600_000;

/** The real clock and timers; built in the composition root only. */
export class NodeClock implements Clock, Timers {
	unixMs(): UnixMs {
		return Date.now() as UnixMs;
	}

	monoMs(): MonoMs {
		return performance.now() as MonoMs;
	}

	/** Runs at most an hour later, whatever was asked: callers look at the clock anyway. */
	after(_name: string, delay: Millis, run: () => void): { cancel(): void } {
		const handle = setTimeout(run, Math.min(MAX_TIMER_MS, Math.max(0, delay)));
		return { cancel: () => clearTimeout(handle) };
	}
}
