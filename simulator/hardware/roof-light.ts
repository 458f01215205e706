import type { LampFault } from "../../protocol/wire/lamp-fault.ts";
import { Prng } from "../random/prng.ts";
import { CYCLES_PER_MS, type Drive, HZ, levelOf } from "./pins.ts";
import { LAMPS } from "./sim-lamp.ts";
import { makeStars, PINS_OF, type StarDriver, type Stars } from "./star-drivers.ts";
import { REFERENCE_SWITCH, SupplySwitch, type SwitchParts } from "./supply-switch.ts";

/** What an eye takes as one picture. */
export const EYE_MS = 40;
/** A star below this is dark to a passenger. */
export const DARK_BELOW = 0.01;
/** Changes older than this are forgotten; no window is longer. */
const HISTORY_CYCLES = 1000 * CYCLES_PER_MS;
/** Filter in front of the analog inputs, in seconds. */
const SENSE_TAU = 0.01;
/** A shunt of 1 ohm behind an amplifier of 20. */
const VOLTS_PER_AMP = 20;
/** Divider of the supply's input. */
const SUPPLY_DIVIDER = 4;
/** Light at which the ambient sensor gives half of its 5 V. */
const HALF_LUX = 200;
const ADC_MOST_VOLTS = 5;

/** Volts at the board's analog inputs. */
export interface Senses {
	/** All lamps' current on one shunt. */
	readonly shunt: number;
	/** Each lamp's current on a shunt of its own. */
	readonly lamps: readonly number[];
	readonly supply: number;
	readonly ambient: number;
}

export interface RoofLightOptions {
	readonly driver: StarDriver;
	/** What the register holds at power-on follows from it. */
	readonly seed: number;
	readonly parts?: SwitchParts;
	/** Hears each change of a star's light, at its cycle. */
	onLight?(cycle: number, star: number, light: number): void;
}

interface Level {
	readonly from: number;
	readonly light: number;
}

/**
 * The roof light as optics: pin edges in, light out. It knows the supply switch, the parts that drive the stars, what is broken,
 * the car's supply and the daylight, and nothing of the program or the chip. All that happens is told in the order of cycles.
 */
export class RoofLight {
	private readonly options: RoofLightOptions;
	private readonly stars: Stars;
	private readonly supplySwitch: SupplySwitch;
	private readonly faults: (LampFault | null)[] = new Array<LampFault | null>(LAMPS).fill(null);
	private readonly history: Level[][] = Array.from({ length: LAMPS }, () => [{ from: 0, light: 0 }]);
	private readonly amps: number[] = new Array<number>(LAMPS).fill(0);
	private readonly filtered: number[] = new Array<number>(LAMPS).fill(0);
	private filteredAt = 0;
	private cycle = 0;
	private volts = 12;
	private lux = 100;

	constructor(options: RoofLightOptions) {
		this.options = options;
		this.stars = makeStars(options.driver, new Prng(options.seed).split("register"));
		this.supplySwitch = new SupplySwitch(options.parts ?? REFERENCE_SWITCH);
	}

	/** Whether the lamps have supply. */
	get conducts(): boolean {
		return this.supplySwitch.conducts;
	}

	/** A pin of the board changed. */
	edge(cycle: number, pin: number, drive: Drive): void {
		this.advance(cycle);
		if (pin === PINS_OF.enable) this.supplySwitch.set(levelOf(drive, "down"));
		this.stars.edge(cycle, pin, drive);
		this.look(cycle);
	}

	/** The car's supply, in volts: 12, or 6 while it cranks. */
	setSupply(cycle: number, volts: number): void {
		this.advance(cycle);
		this.volts = volts;
		this.look(cycle);
	}

	/** Daylight, in lux. */
	setAmbient(cycle: number, lux: number): void {
		this.advance(cycle);
		this.lux = lux;
	}

	/** Breaks a lamp (0..4), or mends it with null. */
	setFault(cycle: number, star: number, fault: LampFault | null): void {
		this.advance(cycle);
		this.faults[star] = fault;
		this.look(cycle);
	}

	/** What a passenger sees who looked for `windowMs` until `cycle`: each star's brightness, 0..1. */
	seen(cycle: number, windowMs = EYE_MS): readonly number[] {
		this.advance(cycle);
		const from = Math.max(0, cycle - Math.min(HISTORY_CYCLES, windowMs * CYCLES_PER_MS));
		return this.history.map((levels) => (cycle <= from ? 0 : lightBetween(levels, from, cycle) / (cycle - from)));
	}

	/** The stars that a passenger counts as lit. */
	litStars(cycle: number, windowMs = EYE_MS): readonly boolean[] {
		return this.seen(cycle, windowMs).map((brightness) => brightness >= DARK_BELOW);
	}

	/** Volts at the analog inputs. */
	senses(cycle: number): Senses {
		this.advance(cycle);
		this.filterTo(cycle);
		const volt = (volts: number): number => Math.min(ADC_MOST_VOLTS, Math.max(0, volts));
		return {
			shunt: volt(this.filtered.reduce((sum, amps) => sum + amps, 0) * VOLTS_PER_AMP),
			lamps: this.filtered.map((amps) => volt(amps * VOLTS_PER_AMP)),
			supply: volt(this.volts / SUPPLY_DIVIDER),
			ambient: volt((ADC_MOST_VOLTS * this.lux) / (this.lux + HALF_LUX)),
		};
	}

	/** Time passes: the switch opens or closes, a frame ends, each at its cycle. */
	private advance(cycle: number): void {
		for (let at = this.stars.changesAt; at !== null && at <= cycle; at = this.stars.changesAt) {
			this.advanceSwitch(at);
			this.stars.advance(at);
			this.look(at);
		}
		this.advanceSwitch(cycle);
		this.cycle = Math.max(this.cycle, cycle);
	}

	private advanceSwitch(cycle: number): void {
		this.supplySwitch.advance(cycle / HZ, (at, conducts) => {
			this.stars.power(conducts);
			this.look(Math.max(this.cycle, Math.round(at * HZ)));
		});
	}

	/** Takes down what each star does from `cycle` on. */
	private look(cycle: number): void {
		this.filterTo(cycle);
		const volts = this.conducts ? this.volts : 0;
		for (let star = 0; star < LAMPS; star++) {
			const { light, amps } = this.stars.star(star, this.faults[star] ?? null, volts);
			this.amps[star] = amps;
			const levels = this.history[star] as Level[];
			if (levels.at(-1)?.light === light) continue;
			levels.push({ from: cycle, light });
			while ((levels[1]?.from ?? cycle) < cycle - HISTORY_CYCLES) levels.shift();
			this.options.onLight?.(cycle, star, light);
		}
	}

	private filterTo(cycle: number): void {
		const passed = 1 - Math.exp(-(cycle - this.filteredAt) / HZ / SENSE_TAU);
		this.filteredAt = cycle;
		for (let star = 0; star < LAMPS; star++) {
			const before = this.filtered[star] as number;
			this.filtered[star] = before + ((this.amps[star] as number) - before) * passed;
		}
	}
}

/** Light times cycles between two instants. */
function lightBetween(levels: readonly Level[], from: number, to: number): number {
	let sum = 0;
	let end = to;
	for (let n = levels.length - 1; n >= 0 && end > from; n--) {
		const level = levels[n] as Level;
		sum += level.light * Math.max(0, end - Math.max(from, level.from));
		end = Math.min(end, level.from);
	}
	return sum;
}
