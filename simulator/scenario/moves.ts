import type { LightHost } from "./light-host.ts";
import type { World } from "./world.ts";

/** One thing that happens to a world. `run` returns false when it cannot happen just now. */
export interface Move {
	/** Kind as counted in the result. */
	readonly kind: string;
	/** How often the first deck of a seed deals it; later decks draw their own weights. */
	readonly deals: number;
	run(world: World, random: import("../random/prng.ts").Prng): boolean;
}

/** Longest time after which a calm world has to be right again (milliseconds): see docs/simulation.md. */
export const SECOND_MS = 1000;

export const poweredLights = (world: World): readonly LightHost[] => world.lights.filter((l) => l.powered);

/** Lights with stars on, not kept from being right on purpose. */
export const litLights = (world: World): readonly LightHost[] =>
	world.lights.filter((l) => l.powered && l.lamp.toldStars() > 0 && !isExcluded(world, l));

export const isExcluded = (world: World, light: LightHost): boolean =>
	(world.excluded.get(light.taxi.light) ?? 0) > world.clock.now();
