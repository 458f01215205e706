import { isStars, type LightId, type Stars } from "../../../protocol/wire/units.ts";
import type { CommandView } from "../commands/outcome.ts";
import type { DriverKey } from "../model.ts";
import { owingOf } from "./owing.ts";

/** How many drivers and lights go from so many stars to so many; those that stay are in it. */
export interface StarsCount {
	readonly from: Stars;
	readonly to: Stars;
	readonly drivers: number;
	readonly lights: number;
}

/** A light whose driver would owe other stars. */
export interface LightMove {
	readonly light: LightId;
	readonly plate: string;
	readonly driver: DriverKey;
	/** false = nobody is on duty there: the light stays dark now, and the driver would see it at the next sign-in. */
	readonly onDuty: boolean;
	readonly from: Stars;
	readonly to: Stars;
}

export interface WhoMoves {
	/** `dark` = those of `down` that would show no star; `resting` = nobody on duty, a driver of theirs would move. */
	readonly lights: {
		readonly up: number;
		readonly down: number;
		readonly dark: number;
		readonly same: number;
		readonly resting: number;
	};
	/** Drivers that would have other stars. */
	readonly drivers: { readonly moved: number; readonly up: number; readonly down: number };
	readonly counts: readonly StarsCount[];
	/** On duty first; the largest fall first. */
	readonly moves: readonly LightMove[];
}

const ALL_STARS = [5, 4, 3, 2, 1, 0].filter(isStars);

/** Counts by from and to. */
class Grid {
	private readonly counts = new Map<number, number>();

	add(from: Stars, to: Stars): void {
		const place = from * 10 + to;
		this.counts.set(place, this.of(from, to) + 1);
	}

	of(from: Stars, to: Stars): number {
		return this.counts.get(from * 10 + to) ?? 0;
	}

	sum(of: (from: Stars, to: Stars) => boolean): number {
		let all = 0;
		for (const from of ALL_STARS) for (const to of ALL_STARS) if (of(from, to)) all += this.of(from, to);
		return all;
	}
}

/** On duty before resting; then the largest fall, then by plate. */
const worstFirst = (a: LightMove, b: LightMove): number =>
	Number(b.onDuty) - Number(a.onDuty) ||
	a.to - a.from - (b.to - b.from) ||
	(a.plate < b.plate ? -1 : a.plate > b.plate ? 1 : 0);

/**
 * What another way to owe stars would change now. `starsOf` gives a driver's stars now and then; `drivers` gives all drivers that count,
 * so that a driver without a key can be among them.
 */
export function whoMoves(
	{ picture }: Pick<CommandView, "picture">,
	starsOf: (driver: DriverKey) => readonly [Stars, Stars],
	drivers: Iterable<readonly [Stars, Stars]>,
): WhoMoves {
	const ofDrivers = new Grid();
	for (const [from, to] of drivers) ofDrivers.add(from, to);
	const ofLights = new Grid();
	const moves: LightMove[] = [];
	const lights = { up: 0, down: 0, dark: 0, same: 0, resting: 0 };
	for (const light of picture.lights.keys()) {
		const { vehicle: key, duty } = owingOf(picture, light);
		const vehicle = key === null ? undefined : picture.vehicles.get(key);
		const [from, to] = duty === null ? ([0, 0] as const) : starsOf(duty.driver);
		ofLights.add(from, to);
		if (to > from) lights.up += 1;
		else if (to < from) lights.down += 1;
		else lights.same += 1;
		if (to < from && to === 0) lights.dark += 1;
		if (vehicle === undefined) continue;
		if (duty !== null) {
			if (from !== to) moves.push({ light, plate: vehicle.plate, driver: duty.driver, onDuty: true, from, to });
			continue;
		}
		const waiting = [...new Set([vehicle.main, vehicle.deputy])].flatMap((driver): LightMove[] => {
			if (driver === null) return [];
			const [now, then] = starsOf(driver);
			return now === then ? [] : [{ light, plate: vehicle.plate, driver, onDuty: false, from: now, to: then }];
		});
		if (waiting.length > 0) lights.resting += 1;
		moves.push(...waiting);
	}
	const up = ofDrivers.sum((from, to) => to > from);
	const down = ofDrivers.sum((from, to) => to < from);
	const counts = ALL_STARS.flatMap((from) =>
		ALL_STARS.map((to) => ({ from, to, drivers: ofDrivers.of(from, to), lights: ofLights.of(from, to) })),
	).filter((count) => count.drivers + count.lights > 0);
	return { lights, drivers: { moved: up + down, up, down }, counts, moves: moves.sort(worstFirst) };
}
