import type { Face } from "../../device/core/types.ts";
import type { LampState } from "../../protocol/wire/messages.ts";

/** Star lamps behind one glass. */
export const LAMPS = 5;

/**
 * Five lamps, driven by a face, with faults. `glass` is what a passer-by sees: an open or stuck-off lamp stays dark, a stuck-on
 * one glows whatever it is told, a shorted one is taken to be dark (its fuse is gone).
 */
export class SimLamp {
	private face: Face = { pattern: "neutral", stars: 0 };
	private readonly states: LampState[] = new Array<LampState>(LAMPS).fill("ok");
	private powered = false;

	show(face: Face): void {
		this.face = face;
	}

	power(on: boolean): void {
		this.powered = on;
		this.face = { pattern: "neutral", stars: 0 };
	}

	/** What the lamps are told to show. */
	told(): Face {
		return this.face;
	}

	/** Stars that the lamps are told to show: 0 without power or for any other pattern. */
	toldStars(): number {
		return this.powered && this.face.pattern === "stars" ? this.face.stars : 0;
	}

	setFault(index: number, state: LampState): void {
		if (index >= 0 && index < LAMPS) this.states[index] = state;
	}

	/** As sensed, from left to right. */
	sensed(): readonly LampState[] {
		return [...this.states];
	}

	/** Whether one of them surely does not do what it is told; a lamp that nobody measures is not that. */
	broken(): boolean {
		return this.states.some((s) => s !== "ok" && s !== "unknown");
	}

	/** Lamps that glow, from left to right. */
	glass(): readonly boolean[] {
		const told = this.toldStars();
		return this.states.map((state, i) => {
			if (!this.powered) return false;
			if (state === "stuck-on") return true;
			return i < told && (state === "ok" || state === "unknown");
		});
	}
}
