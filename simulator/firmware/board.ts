import { EEPROMMemoryBackend } from "avr8js";
import { DRIVE, type Drive, HZ, PINS } from "../hardware/pins.ts";
import { type BoardEvents, Chip, EEPROM_BYTES, type Emulator } from "./chip.ts";
import type { FirmwareImage } from "./image.ts";

interface Planned {
	readonly cycle: number;
	readonly sequence: number;
	readonly run: () => void;
}

export interface BoardOptions {
	readonly emulator?: Emulator;
	readonly events?: BoardEvents;
}

/**
 * A board with an ATmega328P at 16 MHz (Uno, Nano) on which a real firmware image runs. Its time is the chip's cycle count and
 * nothing else: equal inputs at equal cycles give equal bytes and edges. Inputs between two `runUntil` happen where it stands.
 */
export class Board {
	readonly image: FirmwareImage;
	private readonly emulator: Emulator;
	private readonly events: BoardEvents;
	private readonly eeprom = new EEPROMMemoryBackend(EEPROM_BYTES);
	private drives: Drive[] = new Array<Drive>(PINS).fill(DRIVE.floating);
	private volts: number[] = new Array<number>(8).fill(0);
	private inputs: boolean[] = new Array<boolean>(PINS).fill(false);
	private planned: Planned[] = [];
	private sequence = 0;
	private chip: Chip;

	constructor(image: FirmwareImage, options: BoardOptions = {}) {
		this.image = image;
		this.emulator = options.emulator ?? "skip";
		this.events = options.events ?? {};
		this.chip = this.start(0);
	}

	/** Where the chip is: it ends an instruction at this cycle. */
	get cycle(): number {
		return this.chip.cpu.cycles;
	}

	/** Chip time in milliseconds. */
	get timeMs(): number {
		return (this.cycle / HZ) * 1000;
	}

	/** Bytes to the chip that it did not hear. */
	get lostBytes(): number {
		return this.chip.line.lost;
	}

	/** Bytes to the chip that are still on the line. */
	get bytesOnLine(): number {
		return this.chip.line.pending;
	}

	/** Cycles that were skipped because the program only repeated itself. */
	get skippedCycles(): number {
		return this.chip.idle?.skipped ?? 0;
	}

	/** Where the idle loop begins, as a byte address of flash; null = not found (yet). */
	get idleHead(): number | null {
		const head = this.chip.idle?.head ?? null;
		return head === null ? null : head * 2;
	}

	/** What the chip does at a pin. */
	drive(pin: number): Drive {
		return this.drives[pin] ?? DRIVE.floating;
	}

	/** Puts bytes on the line to the chip, behind those that wait there. */
	send(bytes: Uint8Array): void {
		this.chip.line.send(bytes);
	}

	/** Volts at an analog input. */
	setVolts(channel: number, volts: number): void {
		this.volts[channel] = volts;
		this.chip.setVolts(channel, volts);
	}

	/** Level that something else puts on a pin. */
	setInput(pin: number, level: boolean): void {
		this.inputs[pin] = level;
		this.chip.setInput(pin, level);
	}

	/** Plans an input at a cycle; one that has passed is taken at once when the board runs on. */
	at(cycle: number, run: () => void): void {
		const entry: Planned = { cycle, sequence: this.sequence++, run };
		const behind = this.planned.findIndex((p) => p.cycle > cycle);
		this.planned.splice(behind < 0 ? this.planned.length : behind, 0, entry);
	}

	/** Runs to the first end of an instruction at `cycle` or behind it, with what is planned up to there. */
	runUntil(cycle: number): void {
		for (let next = this.planned[0]; next !== undefined && next.cycle <= cycle; next = this.planned[0]) {
			this.chip.run(next.cycle);
			this.planned.shift();
			next.run();
		}
		this.chip.run(cycle);
	}

	/** The reset button, or what a computer does when it opens the port: the program starts anew, the pins float. */
	reset(): void {
		const { cycle } = this;
		this.chip.detach();
		for (let pin = 0; pin < PINS; pin++) this.heard(cycle, pin, DRIVE.floating);
		this.chip = this.start(cycle);
	}

	/**
	 * A second board in the very state of this one, heard by `events`: a boot of two seconds is run once for many boards. Null
	 * while the chip is in the middle of something, a byte on its line or a conversion; inputs that are planned stay behind.
	 */
	fork(events: BoardEvents): Board | null {
		const twin = new Board(this.image, { emulator: this.emulator, events });
		twin.eeprom.memory.set(this.eeprom.memory);
		if (!twin.chip.becomeLike(this.chip)) return null;
		twin.drives = [...this.drives];
		twin.volts = [...this.volts];
		twin.inputs = [...this.inputs];
		return twin;
	}

	private start(cycle: number): Chip {
		const chip = new Chip(this.image, this.emulator, this.eeprom, {
			edge: (at, pin, drive) => this.heard(at, pin, drive),
			byte: (at, byte) => this.events.byte?.(at, byte),
		});
		chip.cpu.cycles = cycle;
		for (const [channel, volts] of this.volts.entries()) chip.setVolts(channel, volts);
		for (const [pin, level] of this.inputs.entries()) if (level) chip.setInput(pin, level);
		return chip;
	}

	private heard(cycle: number, pin: number, drive: Drive): void {
		if (this.drives[pin] === drive) return;
		this.drives[pin] = drive;
		this.events.edge?.(cycle, pin, drive);
	}
}
