import type { LampState } from "../../protocol/wire/messages.ts";
import type { Face } from "../core/types.ts";
import type { Lamp } from "../hal/lamp.ts";

/** Star lamps behind one glass. */
export const LAMPS = 5;
const DARK: Face = { pattern: "neutral", stars: 0 };

/** A lamp without a glass: it remembers what it was told, so that a program can read what a passer-by would see. */
export class MemoryLamp implements Lamp {
	private told: Face = DARK;
	private states: readonly LampState[] = new Array<LampState>(LAMPS).fill("ok");
	private listener: ((lamps: readonly LampState[], sensed: boolean) => void) | null = null;
	private readonly watch: ((face: Face) => void) | null;

	/** `watch` is told of each face. */
	constructor(watch: ((face: Face) => void) | null = null) {
		this.watch = watch;
	}

	show(face: Face): void {
		this.told = face;
		this.watch?.(face);
	}

	/** What the lamp was told last. */
	face(): Face {
		return this.told;
	}

	/** Lamps that glow, from left to right: a broken one stays dark, a stuck-on one glows whatever it is told. */
	glass(): readonly boolean[] {
		const lit = this.told.pattern === "stars" ? this.told.stars : 0;
		return this.states.map((state, index) => state === "stuck-on" || (state === "ok" && index < lit));
	}

	/** Breaks or mends a lamp (0 = left). */
	setLamp(index: number, state: LampState): void {
		this.states = this.states.map((before, at) => (at === index ? state : before));
		this.listener?.(this.states, true);
	}

	onStates(listener: (lamps: readonly LampState[], sensed: boolean) => void): void {
		this.listener = listener;
		listener(this.states, true);
	}

	close(): Promise<void> {
		this.show(DARK);
		this.listener = null;
		return Promise.resolve();
	}
}
