import { unixMs } from "../../protocol/wire/units.ts";
import type { Change, Snapshot } from "./model.ts";

/**
 * What is written into a copy of the store before it takes the place of the present one. The whole fleet is due to be blanked, and
 * duties end at the copy's newest time: who signed in or out since the copy was made is not known, and a light shows the stars of
 * nobody but the driver who is signed in. `keepDuties`: a person says that nobody did (the store moves to another machine).
 * `lastEpoch`: that of the store which is replaced, where it can be read: the next one is above it, whatever the clock says.
 */
export function afterRestore(copy: Snapshot, keepDuties: boolean, lastEpoch: number | null): readonly Change[] {
	const newest = copy.meta.storedTime * 1000;
	const ended = [...copy.duties.values()].map(
		(duty): Change => ({ type: "duty", duty: { ...duty, until: unixMs(Math.max(duty.from, newest)) } }),
	);
	const epoch = Math.max(copy.meta.epoch, lastEpoch ?? 0);
	return [{ type: "meta", meta: { ...copy.meta, epoch, blankDue: true } }, ...(keepDuties ? [] : ended)];
}
