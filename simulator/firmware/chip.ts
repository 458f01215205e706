import {
	AVRADC,
	AVREEPROM,
	AVRIOPort,
	AVRTimer,
	AVRTWI,
	AVRUSART,
	adcConfig,
	avrInstruction,
	CPU,
	type EEPROMBackend,
	eepromConfig,
	portBConfig,
	portCConfig,
	portDConfig,
	timer0Config,
	timer1Config,
	timer2Config,
	twiConfig,
	usart0Config,
} from "avr8js";
import { type Drive, HZ } from "../hardware/pins.ts";
import { FastCpu } from "./fast-cpu.ts";
import { IdleSkip } from "./idle-skip.ts";
import type { FirmwareImage } from "./image.ts";
import { timerStep } from "./lazy-timer.ts";
import { UsartLine } from "./usart-line.ts";

/** How the chip is run: as avr8js does it, without the timers' empty steps, and without the idle loop's repeated passes as well. */
export type Emulator = "plain" | "lazy" | "skip";

const SRAM_BYTES = 2048;
export const EEPROM_BYTES = 1024;
/** Cycles between two looks at whether the idle loop's head is still the right one. */
const LOOK_AROUND_CYCLES = 32_768;
/** Ports with the board's number of their bit 0, and the bits that are led out. */
const PORTS = [
	{ config: portDConfig, first: 0, bits: 8 },
	{ config: portBConfig, first: 8, bits: 6 },
	{ config: portCConfig, first: 14, bits: 6 },
] as const;
const TIMERS = [timer0Config, timer1Config, timer2Config];

/** What is heard from a board. The cycle of a byte is the one at which its last bit has left the chip. */
export interface BoardEvents {
	edge?(cycle: number, pin: number, drive: Drive): void;
	byte?(cycle: number, byte: number): void;
}

/** avr8js's own queue of clock events: private there, read to copy a chip. */
interface PlainQueue {
	readonly nextClockEvent: QueueEntry | null;
}
interface QueueEntry {
	readonly cycles: number;
	readonly callback: () => void;
	readonly next: QueueEntry | null;
}

/** Copies the numbers and truth values of a part; what it is wired to stays its own. */
function copyValues(from: object, to: object): void {
	const target = to as Record<string, unknown>;
	for (const [name, value] of Object.entries(from))
		if (typeof value === "number" || typeof value === "boolean") target[name] = value;
}

/** The chip from one reset to the next. */
export class Chip {
	readonly cpu: CPU;
	readonly line: UsartLine;
	readonly idle: IdleSkip | null;
	private readonly fast: FastCpu | null;
	private readonly ports: readonly AVRIOPort[];
	private readonly adc: AVRADC;
	private readonly timers: readonly AVRTimer[];
	/** All that has a state of its own beside the CPU's memory. */
	private readonly parts: readonly object[];
	private lookAroundAt = 0;
	private attached = true;

	constructor(image: FirmwareImage, emulator: Emulator, eeprom: EEPROMBackend, events: Required<BoardEvents>) {
		const program = new Uint16Array(image.flash.buffer, image.flash.byteOffset, image.flash.length / 2);
		this.fast = emulator === "plain" ? null : new FastCpu(program, SRAM_BYTES);
		const cpu = this.fast ?? new CPU(program, SRAM_BYTES);
		this.cpu = cpu;
		this.ports = PORTS.map(({ config, first, bits }) => {
			const port = new AVRIOPort(cpu, config);
			port.addListener(() => {
				this.fast?.touched();
				if (!this.attached) return;
				for (let bit = 0; bit < bits; bit++) events.edge(cpu.cycles, first + bit, port.pinState(bit) as Drive);
			});
			return port;
		});
		this.timers = TIMERS.map((config) => {
			const timer = new AVRTimer(cpu, config);
			const { TCNT, OCRA, OCRB, ICR, TCCRA, TCCRB, TCCRC, TIFR, TIMSK } = config;
			const changing = [TCNT, OCRA, OCRB, ICR, TCCRA, TCCRB, TCCRC, TIFR, TIMSK].filter((register) => register > 0);
			this.fast?.takeTimer(timer, { changing, counter: TCNT });
			return timer;
		});
		const usart = new AVRUSART(cpu, usart0Config, HZ);
		this.line = new UsartLine(cpu, usart);
		usart.onByteTransmit = (byte) => {
			if (this.attached) events.byte(cpu.cycles + this.line.cyclesPerByte, byte);
		};
		this.adc = new AVRADC(cpu, adcConfig);
		const twi = new AVRTWI(cpu, twiConfig, HZ);
		const memory = new AVREEPROM(cpu, eeprom, eepromConfig);
		this.parts = [...this.ports, ...this.timers, usart, this.line, this.adc, twi, memory];
		this.idle = this.fast !== null && emulator === "skip" ? new IdleSkip(this.fast) : null;
	}

	setVolts(channel: number, volts: number): void {
		this.adc.channelValues[channel] = volts;
		this.fast?.touched();
	}

	setInput(pin: number, level: boolean): void {
		const at = PORTS.findIndex(({ first, bits }) => pin >= first && pin < first + bits);
		this.ports[at]?.setPin(pin - (PORTS[at]?.first ?? 0), level);
		this.fast?.touched();
	}

	/** Takes the state of another chip of the same image; false, and good for nothing, where that one is in the middle of something. */
	becomeLike(other: Chip): boolean {
		const { cpu } = this;
		if (other.cpu.nextInterrupt >= 0 || other.line.pending > 0) return false;
		cpu.data.set(other.cpu.data);
		for (const [n, part] of this.parts.entries()) copyValues(other.parts[n] as object, part);
		copyValues(other.cpu, cpu);
		this.adc.channelValues.splice(0, this.adc.channelValues.length, ...other.adc.channelValues);
		if (this.fast !== null && other.fast !== null) return this.fast.takeQueue(other.fast);
		return this.takePlainQueue(other);
	}

	/** From the last to the first: of two at one cycle, the one put in later goes first. */
	private takePlainQueue(other: Chip): boolean {
		const steps = other.timers.map((timer) => timerStep(timer));
		const entries: QueueEntry[] = [];
		const { nextClockEvent } = other.cpu as unknown as PlainQueue; // private there
		for (let at = nextClockEvent; at !== null; at = at.next) entries.unshift(at);
		return entries.every(({ cycles, callback }) => {
			const timer = this.timers[steps.indexOf(callback)];
			if (timer !== undefined) this.cpu.addClockEvent(timerStep(timer), cycles - this.cpu.cycles);
			return timer !== undefined;
		});
	}

	detach(): void {
		this.attached = false;
	}

	run(until: number): void {
		if (this.idle !== null) this.runSkipping(this.idle, until);
		else {
			const { cpu } = this;
			while (cpu.cycles < until) {
				avrInstruction(cpu);
				cpu.tick();
			}
		}
	}

	private runSkipping(idle: IdleSkip, until: number): void {
		const { cpu } = this;
		while (cpu.cycles < until) {
			if (cpu.cycles >= this.lookAroundAt) {
				idle.lookAround();
				this.lookAroundAt = cpu.cycles + LOOK_AROUND_CYCLES;
			}
			const pause = Math.min(until, this.lookAroundAt);
			while (cpu.cycles < pause) {
				avrInstruction(cpu);
				cpu.tick();
				if (idle.watching) idle.watch();
				else if (cpu.pc === idle.place) idle.visit(until);
			}
		}
	}
}
