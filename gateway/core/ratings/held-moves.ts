import type { Stars } from "../../../protocol/wire/units.ts";
import type { CommandView } from "../commands/outcome.ts";
import type { DriverKey, RatingChange } from "../model.ts";
import { policyOf } from "../stars/policy-in-force.ts";
import { starsFor } from "../stars/stars-for.ts";
import { type WhoMoves, whoMoves } from "../stars/who-moves.ts";

/** How much a held pull would change of what is rated now, against the limits beyond which a person must look. */
export interface HeldShares {
	/** Drivers that have a rating now. */
	readonly rated: number;
	readonly removed: number;
	readonly lowered: number;
	/** Shares of the rated drivers, 0..1; a pull beyond one is held. */
	readonly mostRemoved: number;
	readonly mostLowered: number;
}

export interface HeldMoves extends WhoMoves {
	readonly shares: HeldShares;
	readonly drivers: WhoMoves["drivers"] & { readonly rated: number };
}

/** Who would move if a held pull were accepted now: drivers, and the lights on which they are. No certificate number is in it. */
export function heldMoves(view: CommandView, changes: readonly RatingChange[]): HeldMoves {
	const { picture, time, config } = view;
	const policy = policyOf(view);
	const then = new Map<DriverKey, Stars>();
	const pairs: (readonly [Stars, Stars])[] = [];
	const now = (driver: DriverKey): Stars => starsFor(policy, picture.ratings.get(driver) ?? null, time.s);
	let removed = 0;
	let lowered = 0;
	for (const change of changes) {
		const key = picture.driverOfCertificate.get(change.certificate)?.key ?? null;
		const from = key === null ? 0 : now(key);
		const to = change.op === "put" ? starsFor(policy, change.rating, time.s) : 0;
		if (key !== null) then.set(key, to);
		pairs.push([from, to]);
		if (change.op === "remove") removed += 1;
		else if (to < from) lowered += 1;
	}
	const both = (driver: DriverKey): readonly [Stars, Stars] => {
		const from = now(driver);
		return [from, then.get(driver) ?? from];
	};
	for (const driver of picture.ratings.keys()) if (!then.has(driver)) pairs.push(both(driver));
	const moves = whoMoves(view, both, pairs);
	return {
		...moves,
		drivers: { rated: picture.ratings.size, ...moves.drivers },
		shares: {
			rated: picture.ratings.size,
			removed,
			lowered,
			mostRemoved: config.heldRemovedShare,
			mostLowered: config.heldLoweredShare,
		},
	};
}
