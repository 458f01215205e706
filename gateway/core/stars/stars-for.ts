import type { Stars, UnixSeconds } from "../../../protocol/wire/units.ts";
import type { Rating } from "../model.ts";
import type { StarPolicy } from "./policy.ts";

/** Stars of a rating under a policy at a time; none and too old ones are 0. */
export const starsFor = (policy: StarPolicy, rating: Rating | null, now: UnixSeconds): Stars => {
	if (rating === null || rating.grade === "unrated") return 0;
	if (now >= rating.asOf + policy.maxAgeDays * 86_400) return 0;
	if (policy.by === "grade") return policy.gradeStars[rating.grade];
	const { score } = rating;
	if (score === null) return 0;
	return policy.scoreBands.find((band) => score >= band.from)?.stars ?? 0;
};
