import { unixMs } from "../../protocol/wire/units.ts";
import type { Change, Snapshot } from "./model.ts";

/**
 * What is written into a copy of the store before it takes the place of the present one. The whole fleet is due to be blanked, and
 * duties end at the copy's newest time: who signed in or out since the copy was made is not known, and a light shows the stars of
 * nobody but the driver who is signed in. `keepDuties`: a person says that nobody did (the store moves to another machine).
 */
export function afterRestore(copy: Snapshot, keepDuties: boolean): readonly Change[] {
	const newest = copy.meta.storedTime * 1000;
	const ended = [...copy.duties.values()].map(
		(duty): Change => ({ type: "duty", duty: { ...duty, until: unixMs(Math.max(duty.from, newest)) } }),
	);
	return [{ type: "meta", meta: { ...copy.meta, blankDue: true } }, ...(keepDuties ? [] : ended)];
}
