/** What a chip does at one of its pins: drives it low or high, leaves it floating, or pulls it up weakly. */
export const DRIVE = { low: 0, high: 1, floating: 2, pulledUp: 3 } as const;
export type Drive = (typeof DRIVE)[keyof typeof DRIVE];

/** A change at a pin, at a cycle of the chip. */
export interface PinEdge {
	readonly cycle: number;
	/** As it is printed on the board: 0..13 digital, 14.. = A0... */
	readonly pin: number;
	readonly drive: Drive;
}

/** Cycles of the board in a second. */
export const HZ = 16_000_000;
/** Cycles of the board in a millisecond. */
export const CYCLES_PER_MS = HZ / 1000;
/** Pins of an Uno or a Nano that a program can drive: D0..D13 and A0..A5. */
export const PINS = 20;

/** What a logic input sees, with a resistor that holds a pin that nobody drives. */
export const levelOf = (drive: Drive, resistor: "up" | "down"): boolean =>
	drive === DRIVE.high || drive === DRIVE.pulledUp || (drive === DRIVE.floating && resistor === "up");
