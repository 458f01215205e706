import { HZ } from "./pins.ts";

/** A pixel's colour, each 0..255. */
export interface Colour {
	readonly red: number;
	readonly green: number;
	readonly blue: number;
}

const DARK: Colour = { red: 0, green: 0, blue: 0 };
const micros = (us: number): number => (us * HZ) / 1e6;
/** A high time above this is a 1. */
const ONE_CYCLES = micros(0.55);
/** A high time below this is no bit: the strip does not see it. */
const LEAST_CYCLES = micros(0.15);
/** A low time of this ends a frame: the strip shows what came. */
const FRAME_END_CYCLES = micros(50);
const BITS = 24;

/**
 * A strip of WS2812, green first. Each pixel takes the first 24 bits and passes on the others; what came whole is shown when the
 * line was low for 50 us. Without supply it hears nothing and forgets; it wakes dark.
 */
export class PixelStrip {
	private readonly shown: Colour[];
	private bits: number[] = [];
	private level = false;
	private since = 0;
	private powered = false;
	private frames = 0;

	constructor(length: number) {
		this.shown = new Array<Colour>(length).fill(DARK);
	}

	/** What the pixels show. */
	get colours(): readonly Colour[] {
		return this.shown;
	}

	/** Frames that were taken, empty ones left out. */
	get frameCount(): number {
		return this.frames;
	}

	/** When the frame that is on the line ends if the line stays low; null = none is. */
	get frameEndsAt(): number | null {
		return this.level || this.bits.length === 0 ? null : this.since + FRAME_END_CYCLES;
	}

	/** Supply comes or goes. */
	power(on: boolean): void {
		if (on === this.powered) return;
		this.powered = on;
		this.bits = [];
		this.shown.fill(DARK);
	}

	/** Time passes; true when a frame ended and is shown. */
	advance(cycle: number): boolean {
		const ends = this.frameEndsAt;
		if (ends === null || cycle < ends) return false;
		const whole = Math.min(this.shown.length, Math.floor(this.bits.length / BITS));
		for (let n = 0; n < whole; n++) this.shown[n] = this.colourAt(n);
		this.bits = [];
		this.frames++;
		return true;
	}

	/** The data line's level from `cycle` on; call `advance` first. */
	set(cycle: number, level: boolean): void {
		if (level === this.level) return;
		const high = cycle - this.since;
		if (!level && this.powered && high >= LEAST_CYCLES) this.bits.push(high > ONE_CYCLES ? 1 : 0);
		this.level = level;
		this.since = cycle;
	}

	private colourAt(index: number): Colour {
		const byte = (n: number): number =>
			this.bits.slice(index * BITS + n * 8, index * BITS + n * 8 + 8).reduce((value, bit) => value * 2 + bit, 0);
		return { green: byte(0), red: byte(1), blue: byte(2) };
	}
}
