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

/** Asked of the system at once: one call costs as much as a hundred small draws from what it gave. */
const POOL_BYTES = 4_096;

/** The operating system's random bytes, fetched in one go; what was drawn is wiped from the pool. */
export class NodeRandom implements Random {
	private pool = new Uint8Array(0);
	private at = 0;

	bytes(length: number): Uint8Array {
		if (length > POOL_BYTES / 8) return Uint8Array.from(randomBytes(length));
		if (this.at + length > this.pool.length) {
			this.pool = Uint8Array.from(randomBytes(POOL_BYTES));
			this.at = 0;
		}
		const end = this.at + length;
		const drawn = this.pool.slice(this.at, end);
		this.pool.fill(0, this.at, end);
		this.at = end;
		return drawn;
	}
}
