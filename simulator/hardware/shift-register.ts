import type { Prng } from "../random/prng.ts";

/**
 * A 74HC595: eight bits are shifted in and taken over into latches that drive the outputs. It has no reset of the latches, so that
 * it wakes with whatever they hold: `power` draws that. While `outputEnable` (active low) is high the outputs float.
 */
export class ShiftRegister {
	private shift = 0;
	private latches = 0;
	private serial = false;
	private clock = false;
	private latchClock = false;
	private disabled = true;

	/** Power comes: register and latches hold anything. */
	power(prng: Prng): void {
		this.shift = prng.int(0, 255);
		this.latches = prng.int(0, 255);
	}

	/** Output Q0..Q7: null = floating. */
	output(index: number): boolean | null {
		return this.disabled ? null : ((this.latches >> index) & 1) === 1;
	}

	/** What the latches hold, Q0 in bit 0, driven out or not. */
	get held(): number {
		return this.latches;
	}

	setSerial(level: boolean): void {
		this.serial = level;
	}

	/** SRCLK: a rise shifts the serial input in at Q0's end. */
	setClock(level: boolean): void {
		if (level && !this.clock) this.shift = ((this.shift << 1) | (this.serial ? 1 : 0)) & 0xff;
		this.clock = level;
	}

	/** RCLK: a rise takes the shifted bits over. */
	setLatchClock(level: boolean): void {
		if (level && !this.latchClock) this.latches = this.shift;
		this.latchClock = level;
	}

	/** OE: high turns the outputs off. */
	setOutputEnable(level: boolean): void {
		this.disabled = level;
	}
}
