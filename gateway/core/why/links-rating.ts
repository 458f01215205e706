import type { DriverKey, Pull } from "../model.ts";
import type { Picture } from "../records.ts";
import { ratingEnds } from "../stars/decide.ts";
import { policyOf } from "../stars/policy-in-force.ts";
import { starsFor } from "../stars/stars-for.ts";
import { driverOf, type Fact, type Link, link, shortHash, type WhyView } from "./link.ts";

const DAY_S = 86_400;

/** Whether the driver on duty has a rating that was accepted, and if not, where it stopped. */
export function ratingLink(view: WhyView): Link {
	const { picture } = view;
	const driver = driverOf(view);
	if (driver === null) return link("rating", true, "rating-nobody");
	const rating = picture.ratings.get(driver);
	if (rating === undefined) return missing(picture, driver);
	const facts: Record<string, Fact> = { driver, grade: rating.grade, period: rating.period };
	if (rating.score !== null) facts["score"] = rating.score;
	const code = rating.grade === "unrated" ? "rating-unrated" : "rating-known";
	return link("rating", true, code, facts, rating.asOf * 1000, rating.pull);
}

/** No rating: it waits in a held pull, its row was not taken, or no source has it. */
function missing(picture: Picture, driver: DriverKey): Link {
	const certificate = picture.drivers.get(driver)?.certificate;
	for (const [pull, changes] of picture.heldChanges) {
		const waits = changes.some((change) => change.op === "put" && change.certificate === certificate);
		if (waits) return link("rating", false, "rating-held", { driver, pull }, atOf(picture, pull), pull);
	}
	const newest = picture.pulls.findLast(({ status }) => status === "applied" || status === "accepted");
	const row = newest?.quarantined.find((one) => one.driver === driver);
	if (newest !== undefined && row !== undefined) {
		const facts = { driver, row: row.row, reason: row.reason, pull: newest.id };
		return link("rating", false, "rating-quarantined", facts, newest.at, newest.id);
	}
	if (newest === undefined) return link("rating", false, "rating-no-pull", { driver });
	return link("rating", false, "rating-none", { driver, pull: newest.id }, newest.at, newest.id);
}

const atOf = (picture: Picture, pull: string): Pull["at"] | null =>
	picture.pulls.find(({ id }) => id === pull)?.at ?? null;

/** What the star policy makes of the rating. */
export function policyLink(view: WhyView): Link {
	const { picture, config, time } = view;
	const driver = driverOf(view);
	const rating = driver === null ? null : (picture.ratings.get(driver) ?? null);
	const policy = policyOf({ picture, config });
	const at = picture.policy?.activatedAt ?? null;
	const facts = { policy: policy.name, maxAgeDays: policy.maxAgeDays };
	const id = shortHash(policy.hash);
	if (rating === null) return link("policy", true, "policy-waits", facts, at, id);
	const ends = ratingEnds(policy, rating);
	if (time.s >= ends) {
		const ageDays = Math.floor((time.s - rating.asOf) / DAY_S);
		return link("policy", false, "rating-too-old", { ...facts, ageDays }, ends * 1000, id);
	}
	const stars = starsFor(policy, rating, time.s);
	return link("policy", true, "policy-applied", { ...facts, stars }, at ?? rating.asOf * 1000, id);
}
