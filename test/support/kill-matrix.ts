import { Prng } from "../../simulator/random/prng.ts";
import type { KillYard, Part } from "./kill-yard.ts";

const NIGHTLY = process.env.LIANGXING_LANE === "nightly";
/** Random points for each part alone, and for each ordered pair. */
export const ALONE = Number(process.env["LIANGXING_TEST_KILLS_ALONE"] ?? (NIGHTLY ? 200 : 5));
export const PAIRS = Number(process.env["LIANGXING_TEST_KILLS_PAIR"] ?? (NIGHTLY ? 20 : 5));

export interface Cell {
	readonly name: string;
	readonly parts: readonly Part[];
	readonly points: number;
}

/** Each part alone, and each ordered pair. */
export function cellsOf(parts: readonly Part[]): Cell[] {
	const alone = parts.map((part) => ({ name: part.name, parts: [part], points: ALONE }));
	const pairs = parts.flatMap((first) =>
		parts
			.filter((second) => second !== first)
			.map((second) => ({ name: `${first.name} then ${second.name}`, parts: [first, second], points: PAIRS })),
	);
	return [...alone, ...pairs];
}

/** Runs one cell and says what it was. */
export async function runCell(yard: KillYard, cell: Cell, seed: number, each?: (prng: Prng) => void): Promise<void> {
	const prng = new Prng(seed);
	const before = yard.accepted;
	yard.slowestMs = 0;
	for (let n = 1; n <= cell.points; n++) {
		each?.(prng);
		await yard.trial(`${cell.name}, point ${n}`, cell.parts, prng);
	}
	process.stderr.write(
		`kill matrix: ${cell.name}: seed ${seed}, ${cell.points} points, ${yard.accepted - before} changes accepted, none lost, slowest right again ${Math.round(yard.slowestMs)} ms\n`,
	);
}
