import type { Change, DepotMeta, Driver, DriverKey, Pull, QuarantinedRow } from "../model.ts";
import { diffRatings } from "../ratings/diff.ts";
import type { Picture } from "../records.ts";
import { policyOf } from "../stars/policy-in-force.ts";
import { starsFor } from "../stars/stars-for.ts";
import type { Command } from "../types.ts";
import { applyRatings } from "./apply-ratings.ts";
import { type CommandView, done, makeKey, metaChange, type Outcome } from "./outcome.ts";

type PullCommand = Extract<Command, { what: "ratings-pull" }>;

/** The newest pull whose ratings hold. */
const newestApplied = (picture: Picture): Pull | null =>
	picture.pulls.findLast((pull) => pull.status === "applied" || pull.status === "accepted") ?? null;

/**
 * Whether a platform's list is older than what is known: the picture is older than the newest that was taken, or more than a share of the
 * rated drivers would get a rating of an earlier day. A platform that was restored from a backup sends such lists, and old data must not
 * pass for new; a single correction may go back. A person who imports an old file means it.
 */
function goesBack(picture: Picture, command: PullCommand, wentBack: number, share: number): boolean {
	const { asOf, source } = command;
	if (asOf === undefined) return false;
	const taken = picture.pulls.findLast(
		(p) => p.source === source && p.asOf !== undefined && p.status !== "held" && p.status !== "rejected",
	);
	return (taken?.asOf !== undefined && asOf < taken.asOf) || wentBack > share * picture.ratings.size;
}

/**
 * Drivers of whom only a row that could not be taken is known get their key as well: asked later why such a driver has no star,
 * the depot must be able to name the row.
 */
function heardOf(
	picture: Picture,
	command: PullCommand,
): { readonly rows: Change[]; readonly meta: DepotMeta; readonly keys: ReadonlyMap<string, DriverKey> } {
	const taken = new Set(command.accepted.map(({ certificate }) => certificate));
	const rows: Change[] = [];
	const keys = new Map<string, DriverKey>();
	let { nextDriver } = picture.meta;
	for (const { certificate } of command.quarantined) {
		if (certificate === "" || taken.has(certificate) || keys.has(certificate)) continue;
		if (picture.driverOfCertificate.has(certificate)) continue;
		const driver: Driver = { key: makeKey("D", nextDriver++), certificate };
		keys.set(certificate, driver.key);
		rows.push({ type: "driver", driver });
	}
	return { rows, meta: { ...picture.meta, nextDriver }, keys };
}

/**
 * Takes a rating file: changes what differs in one transaction, or holds it for a person. The same file twice changes nothing; but
 * bytes alone do not say that nothing is to be changed: a date that was in the future has come, a setting was changed.
 */
export function ratingsPull(view: CommandView, command: PullCommand): Outcome {
	const { picture, now } = view;
	const id = makeKey("P", picture.meta.nextPull);
	const heard = heardOf(picture, command);
	const quarantined = command.quarantined.map(({ row, reason, certificate }): QuarantinedRow => {
		const key = picture.driverOfCertificate.get(certificate)?.key ?? heard.keys.get(certificate);
		return { row, reason, driver: certificate === "" ? null : (key ?? null) };
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
		...(command.asOf === undefined ? {} : { asOf: command.asOf }),
	};
	const nextPull = { nextPull: picture.meta.nextPull + 1 };
	const { changes, wentBack, ...diff } = diffRatings(picture, command, {
		pull: id,
		owed: (rating) => starsFor(policyOf(view), rating, view.time.s),
		removedShare: view.config.heldRemovedShare,
		loweredShare: view.config.heldLoweredShare,
	});
	const old = changes.length > 0 && goesBack(picture, command, wentBack, view.config.heldRemovedShare);
	const counts = old ? { ...diff, heldFor: [...diff.heldFor, "goes-back"] } : diff;
	const isSame = changes.length === 0 && newestApplied(picture)?.contentHash === command.contentHash;
	const status = isSame ? "unchanged" : counts.heldFor.length > 0 ? "held" : "applied";
	const pull: Pull = { ...base, ...counts, status };
	if (command.dryRun === true) return done(foreseenOf(pull), []);
	if (isSame)
		return done(answerOf(pull), [
			...supersedeHeld(picture),
			...heard.rows,
			{ type: "pull", pull, changes: null },
			metaChange(heard.meta, nextPull),
		]);
	const applied = status === "applied" ? applyRatings(picture, changes, heard.meta) : { rows: [], meta: heard.meta };
	return done(answerOf(pull), [
		...supersedeHeld(picture),
		...heard.rows,
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

const answerOf = (pull: Pull) => ({ pull: pull.id, ...foreseenOf(pull) });

/** What a dry run tells: all but the id, since there is no pull. */
const foreseenOf = ({ status, rows, accepted, quarantined, added, changed, removed, lowered, heldFor }: Pull) => ({
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
