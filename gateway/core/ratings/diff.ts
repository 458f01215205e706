import type { Stars } from "../../../protocol/wire/units.ts";
import type { Driver, DriverKey, Rating, RatingChange } from "../model.ts";
import type { RatedRow } from "../types.ts";

/** What is known before a pull. */
export interface Known {
	readonly ratings: ReadonlyMap<DriverKey, Rating>;
	readonly drivers: ReadonlyMap<DriverKey, Driver>;
	readonly driverOfCertificate: ReadonlyMap<string, Driver>;
}

/** What a pull brings: each certificate at most once among the accepted. */
export interface Brought {
	readonly accepted: readonly RatedRow[];
	/** Their drivers keep the former rating, where the certificate ("" = unreadable) is known. */
	readonly quarantined: readonly { readonly certificate: string }[];
}

export interface DiffOptions {
	/** Id of the pull, written into each rating that it changes. */
	readonly pull: string;
	/** Stars that a rating owes now. */
	readonly owed: (rating: Rating) => Stars;
	/** A pull that removes more than this share of the rated drivers is held (0.02). */
	readonly removedShare: number;
	/** A pull that lowers the owed stars of more than this share of the rated drivers is held (0.05). */
	readonly loweredShare: number;
}

export interface RatingDiff {
	readonly changes: readonly RatingChange[];
	readonly added: number;
	readonly changed: number;
	readonly removed: number;
	/** Drivers whose owed stars fall; those removed are not among them. */
	readonly lowered: number;
	/** Drivers whose rating would be replaced by one of an earlier day. */
	readonly wentBack: number;
	/** Why a person must look first: `removes-too-many`, `lowers-too-many`; empty = nobody. */
	readonly heldFor: readonly string[];
}

/** A rating is the same in its fields; comparing four costs a tenth of hashing a row. */
const sameRating = (a: Rating, b: RatedRow): boolean =>
	a.grade === b.grade && a.score === b.score && a.period === b.period && a.asOf === b.asOf;

/** What a pull changes: a driver it does not name is removed, one with a quarantined row stays. A first load is never held. */
export function diffRatings(known: Known, brought: Brought, options: DiffOptions): RatingDiff {
	const changes: RatingChange[] = [];
	const untouched = ratedAmong(known, brought.quarantined);
	let named = untouched.size;
	let added = 0;
	let lowered = 0;
	let wentBack = 0;
	for (const row of brought.accepted) {
		const former = ratingOf(known, row.certificate);
		if (former !== undefined && !untouched.has(row.certificate)) named += 1;
		if (former !== undefined && sameRating(former, row)) continue;
		const { certificate, grade, score, period, asOf } = row;
		const rating: Rating = { grade, score, period, asOf, pull: options.pull };
		if (former === undefined) added += 1;
		else {
			if (options.owed(rating) < options.owed(former)) lowered += 1;
			if (asOf < former.asOf) wentBack += 1;
		}
		changes.push({ op: "put", certificate, rating });
	}
	const changed = changes.length - added;
	// Most pulls name every rated driver, which a count tells.
	if (named < known.ratings.size)
		for (const certificate of absent(known, brought, untouched)) changes.push({ op: "remove", certificate });
	const removed = changes.length - added - changed;
	const rated = known.ratings.size;
	const heldFor: string[] = [];
	if (rated > 0 && removed > options.removedShare * rated) heldFor.push("removes-too-many");
	if (rated > 0 && lowered > options.loweredShare * rated) heldFor.push("lowers-too-many");
	return { changes, added, changed, removed, lowered, wentBack, heldFor };
}

const ratingOf = (known: Known, certificate: string): Rating | undefined => {
	const driver = known.driverOfCertificate.get(certificate);
	return driver === undefined ? undefined : known.ratings.get(driver.key);
};

/** Certificates of those who have a rating. */
function ratedAmong(known: Known, rows: readonly { readonly certificate: string }[]): Set<string> {
	const rated = new Set<string>();
	for (const { certificate } of rows) if (ratingOf(known, certificate) !== undefined) rated.add(certificate);
	return rated;
}

/** Certificates of rated drivers whom the pull does not name at all. */
function absent(known: Known, brought: Brought, untouched: ReadonlySet<string>): string[] {
	const named = new Set(untouched);
	for (const { certificate } of brought.accepted) named.add(certificate);
	const gone: string[] = [];
	for (const key of known.ratings.keys()) {
		const certificate = known.drivers.get(key)?.certificate;
		if (certificate !== undefined && !named.has(certificate)) gone.push(certificate);
	}
	return gone;
}
