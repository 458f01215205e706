import type { Change, DriverKey, Pull, QuarantinedRow, Rating, RatingChange } from "../model.ts";
import type { Picture } from "../records.ts";
import { starsFor } from "../stars/stars-for.ts";
import type { Command } from "../types.ts";
import { applyRatings } from "./apply-ratings.ts";
import { type CommandView, done, makeKey, metaChange, type Outcome } from "./outcome.ts";

type PullCommand = Extract<Command, { what: "ratings-pull" }>;

interface Diff {
	readonly changes: readonly RatingChange[];
	readonly added: number;
	readonly changed: number;
	readonly removed: number;
	readonly lowered: number;
	readonly heldFor: readonly string[];
}

/** The newest pull whose ratings hold. */
const newestApplied = (picture: Picture): Pull | null =>
	picture.pulls.findLast((pull) => pull.status === "applied" || pull.status === "accepted") ?? null;

/** Takes a rating file: changes what differs in one transaction, or holds it for a person. The same file twice changes nothing. */
export function ratingsPull(view: CommandView, command: PullCommand): Outcome {
	const { picture, now } = view;
	const id = makeKey("P", picture.meta.nextPull);
	const quarantined = command.quarantined.map(({ row, reason, certificate }): QuarantinedRow => {
		const driver = certificate === "" ? undefined : picture.driverOfCertificate.get(certificate);
		return { row, reason, driver: driver?.key ?? null };
	});
	const base = {
		id,
		source: command.source,
		name: command.name,
		contentHash: command.contentHash,
		at: now.unix,
		rows: command.rows,
		accepted: command.accepted.length,
		quarantined,
	};
	const nextPull = { nextPull: picture.meta.nextPull + 1 };
	if (newestApplied(picture)?.contentHash === command.contentHash) {
		const same: Pull = { ...base, status: "unchanged", added: 0, changed: 0, removed: 0, lowered: 0, heldFor: [] };
		return done(answerOf(same), [{ type: "pull", pull: same, changes: null }, metaChange(picture.meta, nextPull)]);
	}
	const { changes, heldFor, ...counts } = diff(view, command, id);
	const status = heldFor.length > 0 ? "held" : "applied";
	const pull: Pull = { ...base, ...counts, heldFor, status };
	const applied =
		status === "applied" ? applyRatings(picture, changes, picture.meta) : { rows: [], meta: picture.meta };
	return done(answerOf(pull), [
		...supersedeHeld(picture),
		...applied.rows,
		{ type: "pull", pull, changes: status === "held" ? changes : null },
		metaChange(applied.meta, nextPull),
	]);
}

/** Held pulls were compared with ratings that this one is compared with too: only the newest may still be accepted. */
const supersedeHeld = (picture: Picture): Change[] =>
	picture.pulls
		.filter((pull) => pull.status === "held")
		.map((pull) => ({ type: "pull", pull: { ...pull, status: "rejected" }, changes: null }));

const answerOf = ({ id, status, rows, accepted, quarantined, added, changed, removed, lowered, heldFor }: Pull) => ({
	pull: id,
	status,
	rows,
	accepted,
	quarantined: quarantined.length,
	added,
	changed,
	removed,
	lowered,
	heldFor,
});

const sameRating = (a: Rating, b: Rating): boolean =>
	a.grade === b.grade && a.score === b.score && a.period === b.period && a.asOf === b.asOf;

function diff(view: CommandView, command: PullCommand, pull: string): Diff {
	const { picture, config, time } = view;
	const before = picture.ratings.size;
	const changes: RatingChange[] = [];
	const seen = new Set<DriverKey>();
	let added = 0;
	let changed = 0;
	let removed = 0;
	let lowered = 0;
	const owed = (rating: Rating | null) => starsFor(config.policy, rating, time.s);
	for (const { certificate, grade, score, period, asOf } of command.accepted) {
		const driver = picture.driverOfCertificate.get(certificate);
		const former = driver === undefined ? undefined : picture.ratings.get(driver.key);
		if (driver !== undefined) seen.add(driver.key);
		const rating: Rating = { grade, score, period, asOf, pull };
		if (former !== undefined && sameRating(former, rating)) continue;
		if (former === undefined) added += 1;
		else changed += 1;
		if (former !== undefined && owed(rating) < owed(former)) lowered += 1;
		changes.push({ op: "put", certificate, rating });
	}
	for (const { certificate } of command.quarantined) {
		const driver = picture.driverOfCertificate.get(certificate);
		if (driver !== undefined) seen.add(driver.key);
	}
	for (const key of picture.ratings.keys()) {
		if (seen.has(key)) continue;
		const driver = picture.drivers.get(key);
		if (driver === undefined) continue;
		removed += 1;
		changes.push({ op: "remove", certificate: driver.certificate });
	}
	const heldFor: string[] = [];
	if (before > 0 && removed > config.heldRemovedShare * before) heldFor.push("removes-too-many");
	if (before > 0 && lowered > config.heldLoweredShare * before) heldFor.push("lowers-too-many");
	return { changes, added, changed, removed, lowered, heldFor };
}
