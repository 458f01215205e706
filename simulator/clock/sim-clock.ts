import { CodedError } from "../../protocol/wire/errors.ts";
import type { Millis } from "../../protocol/wire/units.ts";

/** An event that can still be called off. */
export interface Planned {
	cancel(): void;
}

interface Entry {
	readonly at: number;
	readonly sequence: number;
	readonly name: string;
	run: (() => void) | null;
}

/** Queue bound: a simulation that plans more than this has run away. */
export const MAX_PLANNED = 200_000;

/**
 * The one queue of a simulation: events ordered by (true time, order of planning), so that equal seeds give equal runs. Time
 * is true time in milliseconds since the start; what a machine believes is made from it by `MachineClock`.
 */
export class SimClock {
	private readonly heap: Entry[] = [];
	private sequence = 0;
	private time = 0;
	private taken = 0;

	/** True time, milliseconds since the start of the simulation. */
	now(): number {
		return this.time;
	}

	/** Events taken from the queue so far. */
	steps(): number {
		return this.taken;
	}

	/** Events waiting, called-off ones included. */
	waiting(): number {
		return this.heap.length;
	}

	/** Name of the next event that will run: a stuck simulation can say what it waits for. Null = none. */
	nextName(): string | null {
		this.dropCancelled();
		return this.heap[0]?.name ?? null;
	}

	/** Plans `run` after `delay` (negative counts as 0). */
	after(name: string, delay: Millis | number, run: () => void): Planned {
		return this.at(name, this.time + Math.max(0, delay), run);
	}

	/** Plans `run` at true time `at`; an instant that has passed is taken next. */
	at(name: string, at: number, run: () => void): Planned {
		if (this.heap.length >= MAX_PLANNED) throw ranAway(name);
		const entry: Entry = { at: Math.max(at, this.time), sequence: this.sequence++, name, run };
		this.heap.push(entry);
		this.rise(this.heap.length - 1);
		return {
			cancel: () => {
				entry.run = null;
			},
		};
	}

	/** Takes one event; false when none waits. */
	step(): boolean {
		this.dropCancelled();
		const entry = this.pop();
		if (entry?.run == null) return false;
		this.time = entry.at;
		this.taken++;
		entry.run();
		return true;
	}

	/** Takes all events up to `until` and leaves the time there. */
	runUntil(until: number): void {
		for (;;) {
			this.dropCancelled();
			const next = this.heap[0];
			if (next === undefined || next.at > until) break;
			this.step();
		}
		this.time = Math.max(this.time, until);
	}

	private dropCancelled(): void {
		while (this.heap.length > 0 && this.heap[0]?.run === null) this.pop();
	}

	private before(a: number, b: number): boolean {
		const x = this.heap[a] as Entry;
		const y = this.heap[b] as Entry;
		return x.at < y.at || (x.at === y.at && x.sequence < y.sequence);
	}

	private swap(a: number, b: number): void {
		const x = this.heap[a] as Entry;
		this.heap[a] = this.heap[b] as Entry;
		this.heap[b] = x;
	}

	private rise(from: number): void {
		let at = from;
		while (at > 0) {
			const parent = (at - 1) >> 1;
			if (!this.before(at, parent)) break;
			this.swap(at, parent);
			at = parent;
		}
	}

	private pop(): Entry | undefined {
		const top = this.heap[0];
		const last = this.heap.pop();
		if (top === undefined || last === undefined || top === last) return top;
		this.heap[0] = last;
		let at = 0;
		for (;;) {
			const left = 2 * at + 1;
			let least = at;
			if (left < this.heap.length && this.before(left, least)) least = left;
			if (left + 1 < this.heap.length && this.before(left + 1, least)) least = left + 1;
			if (least === at) return top;
			this.swap(at, least);
			at = least;
		}
	}
}

const ranAway = (name: string): CodedError =>
	new CodedError("simulation-ran-away", `More than ${MAX_PLANNED} events wait; the newest is "${name}".`, {
		fault: "internal",
		next: "Look for a part that plans two events for each one taken.",
	});
