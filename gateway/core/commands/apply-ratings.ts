import type { Change, DepotMeta, Driver, RatingChange } from "../model.ts";
import type { Picture } from "../records.ts";
import { makeKey } from "./outcome.ts";

/** Rating changes as rows to store; drivers heard of for the first time get a key. Answers the counters moved on. */
export function applyRatings(
	picture: Picture,
	changes: readonly RatingChange[],
	meta: DepotMeta,
): { readonly rows: Change[]; readonly meta: DepotMeta } {
	const rows: Change[] = [];
	let { nextDriver } = meta;
	for (const change of changes) {
		const known = picture.driverOfCertificate.get(change.certificate);
		if (change.op === "remove") {
			if (known !== undefined) rows.push({ type: "rating-removed", driver: known.key });
			continue;
		}
		let driver = known;
		if (driver === undefined) {
			driver = { key: makeKey("D", nextDriver), certificate: change.certificate } satisfies Driver;
			nextDriver += 1;
			rows.push({ type: "driver", driver });
		}
		rows.push({ type: "rating", driver: driver.key, rating: change.rating });
	}
	return { rows, meta: { ...meta, nextDriver } };
}
