import type { Stars } from "../../protocol/wire/units.ts";

/** More lights than this are a list that nobody reads; the console shows them all. */
const MAX_SHOWN = 40;
const COLUMNS = 4;

/** `★★★★☆`: the glass in a line of text. */
export const starsText = (stars: Stars): string => "★".repeat(stars) + "☆".repeat(5 - stars);

/** Plates and their glasses in columns, as read from the lamps. Plates take 8 or 9 cells: a Chinese character takes two. */
export function glassTable(glass: Readonly<Record<string, Stars>>): string {
	const cells = Object.entries(glass)
		.slice(0, MAX_SHOWN)
		.map(([plate, stars]) => `${plate}${" ".repeat(Math.max(1, 10 - plate.length))}${starsText(stars)}`);
	const lines: string[] = [];
	for (let at = 0; at < cells.length; at += COLUMNS) lines.push(`  ${cells.slice(at, at + COLUMNS).join("   ")}`);
	return lines.join("\n");
}
