import { isLampFault, type LampFault } from "../../../protocol/wire/lamp-fault.ts";
import type { LightView } from "../../core/types.ts";

/** Stars of a glass. */
const STARS = 5;

/**
 * Places 1..5 of the glass with a broken lamp. A star may have several lamps side by side (ten in pairs); where the lamps do not
 * divide evenly among the stars, nobody can say which star a lamp belongs to, and no place is marked.
 */
export function brokenPlaces({ lamps }: Pick<LightView, "lamps">): ReadonlySet<number> {
	const places = new Set<number>();
	if (lamps === null || lamps.length % STARS !== 0) return places;
	const each = lamps.length / STARS;
	for (const [index, lamp] of lamps.entries()) if (isLampFault(lamp)) places.add(Math.floor(index / each) + 1);
	return places;
}

/** Numbers of the broken lamps from left to right, from 1, by what is wrong with them. */
export function brokenLamps({ lamps }: Pick<LightView, "lamps">): ReadonlyMap<LampFault, readonly number[]> {
	const byFault = new Map<LampFault, number[]>();
	for (const [index, lamp] of (lamps ?? []).entries())
		if (isLampFault(lamp)) byFault.set(lamp, [...(byFault.get(lamp) ?? []), index + 1]);
	return byFault;
}
