/** Parts of the charge pump, in volts, seconds and ratios. */
export interface SwitchParts {
	/** What the enable pin drives when it is high. */
	readonly pinVolts: number;
	/** Low-pass in front of the pump: PWM and servo pulses, which a chip gives without its host, do not get through. */
	readonly inputTau: number;
	/** Drop of each of the two diodes. */
	readonly diodeVolts: number;
	/** Share of the pumping capacitor: C1 / (C1 + C2). */
	readonly share: number;
	/** How the reservoir empties through its resistor; longer while the pin stays high, since the pumping capacitor then empties with it. */
	readonly reservoirTau: number;
	/** A Zener diode holds the reservoir below this, so that a fast host leaves no more in it than a slow one. */
	readonly clampVolts: number;
	/** The transistor begins to conduct here, and ends there. */
	readonly onVolts: number;
	readonly offVolts: number;
}

/** The reference light's parts. One edge gives 1.76 V and so never conducts; the fullest reservoir is down to `offVolts` in 1.2 s. */
export const REFERENCE_SWITCH: SwitchParts = {
	pinVolts: 5,
	inputTau: 0.02,
	diodeVolts: 0.3,
	share: 0.4,
	reservoirTau: 1.2,
	clampVolts: 2.7,
	onVolts: 2,
	offVolts: 1.5,
};

/** Steps of the sum, in seconds: small against all of the time constants. */
const STEP = 0.001;
/** A pin that is still for this many input time constants has told all. */
const STILL = 12;
const EMPTY_VOLTS = 0.001;

/**
 * The switch in the lamps' supply: it conducts while its enable pin toggles at 2 Hz or more, and at no steady level. A capacitor
 * carries each rise of the pin into a reservoir, which a resistor empties; the reservoir holds the supply's transistor. Time is in
 * seconds.
 */
export class SupplySwitch {
	private readonly parts: SwitchParts;
	private time = 0;
	private pin = false;
	private pinSince = 0;
	/** Behind the low-pass. */
	private input = 0;
	/** Across the pumping capacitor. */
	private across = 0;
	private reservoir = 0;
	private closed = false;

	constructor(parts: SwitchParts = REFERENCE_SWITCH) {
		this.parts = parts;
	}

	/** Whether it conducts, as of the last `advance`. */
	get conducts(): boolean {
		return this.closed;
	}

	/** Goes on to `time`; `changed` hears of each change on the way, at its time. */
	advance(time: number, changed: (at: number, conducts: boolean) => void): void {
		while (this.time < time) {
			if (this.isStill()) {
				this.time = time;
				return;
			}
			const to = Math.min(time, this.time + STEP);
			this.step(to - this.time);
			this.time = to;
			const { onVolts, offVolts } = this.parts;
			const closed = this.closed ? this.reservoir > offVolts : this.reservoir > onVolts;
			if (closed === this.closed) continue;
			this.closed = closed;
			changed(to, closed);
		}
	}

	/** The enable pin's level from now on; call `advance` first. */
	set(level: boolean): void {
		if (level === this.pin) return;
		this.pin = level;
		this.pinSince = this.time;
	}

	private isStill(): boolean {
		return this.reservoir < EMPTY_VOLTS && !this.closed && this.time - this.pinSince > STILL * this.parts.inputTau;
	}

	private step(seconds: number): void {
		const { pinVolts, inputTau, diodeVolts, share, reservoirTau, clampVolts } = this.parts;
		this.input += ((this.pin ? pinVolts : 0) - this.input) * (1 - Math.exp(-seconds / inputTau));
		this.reservoir *= Math.exp(-seconds / reservoirTau);
		// One diode holds the capacitor's far end above ground, the other lets what is above the reservoir into it.
		if (this.input - this.across < -diodeVolts) this.across = this.input + diodeVolts;
		const over = this.input - this.across - this.reservoir - diodeVolts;
		if (over <= 0) return;
		this.across += over * (1 - share);
		this.reservoir = Math.min(clampVolts, this.reservoir + over * share);
	}
}
