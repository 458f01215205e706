import { CYCLES_PER_MS, DRIVE, PINS } from "../hardware/pins.ts";
import { RoofLight } from "../hardware/roof-light.ts";
import { PINS_OF, type StarDriver } from "../hardware/star-drivers.ts";
import { Board } from "./board.ts";
import { BoardPort } from "./board-port.ts";
import type { BoardEvents, Emulator } from "./chip.ts";
import type { FirmwareImage } from "./image.ts";

/** The analog inputs are set anew this often: well below the firmware's shortest sampling interval. */
const SENSE_MS = 1;
/** A quarter of the converter's step: a smaller change is none. */
const LEAST_VOLTS = 5 / 1024 / 4;

export interface FirmwareLightOptions {
	readonly driver: StarDriver;
	/** What the parts wake with follows from it. */
	readonly seed: number;
	readonly emulator?: Emulator;
	/** Hears each edge of a pin. */
	onEdge?: BoardEvents["edge"];
	/** Hears each change of a star's light, at its cycle. */
	onLight?(cycle: number, star: number, light: number): void;
}

/**
 * A roof light with real firmware: the board, the parts in front of its pins, and the host's end of its line, on the chip's time.
 * `runUntil` moves all of them; the board's edges make light, the lamps' currents come back at its analog inputs.
 */
export class FirmwareLight {
	readonly board: Board;
	readonly light: RoofLight;
	/** The host's end; a new one after `replug`. */
	port: BoardPort;
	private readonly volts = new Map<number, number>();

	/** `booted` is a board that has booted already: this one begins in its state (`Board.fork`). */
	constructor(image: FirmwareImage, options: FirmwareLightOptions, booted: Board | null = null) {
		const { driver, seed, emulator, onEdge, onLight } = options;
		this.light = new RoofLight({ driver, seed, ...(onLight === undefined ? {} : { onLight }) });
		const events: BoardEvents = {
			edge: (cycle, pin, drive) => {
				this.light.edge(cycle, pin, drive);
				onEdge?.(cycle, pin, drive);
			},
			byte: (cycle, byte) => this.port.hear(cycle, byte),
		};
		this.board = booted?.fork(events) ?? new Board(image, { events, ...(emulator === undefined ? {} : { emulator }) });
		this.port = new BoardPort(this.board);
		for (let pin = 0; pin < PINS; pin++)
			if (this.board.drive(pin) !== DRIVE.floating) this.light.edge(this.board.cycle, pin, this.board.drive(pin));
	}

	/** Runs to a cycle of the chip; the host hears what the board sent in steps of a millisecond. */
	runUntil(cycle: number): void {
		while (this.board.cycle < cycle) {
			this.board.runUntil(Math.min(cycle, this.board.cycle + SENSE_MS * CYCLES_PER_MS));
			this.sense();
			this.port.deliver();
		}
	}

	/** Runs for a while. */
	runFor(ms: number): void {
		this.runUntil(this.board.cycle + ms * CYCLES_PER_MS);
	}

	/** What a passenger sees now: each star's brightness, 0..1. */
	seen(): readonly number[] {
		return this.light.seen(this.board.cycle);
	}

	/** Pulls the cable and puts it in again: the host's old end is closed, the board goes on as it was. */
	replug(): BoardPort {
		this.port.unplug();
		this.port = new BoardPort(this.board);
		return this.port;
	}

	private sense(): void {
		const { shunt, supply, ambient, lamps } = this.light.senses(this.board.cycle);
		const { senses } = PINS_OF;
		this.setVolts(senses.shunt, shunt);
		this.setVolts(senses.supply, supply);
		this.setVolts(senses.ambient, ambient);
		for (const [star, volts] of lamps.entries()) this.setVolts(senses.firstLamp + star, volts);
	}

	private setVolts(channel: number, volts: number): void {
		if (Math.abs((this.volts.get(channel) ?? -1) - volts) < LEAST_VOLTS) return;
		this.volts.set(channel, volts);
		this.board.setVolts(channel, volts);
	}
}
