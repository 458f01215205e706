import { randomBytes } from "node:crypto";
import type { Clock, Timers } from "../../protocol/ports/clock.ts";
import type { Random } from "../../protocol/ports/random.ts";
import { type Millis, type MonoMs, monoMs, type UnixMs, unixMs } from "../../protocol/wire/units.ts";

/** setTimeout takes a signed 32-bit number of milliseconds; a longer one would fire at once. */
const LONGEST_MS = 2_147_483_647;

/** The machine's own clocks and timers. Made only where a program is put together. */
export class NodeClock implements Clock, Timers {
	unixMs(): UnixMs {
		return unixMs(Date.now());
	}

	monoMs(): MonoMs {
		return monoMs(performance.now());
	}

	after(_name: string, delay: Millis, run: () => void): { cancel(): void } {
		// Rounded up: a timer that fires early would have to be set again for the rest.
		const timer = setTimeout(run, Math.min(Math.max(0, Math.ceil(delay)), LONGEST_MS));
		return { cancel: () => clearTimeout(timer) };
	}
}

/** The operating system's random source. */
export class NodeRandom implements Random {
	bytes(length: number): Uint8Array {
		return new Uint8Array(randomBytes(length));
	}
}
