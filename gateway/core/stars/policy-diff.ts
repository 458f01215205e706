import { concatBytes, utf8Encode } from "../../../protocol/wire/bytes.ts";
import type { Stars } from "../../../protocol/wire/units.ts";
import type { CommandView } from "../commands/outcome.ts";
import { keyOrder } from "../lists/page.ts";
import type { Rating } from "../model.ts";
import type { StarPolicy } from "./policy.ts";
import { policyOf } from "./policy-in-force.ts";
import { starsFor } from "./stars-for.ts";
import { type StarsCount, type WhoMoves, whoMoves } from "./who-moves.ts";

export interface PolicyDiff {
	readonly lights: WhoMoves["lights"];
	readonly drivers: WhoMoves["drivers"] & { readonly rated: number };
	readonly moves: readonly StarsCount[];
}

/** Who would move under another policy now: for the lights by who is on duty, for the drivers by their ratings. */
export function policyMoves(view: CommandView, policy: StarPolicy): WhoMoves {
	const { picture, time } = view;
	const active = policyOf(view);
	const both = (rating: Rating | null): readonly [Stars, Stars] => [
		starsFor(active, rating, time.s),
		starsFor(policy, rating, time.s),
	];
	return whoMoves(view, (driver) => both(picture.ratings.get(driver) ?? null), [...picture.ratings.values()].map(both));
}

/** The same in counts. */
export function diffPolicy(view: CommandView, policy: StarPolicy): PolicyDiff {
	const { lights, drivers, counts } = policyMoves(view, policy);
	return { lights, drivers: { rated: view.picture.ratings.size, ...drivers }, moves: counts };
}

/**
 * What a dry run was made of: the policy, the active one, and every rating. Who is on duty is left out: it changes all day, and moves
 * no driver's stars. 32 bytes.
 */
export function dryRunHash(view: CommandView, policy: StarPolicy): Uint8Array {
	const { picture, crypto } = view;
	const rows = [...picture.ratings.keys()].sort(keyOrder).map((driver) => {
		const rating = picture.ratings.get(driver);
		return `${driver},${rating?.grade},${rating?.score},${rating?.asOf}`;
	});
	return crypto.sha256(
		concatBytes(utf8Encode("liangxing-policy-dry-run"), policy.hash, policyOf(view).hash, utf8Encode(rows.join("\n"))),
	);
}
