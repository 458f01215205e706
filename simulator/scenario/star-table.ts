import type { Grade } from "../../gateway/core/model.ts";
import type { RatedRow } from "../../gateway/core/types.ts";
import type { Stars } from "../../protocol/wire/units.ts";

const DAY_S = 86_400;

/** The judge's own table, in its own words: it must not come from the gateway that it judges. */
export function starsOf(row: RatedRow | null, nowS: number, maxAgeDays: number): Stars {
	if (row === null || row.grade === "unrated" || row.score === null) return 0;
	if (nowS > row.asOf + maxAgeDays * DAY_S) return 0;
	if (row.score >= 20) return 5;
	if (row.score >= 11) return 4;
	if (row.score >= 7) return 3;
	if (row.score >= 4) return 2;
	return 1;
}

/** Grade that a score has by the bands of the sample files. */
export function gradeOfScore(score: number): Grade {
	if (score >= 20) return "AAA";
	if (score >= 11) return "AA";
	return score >= 4 ? "A" : "B";
}
