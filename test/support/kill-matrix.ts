import { Prng } from "../../simulator/random/prng.ts";
import type { Part } from "./kill-parts.ts";
import type { KillYard, Tally } from "./kill-yard.ts";

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
export function cellsOf(parts: readonly Part[], aPart = ALONE, aPair = PAIRS): Cell[] {
	const alone = parts.map((part) => ({ name: part.name, parts: [part], points: aPart }));
	const pairs = parts.flatMap((first) =>
		parts
			.filter((second) => second !== first)
			.map((second) => ({ name: `${first.name} then ${second.name}`, parts: [first, second], points: aPair })),
	);
	return [...alone, ...pairs].filter(({ points }) => points > 0);
}

/** Runs one cell and says what it was. `fates` says what became of what the parts keep. */
export async function runCell(
	yard: KillYard,
	cell: Cell,
	seed: number,
	fates: () => string = () => "",
	each: (prng: Prng) => void = () => {},
): Promise<Tally> {
	const prng = new Prng(seed);
	yard.takeTally();
	for (let n = 1; n <= cell.points; n++) {
		each(prng);
		await yard.trial(`${cell.name}, seed ${seed}, point ${n}`, cell.parts, prng);
	}
	const t = yard.takeTally();
	const accepted = `${t.duties} duties, ${t.assessments} ratings and ${t.lists} lists accepted, none lost`;
	const met = `pulls gone on with ${t.resumed}, platform given up ${t.breaker}${fates()}`;
	const times = `slowest right again ${Math.round(t.slowestMs)} ms, a point ${Math.round(t.tookMs / t.points)} ms`;
	process.stderr.write(`kill matrix: ${cell.name}: seed ${seed}, ${t.points} points; ${accepted}; ${met}; ${times}\n`);
	return t;
}
