import { z } from "zod";
import type { Stars } from "../wire/units.ts";

const stars = z.union([0, 1, 2, 3, 4, 5].map((n) => z.literal(n as Stars)));
const score = z.number().min(0).max(1000);
const band = z.strictObject({ from: score.describe("Lower bound of the score"), stars });

/** Table of a star policy, as a YAML file and a request's body hold it. */
export const policyTable = z
	.strictObject({
		name: z.string().regex(/^[a-z0-9-]{1,32}$/, "1 to 32 characters of a-z, 0-9 and -"),
		version: z.int().min(1).max(1_000_000),
		by: z.enum(["score", "grade"]),
		scoreBands: z.array(band).max(30).describe("Highest lower bound first; used where `by` is score"),
		gradeStars: z
			.strictObject({ AAA: stars, AA: stars, A: stars, B: stars, unrated: z.literal(0, "0: not rated shows no star") })
			.describe("Used where `by` is grade"),
		gradeBands: z
			.strictObject({ AAA: score, AA: score, A: score, B: score })
			.describe("Lower bounds by which a file's grade and score must agree"),
		scoreRange: z.tuple([score, score]),
		maxAgeDays: z.int().min(1).max(3650).describe("A rating older than this owes no star"),
	})
	.superRefine((policy, context) => {
		const bands = policy.scoreBands;
		const falls = bands.every(
			(b, i) => i === 0 || (b.from < (bands[i - 1]?.from ?? 0) && b.stars <= (bands[i - 1]?.stars ?? 0)),
		);
		if (!falls)
			context.addIssue({
				code: "custom",
				path: ["scoreBands"],
				message: "highest lower bound first, and no more stars further down",
			});
		if (policy.by === "score" && bands.length === 0)
			context.addIssue({ code: "custom", path: ["scoreBands"], message: "by: score needs at least one band" });
		const { AAA, AA, A, B } = policy.gradeBands;
		if (!(AAA > AA && AA > A && A > B))
			context.addIssue({ code: "custom", path: ["gradeBands"], message: "AAA > AA > A > B" });
		if (policy.scoreRange[0] >= policy.scoreRange[1])
			context.addIssue({ code: "custom", path: ["scoreRange"], message: "the lower end comes first" });
	});
