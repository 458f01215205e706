import { type MonoMs, monoMs, type UnixMs, unixMs } from "../../protocol/wire/units.ts";

/** How a machine's oscillator strays from true time. Parts per million: 50 ppm is 4.3 s a day. */
export type Drift =
	| { readonly model: "none" }
	| { readonly model: "linear"; readonly ppm: number }
	/** Swings with the temperature: phase error of at most `ppm * periodMs / (2 pi) / 1e6`. */
	| { readonly model: "periodic"; readonly ppm: number; readonly periodMs: number };

/** Largest drift that a scenario may ask for; the checker's tolerance follows from it. */
export const MAX_DRIFT_PPM = 200;

/**
 * What one machine believes of time. Monotonic time starts anew with each power-on, never steps back and strays by the
 * oscillator's drift; wall time is true time plus an offset that may be stepped in either direction.
 */
export class MachineClock {
	private readonly drift: Drift;
	private readonly epochMs: number;
	private poweredAt = 0;
	private offsetMs = 0;

	/** `epochMs`: wall time (ms since 1970) at true time 0. */
	constructor(drift: Drift, epochMs: number) {
		this.drift = drift;
		this.epochMs = epochMs;
	}

	/** Loss of power: monotonic time starts anew. */
	powerOn(trueNow: number): void {
		this.poweredAt = trueNow;
	}

	/** Monotonic milliseconds since power-on, as this oscillator counts them (whole numbers). */
	mono(trueNow: number): MonoMs {
		return monoMs(Math.floor(this.local(trueNow - this.poweredAt)));
	}

	/** Wall clock, with its steps. */
	unix(trueNow: number): UnixMs {
		return unixMs(Math.floor(this.epochMs + this.offsetMs + trueNow));
	}

	/** Sets the wall clock's error: 0 is right, -86,400,000 a day behind. */
	setOffset(ms: number): void {
		this.offsetMs = ms;
	}

	offset(): number {
		return this.offsetMs;
	}

	/** The first true instant, to a millisecond, at which `mono` has been reached. */
	trueAt(mono: number): number {
		let at = this.poweredAt + mono;
		for (let i = 0; i < 4; i++) at += mono - this.local(at - this.poweredAt);
		return Math.ceil(at);
	}

	private local(elapsed: number): number {
		const d = this.drift;
		if (d.model === "none") return elapsed;
		if (d.model === "linear") return elapsed * (1 + d.ppm / 1e6);
		const swing = (d.ppm / 1e6) * (d.periodMs / (2 * Math.PI));
		return elapsed + swing * (1 - Math.cos((2 * Math.PI * elapsed) / d.periodMs));
	}
}
