import { type LeaseView, leaseAt } from "../../protocol/wire/lease.ts";
import { timeAt } from "../../protocol/wire/light-time.ts";
import type { LampState } from "../../protocol/wire/messages.ts";
import type { MonoMs, Stars } from "../../protocol/wire/units.ts";
import { type DeviceState, NEUTRAL } from "./state.ts";
import type { Face } from "./types.ts";

const FAULT: Face = { pattern: "fault", stars: 0 };

/** A lamp that cannot be trusted to show what it is told. `unknown` is a lamp that nobody measures. */
export const isBroken = (lamp: LampState): boolean => lamp !== "ok" && lamp !== "unknown";

/** A record cannot be written: what is shown could come back after its end, so nothing is. */
export const isWriteFailing = (state: Pick<DeviceState, "memory">): boolean => state.memory.failures > 0;

/** The stored grant's lease at `now`; null = no grant stored. */
export function leaseNow(state: Pick<DeviceState, "lease" | "time">, now: MonoMs): LeaseView | null {
	return state.lease === null ? null : leaseAt(state.lease, now, timeAt(state.time, now));
}

/**
 * What the lamps have to show: stars only by a grant that both copies hold. A broken lamp makes the whole face dark, since
 * three good lamps of five would be another count. What is about to sink is dark before it is written.
 */
export function faceOf(state: DeviceState, now: MonoMs): Face {
	if (state.phase === "lost" || isWriteFailing(state) || state.lamps.some(isBroken)) return FAULT;
	if (state.zeroWaiting) return NEUTRAL;
	if (state.job !== null) return { pattern: state.job.pattern, stars: 0 };
	const stars = starsOf(state, now);
	return stars === 0 ? NEUTRAL : { pattern: "stars", stars };
}

function starsOf(state: DeviceState, now: MonoMs): Stars {
	const stars = leaseNow(state, now)?.stars ?? 0;
	if (state.pending === null) return stars;
	const coming = leaseNow(state.pending, now)?.stars ?? 0;
	return coming < stars ? 0 : stars;
}
