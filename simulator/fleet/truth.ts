import type { RatedRow } from "../../gateway/core/types.ts";
import type { Stars } from "../../protocol/wire/units.ts";

/**
 * What each taxi's light owes, worked out by the simulator itself from the files and from whom it signed in. It never asks the
 * gateway, and it has its own table of stars: a gateway that decides wrongly is found, not believed.
 */
export interface Truth {
	/** The simulator signed this driver in on this plate; as at the depot, a driver has one duty at most. */
	signIn(plate: string, certificate: string): void;
	/** This driver went off duty there; nothing changes if another one is on duty meanwhile. */
	signOut(plate: string, certificate: string): void;
	/** Stars owed to whoever is on duty there; 0 for nobody, for an unrated driver and for one who is not in the file. */
	due(plate: string): Stars;
}

const DAY_S = 86_400;
/** The standard star policy in this judge's own words: 20 and more points 5 stars, from 11 4, from 7 3, from 4 2, from 0 1. */
const STAR_TABLE: readonly (readonly [number, Stars])[] = [
	[20, 5],
	[11, 4],
	[7, 3],
	[4, 2],
	[0, 1],
];
const MAX_AGE_DAYS = 550;

/** Stars that a driver with this rating is owed. */
export function starsOf(row: Pick<RatedRow, "grade" | "score" | "asOf"> | undefined, nowS: number): Stars {
	if (row === undefined || row.grade === "unrated" || row.score === null) return 0;
	if (nowS - row.asOf > MAX_AGE_DAYS * DAY_S) return 0;
	const score = row.score;
	return STAR_TABLE.find(([from]) => score >= from)?.[1] ?? 0;
}

/** @param nowS unix seconds, asked at each question: ratings age. */
export function makeTruth(rated: readonly RatedRow[], nowS: () => number): Truth {
	const ratings = new Map(rated.map((row) => [row.certificate, row]));
	const onDuty = new Map<string, string>();
	return {
		signIn(plate, certificate) {
			for (const [other, driver] of onDuty) if (driver === certificate) onDuty.delete(other);
			onDuty.set(plate, certificate);
		},
		signOut(plate, certificate) {
			if (onDuty.get(plate) === certificate) onDuty.delete(plate);
		},
		due(plate) {
			const driver = onDuty.get(plate);
			return driver === undefined ? 0 : starsOf(ratings.get(driver), nowS());
		},
	};
}
