import type { LightId, MonoMs } from "../../protocol/wire/units.ts";

/** Connections of one light that newer ones of the same id ended, within this time, that are no accident of a network. */
const OVERTAKES = 3;
const WITHIN_MS = 60_000;
/** Said again after this long. */
const SAY_AGAIN_MS = 3_600_000;
/** Lights kept in mind; the one that was quiet for longest is forgotten first. */
const MOST_LIGHTS = 1_000;

interface Seen {
	readonly overtakes: readonly MonoMs[];
	readonly saidAt: MonoMs | null;
}

/** Finds lights that end each other's connections in turn: two controllers with one identity, as a copied memory makes them. */
export class TwinWatch {
	private readonly lights = new Map<LightId, Seen>();

	/** A connection of this light was ended by a newer one. True: it is time to say that there are two of it. */
	overtaken(light: LightId, now: MonoMs): boolean {
		const before = this.lights.get(light);
		const overtakes = [...(before?.overtakes ?? []), now].slice(-OVERTAKES);
		const often = overtakes.length === OVERTAKES && now - (overtakes[0] ?? now) <= WITHIN_MS;
		const saidAt = before?.saidAt ?? null;
		const say = often && (saidAt === null || now - saidAt >= SAY_AGAIN_MS);
		this.lights.delete(light);
		this.lights.set(light, { overtakes, saidAt: say ? now : saidAt });
		const oldest = this.lights.keys().next().value;
		if (this.lights.size > MOST_LIGHTS && oldest !== undefined) this.lights.delete(oldest);
		return say;
	}
}
