import type { Stars } from "../../../protocol/wire/units.ts";
import type { CommandView } from "../commands/outcome.ts";
import type { DriverKey, RatingChange } from "../model.ts";
import { policyOf } from "../stars/policy-in-force.ts";
import { starsFor } from "../stars/stars-for.ts";

/** A driver whose owed stars would be others. */
export interface RatingMove {
	/** null = heard of for the first time; has no key yet. */
	readonly driver: DriverKey | null;
	readonly op: "add" | "change" | "remove";
	readonly from: Stars;
	readonly to: Stars;
}

/** Who would move if these changes were made now, in their order; certificate numbers stay behind. */
export function ratingMoves(view: CommandView, changes: readonly RatingChange[]): RatingMove[] {
	const { picture, time } = view;
	const policy = policyOf(view);
	const moves: RatingMove[] = [];
	for (const change of changes) {
		const driver = picture.driverOfCertificate.get(change.certificate)?.key ?? null;
		const former = driver === null ? null : (picture.ratings.get(driver) ?? null);
		const from = starsFor(policy, former, time.s);
		const to = change.op === "put" ? starsFor(policy, change.rating, time.s) : 0;
		if (from === to) continue;
		moves.push({ driver, op: change.op === "remove" ? "remove" : former === null ? "add" : "change", from, to });
	}
	return moves;
}
