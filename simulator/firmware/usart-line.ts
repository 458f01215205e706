import { type AVRUSART, type CPU, usart0Config } from "avr8js";

const { UCSRA, UCSRB, UDR } = usart0Config;
const RECEIVED = 0x80;
const OVERRUN = 0x08;
const RECEIVER_ON = 0x10;
/** The chip holds two received bytes and the one in its shift register; the emulator holds the first of them. */
const HELD_BEHIND_FIRST = 2;
/** Bits of a byte at 57,600 baud on a 16 MHz chip, while the chip has set nothing of its own. */
const UNSET_CYCLES_PER_BYTE = 2_720;
/** Bytes that may wait for the line: half an hour of it. What is beyond it is lost and counted. */
const MOST_WAITING = 10_000_000;

interface Insides {
	readonly cyclesPerChar: number;
}

/**
 * The wire into the chip's serial port: bytes arrive one behind the other at the chip's own baud, whether the chip listens or not.
 * It adds what the emulator lacks: the second and third byte of the receive buffer, with overrun behind them, and that a write of
 * the control register leaves a received byte alone.
 */
export class UsartLine {
	/** Bytes that came while the chip did not listen or had no room for them, as on the real one. */
	lost = 0;
	private readonly cpu: CPU;
	private readonly usart: AVRUSART;
	private waiting: number[] = [];
	private taken = 0;
	private busy = false;
	private readonly held: number[] = [];
	private newest = 0;

	constructor(cpu: CPU, usart: AVRUSART) {
		this.cpu = cpu;
		this.usart = usart;
		const read = cpu.readHooks[UDR];
		cpu.readHooks[UDR] = (address) => {
			const value = read?.(address) ?? 0;
			const next = this.held.shift();
			if (next !== undefined) this.give(next);
			return value;
		};
		const control = cpu.writeHooks[UCSRB];
		cpu.writeHooks[UCSRB] = (value, old, address, mask) => {
			const received = this.isReceived();
			const done = control?.(value, old, address, mask) ?? false;
			if (received && (value & RECEIVER_ON) !== 0 && !this.isReceived()) this.give(this.newest);
			return done;
		};
	}

	/** Cycles that one byte takes on the line, by what the chip has set. */
	get cyclesPerByte(): number {
		return this.listens() ? (this.usart as unknown as Insides).cyclesPerChar : UNSET_CYCLES_PER_BYTE; // private there
	}

	/** Bytes that have not arrived yet. */
	get pending(): number {
		return this.waiting.length - this.taken + (this.busy ? 1 : 0);
	}

	/** Puts bytes on the line, behind those that wait. */
	send(bytes: Uint8Array): void {
		for (const byte of bytes)
			if (this.waiting.length < MOST_WAITING) this.waiting.push(byte);
			else this.lost++;
		this.begin();
	}

	private listens(): boolean {
		return ((this.cpu.data[UCSRB] as number) & RECEIVER_ON) !== 0;
	}

	private isReceived(): boolean {
		return ((this.cpu.data[UCSRA] as number) & RECEIVED) !== 0;
	}

	private begin(): void {
		if (this.busy || this.taken >= this.waiting.length) return;
		const byte = this.waiting[this.taken++] as number;
		if (this.taken === this.waiting.length) {
			this.waiting = [];
			this.taken = 0;
		}
		this.busy = true;
		this.cpu.addClockEvent(() => {
			this.busy = false;
			this.arrive(byte);
			this.begin();
		}, this.cyclesPerByte);
	}

	private arrive(byte: number): void {
		if (!this.listens()) this.lost++;
		else if (!this.isReceived()) this.give(byte);
		else if (this.held.length < HELD_BEHIND_FIRST) this.held.push(byte);
		else {
			this.lost++;
			this.cpu.data[UCSRA] = (this.cpu.data[UCSRA] as number) | OVERRUN;
		}
	}

	private give(byte: number): void {
		this.newest = byte;
		this.usart.writeByte(byte, true);
	}
}
