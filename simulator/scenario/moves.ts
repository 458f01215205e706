import type { Prng } from "../random/prng.ts";
import type { LightHost } from "./light-host.ts";
import type { World } from "./world.ts";

/** One thing that happens to a world. `run` returns false when it cannot happen just now. */
export interface Move {
	/** Kind as counted in the result. */
	readonly kind: string;
	/** How often the first deck of a seed deals it; later decks draw their own weights. */
	readonly deals: number;
	/** Sets off a word from every light: the first deck spreads these. */
	readonly costly?: boolean;
	run(world: World, random: Prng): boolean;
}

/** Lights with power, not kept from being right on purpose: those have their own move. */
export const poweredLights = (world: World): readonly LightHost[] =>
	world.lights.filter((l) => l.powered && !isExcluded(world, l));

/** Those of them with stars on. */
export const litLights = (world: World): readonly LightHost[] =>
	poweredLights(world).filter((l) => l.lamp.toldStars() > 0);

export const isExcluded = (world: World, light: LightHost): boolean =>
	(world.excluded.get(light.taxi.light) ?? 0) > world.clock.now();
