import type { Crypto } from "../../../protocol/ports/crypto.ts";
import { utf8Encode } from "../../../protocol/wire/bytes.ts";
import type { StarPolicy } from "./policy.ts";

/** A policy before its hash is known. */
export type PolicyTable = Omit<StarPolicy, "hash">;

/** Grade bands of the national assessment measure (AAA from 20, AA from 11, A from 4, B from 0; scores 0 to 30). */
const NATIONAL = { gradeBands: { AAA: 20, AA: 11, A: 4, B: 0 }, scoreRange: [0, 30] } as const;

/** By score: 20 and above 5 stars, 11-19 4, 7-10 3, 4-6 2, 0-3 1; not rated 0. */
const SCORE_2021: PolicyTable = {
	name: "score-2021",
	version: 1,
	by: "score",
	scoreBands: [
		{ from: 20, stars: 5 },
		{ from: 11, stars: 4 },
		{ from: 7, stars: 3 },
		{ from: 4, stars: 2 },
		{ from: 0, stars: 1 },
	],
	gradeStars: { AAA: 5, AA: 4, A: 3, B: 1, unrated: 0 },
	...NATIONAL,
	maxAgeDays: 550,
};

/** Tianjin's draft of 2019: four levels, the roof light shows 5, 3, 1 or 0 stars. */
const TIANJIN_2019: PolicyTable = {
	name: "tianjin-2019",
	version: 1,
	by: "grade",
	scoreBands: [],
	gradeStars: { AAA: 5, AA: 3, A: 1, B: 0, unrated: 0 },
	...NATIONAL,
	maxAgeDays: 550,
};

/** The presets by name. */
export const PRESETS: Readonly<Record<string, PolicyTable>> = {
	"score-2021": SCORE_2021,
	"tianjin-2019": TIANJIN_2019,
};
export const DEFAULT_PRESET = "score-2021";

/**
 * One text for one meaning: fields in a fixed order, numbers in shortest form. The policy's hash is SHA-256 over its UTF-8; it goes
 * into each grant, so two hosts with the same table have the same hash.
 */
export function canonicalPolicy(table: PolicyTable): string {
	const { AAA, AA, A, B, unrated } = table.gradeStars;
	return JSON.stringify([
		"liangxing-star-policy",
		table.name,
		table.version,
		table.by,
		table.scoreBands.map(({ from, stars }) => [from, stars]),
		[AAA, AA, A, B, unrated],
		[table.gradeBands.AAA, table.gradeBands.AA, table.gradeBands.A, table.gradeBands.B],
		table.scoreRange,
		table.maxAgeDays,
	]);
}

/** The policy with its hash (32 bytes). */
export const hashPolicy = (table: PolicyTable, crypto: Pick<Crypto, "sha256">): StarPolicy => ({
	...table,
	hash: crypto.sha256(utf8Encode(canonicalPolicy(table))),
});
