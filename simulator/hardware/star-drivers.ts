import type { LampFault } from "../../protocol/wire/lamp-fault.ts";
import type { Prng } from "../random/prng.ts";
import { type Drive, levelOf } from "./pins.ts";
import { ShiftRegister } from "./shift-register.ts";
import { LAMPS } from "./sim-lamp.ts";
import { type LampNow, lampNow, pixelNow } from "./star-lamp.ts";
import { PixelStrip } from "./ws2812.ts";

/** How the five stars hang on the board. */
export type StarDriver = "pins" | "595" | "ws2812";

/** The board's pins, as in the reference light. */
export const PINS_OF = {
	/** Toggled by the host; a pin that has no PWM. */
	enable: 2,
	/** One transistor each, on pins that have PWM. */
	stars: [3, 5, 6, 9, 10] as readonly number[],
	register: { serial: 4, clock: 7, latch: 8, outputEnable: 9 },
	pixels: 6,
	/** Analog channels; the lamps' own inputs A3..A7 are led out on a Nano only, an Uno has the first three of them. */
	senses: { shunt: 0, supply: 1, ambient: 2, firstLamp: 3 },
} as const;

/** What stands between the board's pins and the stars. */
export interface Stars {
	/** A pin changed. */
	edge(cycle: number, pin: number, drive: Drive): void;
	/** When it changes by itself; null = not before the next edge. */
	readonly changesAt: number | null;
	/** Time passes, up to `changesAt` at most. */
	advance(cycle: number): void;
	/** Supply behind the switch comes or goes. */
	power(on: boolean): void;
	/** A star at this moment. */
	star(index: number, fault: LampFault | null, volts: number): LampNow;
}

/** A resistor pulls each transistor's gate down: a pin that floats gives no light. */
function onPins(): Stars {
	const driven: boolean[] = new Array<boolean>(LAMPS).fill(false);
	return {
		changesAt: null,
		advance() {},
		power() {},
		edge(_, pin, drive) {
			const at = PINS_OF.stars.indexOf(pin);
			if (at >= 0) driven[at] = levelOf(drive, "down");
		},
		star: (index, fault, volts) => lampNow(driven[index] === true, fault, volts),
	};
}

/** Q0..Q4 of a register that wakes with anything in it; a resistor holds its output-enable high, others the gates down. */
function onRegister(prng: Prng): Stars {
	const register = new ShiftRegister();
	register.power(prng);
	const { serial, clock, latch, outputEnable } = PINS_OF.register;
	return {
		changesAt: null,
		advance() {},
		power() {},
		edge(_, pin, drive) {
			if (pin === serial) register.setSerial(levelOf(drive, "down"));
			else if (pin === clock) register.setClock(levelOf(drive, "down"));
			else if (pin === latch) register.setLatchClock(levelOf(drive, "down"));
			else if (pin === outputEnable) register.setOutputEnable(levelOf(drive, "up"));
		},
		star: (index, fault, volts) => lampNow(register.output(index) === true, fault, volts),
	};
}

function onPixels(): Stars {
	const strip = new PixelStrip(LAMPS);
	return {
		get changesAt() {
			return strip.frameEndsAt;
		},
		advance: (cycle) => {
			strip.advance(cycle);
		},
		power: (on) => strip.power(on),
		edge(cycle, pin, drive) {
			if (pin === PINS_OF.pixels) strip.set(cycle, levelOf(drive, "down"));
		},
		star(index, fault, volts) {
			const { red, green, blue } = strip.colours[index] ?? { red: 0, green: 0, blue: 0 };
			return pixelNow(red + green + blue, fault, volts);
		},
	};
}

/** The parts of one driver as they are at power-on; `prng` says what a register wakes with. */
export function makeStars(driver: StarDriver, prng: Prng): Stars {
	if (driver === "pins") return onPins();
	return driver === "595" ? onRegister(prng) : onPixels();
}
