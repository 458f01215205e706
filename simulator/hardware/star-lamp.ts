import type { LampFault } from "../../protocol/wire/lamp-fault.ts";

/** One star: a white LED with a series resistor, 20 mA at 12 V. */
const LED_VOLTS = 3;
const SERIES_OHMS = 450;
const NOMINAL_AMPS = 0.02;

/** A lamp at one moment: light of 0..1 (1 = at 12 V or above), current in amperes. */
export interface LampNow {
	readonly light: number;
	readonly amps: number;
}

const OFF: LampNow = { light: 0, amps: 0 };

/**
 * A lamp whose transistor is driven or not, with its LED open or shorted, or that transistor always or never on, at the volts behind the supply switch (0 = it does not conduct). */
export function lampNow(driven: boolean, fault: LampFault | null, volts: number): LampNow {
	const on = fault === "stuck-on" || (driven && fault !== "stuck-off");
	if (!on || volts <= 0 || fault === "open") return OFF;
	if (fault === "short") return { light: 0, amps: volts / SERIES_OHMS };
	const amps = Math.max(0, (volts - LED_VOLTS) / SERIES_OHMS);
	return { light: Math.min(1, amps / NOMINAL_AMPS), amps };
}

/** Current of one colour of a pixel at 255, and of its chip even when it is dark. */
const CHANNEL_AMPS = 0.012;
const PIXEL_IDLE_AMPS = 0.001;
/** Below this their regulator gives no 5 V any more. */
const PIXEL_LEAST_VOLTS = 4.5;

/** A star made of a pixel, whose sum of colours is 0..765. A stuck one is white or dark whatever comes; a short one takes no colour but current. */
export function pixelNow(sum: number, fault: LampFault | null, volts: number): LampNow {
	if (volts < PIXEL_LEAST_VOLTS || fault === "open") return OFF;
	if (fault === "stuck-off") return { light: 0, amps: PIXEL_IDLE_AMPS };
	if (fault === "short") return { light: 0, amps: 5 * CHANNEL_AMPS };
	const share = (fault === "stuck-on" ? 765 : sum) / 765;
	return { light: share, amps: PIXEL_IDLE_AMPS + 3 * CHANNEL_AMPS * share };
}
