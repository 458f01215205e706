import type { FastCpu } from "./fast-cpu.ts";

/** Looks at one place before another is tried; doubled each time, since a longer loop needs more. */
const FIRST_PATIENCE = 8;
const MOST_PATIENCE = 4_096;
/** A head that skipped nothing for this long (a quarter of a second) is looked for anew. */
const HEAD_IS_STALE_CYCLES = 4_000_000;
/** A loop that takes longer than this has no pass between two ticks of the millisecond counter. */
const LONGEST_PASS_CYCLES = 16_384;

/**
 * Skips a program's idle loop. Where registers, I/O and RAM are at one place as they were a pass before, and nothing happened in
 * between, every further pass is the same until something happens: whole passes are then added to the cycle count.
 *
 * The place is found by watching, for any image: first any place at which the whole state comes back, then, within that pass, a
 * place that it comes by once, the one with the least on the stack.
 */
export class IdleSkip {
	/** The place at which `visit` is to be called, in words of flash; -1 = none yet. */
	place = -1;
	/** Cycles skipped so far. */
	skipped = 0;
	private found = false;
	private readonly cpu: FastCpu;
	private readonly was: Buffer;
	private readonly is: Buffer;
	private wasAt = 0;
	private wasHappenings = -1;
	private looks = 0;
	private patience = FIRST_PATIENCE;
	private lastUse = 0;
	/** Places of one pass with how often it comes by; null = not being counted. */
	private pass: Map<number, { times: number; readonly stack: number }> | null = null;
	private passEnds = 0;

	constructor(cpu: FastCpu) {
		this.cpu = cpu;
		this.is = Buffer.from(cpu.data.buffer);
		this.was = Buffer.alloc(this.is.length);
	}

	/** Whether each instruction is to be told to `watch`, for one pass. */
	get watching(): boolean {
		return this.pass !== null;
	}

	/** The head that was found, in words of flash; null = none yet. */
	get head(): number | null {
		return this.found ? this.place : null;
	}

	/** Tries another place where the present one leads nowhere. Call it now and then. */
	lookAround(): void {
		const stale = this.cpu.cycles - this.lastUse > HEAD_IS_STALE_CYCLES;
		const lost = this.cpu.cycles - this.wasAt > LONGEST_PASS_CYCLES;
		if (this.found ? stale : lost || this.place === -1) this.begin();
	}

	/** The program is at `place`: skips what may be skipped, without reaching `until`. */
	visit(until: number): void {
		const { cpu } = this;
		const same = this.wasHappenings === cpu.happenings && this.was.equals(this.is);
		if (!same) {
			if (!this.found && ++this.looks > this.patience) this.begin();
			else this.remember();
			return;
		}
		const pass = cpu.cycles - this.wasAt;
		if (!this.found) {
			this.pass = new Map();
			this.passEnds = cpu.cycles + pass;
			this.wasHappenings = cpu.happenings;
			return;
		}
		this.lastUse = cpu.cycles;
		const times = Math.floor((Math.min(cpu.nextEventAt, until) - 1 - cpu.cycles) / pass);
		if (times > 0) {
			cpu.skip(times * pass);
			this.skipped += times * pass;
		}
		this.wasAt = cpu.cycles;
	}

	/** Counts the places of one whole pass; call it behind each instruction while `watching`. */
	watch(): void {
		const { cpu, pass } = this;
		if (pass === null) return;
		if (this.wasHappenings !== cpu.happenings) {
			this.pass = null; // a pass with an event in it tells nothing
			this.remember();
			return;
		}
		const seen = pass.get(cpu.pc);
		if (seen === undefined) pass.set(cpu.pc, { times: 1, stack: cpu.SP });
		else seen.times++;
		if (cpu.cycles < this.passEnds) return;
		this.pass = null;
		let best: number | null = null;
		let highest = -1;
		for (const [place, { times, stack }] of pass)
			if (times === 1 && stack > highest) {
				best = place;
				highest = stack;
			}
		this.place = best ?? this.place;
		this.found = true;
		this.lastUse = cpu.cycles;
		this.wasHappenings = -1;
	}

	private begin(): void {
		this.found = false;
		this.pass = null;
		this.place = this.cpu.pc;
		this.looks = 0;
		this.patience = this.patience >= MOST_PATIENCE ? FIRST_PATIENCE : this.patience * 2;
		this.remember();
	}

	private remember(): void {
		this.is.copy(this.was);
		this.wasAt = this.cpu.cycles;
		this.wasHappenings = this.cpu.happenings;
	}
}
