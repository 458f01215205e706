import type { LightView } from "../../core/types.ts";
import type { LampFault, Words } from "./words-zh.ts";

/** Stars of a glass. */
const STARS = 5;

const FAULTS: readonly string[] = ["open", "short", "stuck-on", "stuck-off"] satisfies LampFault[];
const isFault = (lamp: string): lamp is LampFault => FAULTS.includes(lamp);

/**
 * Places 1..5 of the glass with a broken lamp. A star may have several lamps side by side (ten in pairs); where the lamps do not
 * divide evenly among the stars, nobody can say which star a lamp belongs to, and no place is marked.
 */
export function brokenPlaces({ lamps }: Pick<LightView, "lamps">): ReadonlySet<number> {
	const places = new Set<number>();
	if (lamps === null || lamps.length % STARS !== 0) return places;
	const each = lamps.length / STARS;
	for (const [index, lamp] of lamps.entries()) if (isFault(lamp)) places.add(Math.floor(index / each) + 1);
	return places;
}

/** Which lamps are broken and how, from left to right: `2、5 号灯珠断路`; "" where nothing is known to be. */
export function lampText({ lamps }: Pick<LightView, "lamps">, words: Words): string {
	const byFault = new Map<LampFault, number[]>();
	for (const [index, lamp] of (lamps ?? []).entries())
		if (isFault(lamp)) byFault.set(lamp, [...(byFault.get(lamp) ?? []), index + 1]);
	return [...byFault]
		.map(([fault, numbers]) => words.lampFault(numbers.join(words.comma), numbers.length, words.faults[fault]))
		.join(words.and);
}
