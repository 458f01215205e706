import type { Grant } from "./messages.ts";
import { type MonoMs, toUnixSeconds, type UnixMs, type UnixSeconds, unixMs } from "./units.ts";

/**
 * Time on a light that has no clock (protocol section 1): what was known at one monotonic instant. Only a grant accepted with a
 * live ask sets it, forwards or back; without power it stands still.
 */
export interface LightTime {
	readonly unix: UnixMs;
	/** Monotonic instant at which `unix` held. */
	readonly at: MonoMs;
}

/** At a start: the saved time goes on from here, as if no time had passed without power. 0 where none was ever saved. */
export const restoreTime = (saved: UnixSeconds, now: MonoMs): LightTime => ({ unix: unixMs(saved * 1000), at: now });

/** After a grant accepted with a live ask (`askRecord` not null), at the instant of acceptance. */
export const timeFromGrant = (grant: Grant, now: MonoMs): LightTime => restoreTime(grant.issuedAt, now);

/** The light's time at `now`. A monotonic clock that stepped back does not turn it back. */
export const timeAt = (time: LightTime, now: MonoMs): UnixMs => unixMs(time.unix + Math.max(0, now - time.at));

/** What a record write saves: whole seconds, rounded down, within uint32. */
export const timeToSave = (time: LightTime, now: MonoMs): UnixSeconds => {
	const saved = toUnixSeconds(timeAt(time, now));
	return Math.min(saved, 0xffff_ffff) as UnixSeconds;
};
