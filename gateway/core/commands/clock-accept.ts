import { toUnixSeconds } from "../../../protocol/wire/units.ts";
import { type CommandView, done, metaChange, type Outcome } from "./outcome.ts";

/** A person says that the depot's clock is right as it is: signing goes on from its present time, also back. */
export function clockAccept({ picture, now, time }: CommandView): Outcome {
	const wall = toUnixSeconds(now.unix);
	const before = picture.meta.storedTime;
	const value = { now: wall, storedTime: before, applied: !time.trusted };
	return time.trusted ? done(value) : done(value, [metaChange(picture.meta, { storedTime: wall })]);
}
