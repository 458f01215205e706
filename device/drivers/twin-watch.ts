import type { MonoMs } from "../../protocol/wire/units.ts";

/** A broker ends the older of two connections of one id (MQTT 3.1.1, 3.1.4): two lights with one id end each other in turn. */
const ENDS = 3;
const WITHIN_MS = 60_000;
/** Said again after this long, so that a log is not filled by it. */
const SAY_AGAIN_MS = 3_600_000;

/**
 * Tells from outside that another light uses this id. MQTT 3.1.1 has no word for it: the broker closes the connection in order, and
 * lets the light in again at once. A broker that restarts refuses connections in between, a bad network breaks them with an error.
 */
export class TwinWatch {
	private ends: MonoMs[] = [];
	private saidAt: MonoMs | null = null;

	/** A connection that was up was closed by the broker, in order. True: it is time to say that another light has this id. */
	closed(now: MonoMs): boolean {
		this.ends = [...this.ends, now].slice(-ENDS);
		const first = this.ends[0] ?? now;
		if (this.ends.length < ENDS || now - first > WITHIN_MS) return false;
		if (this.saidAt !== null && now - this.saidAt < SAY_AGAIN_MS) return false;
		this.saidAt = now;
		return true;
	}

	/** A connection was not let in, or broke: the broker or the network is what fails. */
	failed(): void {
		this.ends = [];
	}
}
