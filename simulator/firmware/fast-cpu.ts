import { type AVRTimer, CPU } from "avr8js";
import { LazyTimer } from "./lazy-timer.ts";

interface Entry {
	readonly due: number;
	readonly addedAt: number;
	readonly run: () => void;
	next: Entry | null;
}

/** Instruction ends that are remembered; the events that can wait for each other are taken within a few of them. */
const REMEMBERED = 32;
const MASK = REMEMBERED - 1;

/**
 * avr8js's CPU with a queue of clock events of its own, which leaves out timer steps that do nothing and still takes every other
 * event at the very instruction at which avr8js takes it.
 *
 * avr8js takes at most one event at the end of an instruction, so that a step that does nothing can hold up one that does. The
 * ends of the last instructions are remembered, and which of them took a step is worked out from there when an event is due.
 */
export class FastCpu extends CPU {
	private readonly ends = new Float64Array(REMEMBERED);
	private instructions = 0;
	/** Up to this instruction it is known which end took which step. */
	private settled = 0;
	private first: Entry | null = null;
	private readonly timers: LazyTimer[] = [];
	private wake = Number.POSITIVE_INFINITY;
	private happened = 0;

	/** Grows with everything that a look at registers and RAM would not show: events, interrupts, reads of a counter. */
	get happenings(): number {
		return this.happened;
	}

	/** Nothing happens before this cycle. */
	get nextEventAt(): number {
		return this.wake;
	}

	/** Says that something happened from outside: an input changed. */
	touched(): void {
		this.happened++;
	}

	/** Takes a timer, whose steps are lazy from now on. Call it before the program starts. */
	takeTimer(timer: AVRTimer, registers: { readonly changing: readonly number[]; readonly counter: number }): void {
		const lazy = new LazyTimer(timer);
		this.timers.push(lazy);
		for (const register of registers.changing) {
			const hook = this.writeHooks[register];
			this.writeHooks[register] = (value, old, address, mask) => {
				this.settle(this.instructions);
				lazy.catchUp();
				const done = hook?.(value, old, address, mask) ?? false;
				if (!done) this.data[address] = value;
				this.refresh();
				return true;
			};
		}
		const read = this.readHooks[registers.counter];
		this.readHooks[registers.counter] = (address) => {
			const value = read?.(address) ?? 0;
			this.refresh();
			return value;
		};
	}

	override addClockEvent(run: () => void, cycles: number): () => void {
		this.happened++;
		const due = this.cycles + Math.max(1, cycles);
		const timer = this.timers.find((t) => t.step === run);
		if (timer === undefined) this.insert({ due, addedAt: this.cycles, run, next: null });
		else {
			this.settle(this.instructions);
			timer.due = due;
			timer.addedAt = this.cycles;
			timer.active = true;
			this.refresh();
		}
		if (due < this.wake && timer === undefined) this.wake = due;
		return run;
	}

	override clearClockEvent(run: () => void): boolean {
		this.happened++;
		const timer = this.timers.find((t) => t.step === run);
		if (timer !== undefined) {
			this.settle(this.instructions);
			const was = timer.active;
			timer.active = false;
			this.refresh();
			return was;
		}
		for (let before: Entry | null = null, at = this.first; at !== null; before = at, at = at.next) {
			if (at.run !== run) continue;
			if (before === null) this.first = at.next;
			else before.next = at.next;
			this.plan();
			return true;
		}
		return false;
	}

	/** The end of an instruction: at most one event, then at most one interrupt. */
	override tick(): void {
		const now = this.cycles;
		this.instructions++;
		this.ends[this.instructions & MASK] = now;
		if (now >= this.wake) this.takeOne(now);
		if (this.nextInterrupt >= 0) {
			this.happened++;
			super.tick(); // its own queue is empty, so that only the interrupt is left
		}
	}

	/** Passes `cycles` at once, in which the program was seen to repeat itself. */
	skip(cycles: number): void {
		this.cycles += cycles;
		for (let i = 0; i < REMEMBERED; i++) this.ends[i] = (this.ends[i] as number) + cycles;
		this.settled = this.instructions - REMEMBERED - 1;
	}

	/** Takes the queue of another CPU whose timers are as this one's; false where more than timers waits there. */
	takeQueue(other: FastCpu): boolean {
		this.ends.set(other.ends);
		for (const [n, timer] of this.timers.entries()) {
			const { due, addedAt, active, effect } = other.timers[n] as LazyTimer;
			Object.assign(timer, { due, addedAt, active, effect });
		}
		return other.first === null;
	}

	/** A new entry goes before those of the same cycle, as in avr8js. */
	private insert(entry: Entry): void {
		let before: Entry | null = null;
		let at = this.first;
		while (at !== null && at.due < entry.due) {
			before = at;
			at = at.next;
		}
		entry.next = at;
		if (before === null) this.first = entry;
		else before.next = entry;
	}

	/** The timer whose step stands first in the queue and is due at `end`. */
	private stepDue(end: number): LazyTimer | null {
		let found: LazyTimer | null = null;
		for (const timer of this.timers) {
			if (!timer.active || timer.due > end) continue;
			if (found === null || timer.due < found.due || (timer.due === found.due && timer.addedAt > found.addedAt))
				found = timer;
		}
		return found;
	}

	/** Works out which steps were taken at the ends up to `last`: none of them did anything, or the end would have been looked at. */
	private settle(last: number): void {
		if (last - this.settled > REMEMBERED - 2) {
			const oldest = last - REMEMBERED + 2; // the one before may hold the present end already
			for (const timer of this.timers) timer.passTo(this.ends[oldest & MASK] as number);
			this.settled = oldest;
		}
		for (let n = this.settled + 1; n <= last; n++) {
			const end = this.ends[n & MASK] as number;
			const timer = this.stepDue(end);
			if (timer === null) continue;
			timer.due += timer.divider;
			timer.addedAt = end;
		}
		this.settled = Math.max(this.settled, last);
	}

	/** Takes what avr8js would take at this end. */
	private takeOne(now: number): void {
		this.settle(this.instructions - 1);
		this.settled = this.instructions;
		const timer = this.stepDue(now);
		const { first } = this;
		const eventDue = first !== null && first.due <= now;
		if (
			timer !== null &&
			!(eventDue && (first.due < timer.due || (first.due === timer.due && first.addedAt >= timer.addedAt)))
		) {
			if (timer.effect <= timer.due) {
				this.happened++;
				timer.active = false; // it queues itself again
				timer.step();
			} else {
				timer.due += timer.divider;
				timer.addedAt = now;
			}
		} else if (eventDue) {
			this.happened++;
			this.first = first.next;
			first.run();
		}
		this.plan();
	}

	private refresh(): void {
		this.happened++;
		for (const timer of this.timers) timer.refresh(timer.mayBeLazy(this.timers));
		this.plan();
	}

	private plan(): void {
		let wake = this.first?.due ?? Number.POSITIVE_INFINITY;
		for (const timer of this.timers) if (timer.effect < wake) wake = timer.effect;
		this.wake = wake;
	}
}
