import { concatBytes, utf8Encode } from "../../../protocol/wire/bytes.ts";
import { isStars, type Stars } from "../../../protocol/wire/units.ts";
import type { CommandView } from "../commands/outcome.ts";
import { keyOrder } from "../lists/page.ts";
import { decide } from "./decide.ts";
import { owingOf } from "./owing.ts";
import type { StarPolicy } from "./policy.ts";
import { policyOf } from "./policy-in-force.ts";
import { starsFor } from "./stars-for.ts";

/** How many drivers and lights go from so many stars to so many. */
export interface PolicyMove {
	readonly from: Stars;
	readonly to: Stars;
	readonly drivers: number;
	readonly lights: number;
}

export interface PolicyDiff {
	readonly lights: { readonly up: number; readonly down: number; readonly same: number };
	readonly drivers: { readonly rated: number; readonly moved: number; readonly up: number; readonly down: number };
	readonly moves: readonly PolicyMove[];
}

const ALL_STARS = [5, 4, 3, 2, 1, 0].filter(isStars);

/** Counts of moves by from and to. */
class Tally {
	private readonly counts = new Map<number, number>();
	up = 0;
	down = 0;
	same = 0;

	add(from: Stars, to: Stars): void {
		const place = from * 10 + to;
		this.counts.set(place, (this.counts.get(place) ?? 0) + 1);
		if (to > from) this.up += 1;
		else if (to < from) this.down += 1;
		else this.same += 1;
	}

	of(from: Stars, to: Stars): number {
		return this.counts.get(from * 10 + to) ?? 0;
	}
}

/** What another policy would change now: for the lights by who is on duty, for the drivers by their ratings. */
export function diffPolicy(view: CommandView, policy: StarPolicy): PolicyDiff {
	const { picture, time } = view;
	const active = policyOf(view);
	const drivers = new Tally();
	for (const rating of picture.ratings.values())
		drivers.add(starsFor(active, rating, time.s), starsFor(policy, rating, time.s));
	const lights = new Tally();
	for (const light of picture.lights.keys()) {
		const owing = owingOf(picture, light);
		lights.add(decide(owing, active, time.s).stars, decide(owing, policy, time.s).stars);
	}
	const moves = ALL_STARS.flatMap((from) =>
		ALL_STARS.map((to) => ({ from, to, drivers: drivers.of(from, to), lights: lights.of(from, to) })),
	).filter((move) => move.drivers + move.lights > 0);
	const { up, down, same } = drivers;
	return {
		lights: { up: lights.up, down: lights.down, same: lights.same },
		drivers: { rated: up + down + same, moved: up + down, up, down },
		moves,
	};
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
