import type { AVRTimer } from "avr8js";
import { CodedError } from "../../protocol/wire/errors.ts";

/** What `LazyTimer` reads of avr8js's timer: private there, so that the exact version is pinned and looked at when it is taken. */
interface TimerInside {
	readonly count: (reschedule?: boolean) => void;
	readonly config: {
		readonly TIFR: number;
		readonly TIMSK: number;
		readonly dividers: Readonly<Record<number, number>>;
	};
	readonly cpu: { readonly data: Uint8Array; cycles: number };
	readonly MAX: number;
	readonly TOP: number;
	readonly OVF: { readonly flagMask: number; readonly enableMask: number };
	readonly OCFA: { readonly flagMask: number; readonly enableMask: number };
	readonly OCFB: { readonly flagMask: number; readonly enableMask: number };
	readonly divider: number;
	readonly lastCycle: number;
	readonly tcnt: number;
	readonly countingUp: boolean;
	readonly tcntUpdated: boolean;
	readonly updateDivider: boolean;
	readonly timerMode: number;
	readonly compA: number;
	readonly compB: number;
	readonly ocrA: number;
	readonly nextOcrA: number;
	readonly ocrB: number;
	readonly nextOcrB: number;
}

const PWM_PHASE_CORRECT = 1;
const PWM_PHASE_FREQUENCY_CORRECT = 4;
/** Ticks nearer than this are run one by one: several of them could wait for each other at one instruction. */
const LEAST_LAZY_DIVIDER = 64;
/** A timer that does nothing is still brought up to date this often, so that its catching up is never long. */
const MOST_CYCLES_BEHIND = 4_000_000;

const NUMBERS = [
	"MAX",
	"TOP",
	"divider",
	"lastCycle",
	"tcnt",
	"timerMode",
	"ocrA",
	"nextOcrA",
	"ocrB",
	"nextOcrB",
] as const;

/** Takes a timer's insides, and refuses an avr8js that has others than the pinned one. */
function insideOf(timer: AVRTimer): TimerInside {
	const inside = timer as unknown as TimerInside; // private fields, looked at below
	const strange = NUMBERS.find((name) => typeof inside[name] !== "number");
	if (strange !== undefined || typeof inside.count !== "function" || typeof inside.OVF?.flagMask !== "number")
		throw new CodedError(
			"emulator-changed",
			`The chip emulator's timers are not as expected (${strange ?? "count"}).`,
			{
				fault: "internal",
				next: "Take avr8js 0.21.1, or hold the lazy timers equal to the new one by their test.",
			},
		);
	return inside;
}

/** The function that avr8js queues for each step of a timer. */
export const timerStep = (timer: AVRTimer): (() => void) => insideOf(timer).count;

/**
 * One timer's place in the queue of clock events. avr8js queues an event for each step of a counter, every 64 cycles; nearly all of
 * them change nothing but the count, which is worked out when somebody looks. `effect` is when a step does more than that.
 */
export class LazyTimer {
	/** Where the queue holds its next step. */
	due = 0;
	/** When that step was put into the queue: of two at one cycle, the one put in later is taken first. */
	addedAt = 0;
	/** Whether the queue holds a step at all. */
	active = false;
	/** The step at this cycle does something; `due` of a step before it is just a place in the queue. */
	effect = Number.POSITIVE_INFINITY;
	private readonly inside: TimerInside;

	constructor(timer: AVRTimer) {
		this.inside = insideOf(timer);
	}

	/** The function that avr8js queues for each step. */
	get step(): () => void {
		return this.inside.count;
	}

	get divider(): number {
		return this.inside.divider;
	}

	/** Whether steps may be left out; `others` that step at the same cycles would take turns, which is then run as it is. */
	mayBeLazy(others: readonly LazyTimer[]): boolean {
		const { divider } = this;
		if (divider < LEAST_LAZY_DIVIDER) return false;
		return others.every(
			(o) => o === this || !o.active || o.divider === 0 || (o.due - this.due) % Math.min(divider, o.divider) !== 0,
		);
	}

	/** Works out again when a step does something. */
	refresh(lazy: boolean): void {
		const { inside } = this;
		if (!this.active) this.effect = Number.POSITIVE_INFINITY;
		else if (!lazy || inside.updateDivider || inside.tcntUpdated) this.effect = this.due;
		else this.effect = inside.lastCycle + this.stepsToEffect() * inside.divider;
	}

	/** Counts the steps that the queue has taken so far, before something changes what a step means. */
	catchUp(): void {
		const { inside } = this;
		if (!this.active || inside.updateDivider || inside.tcntUpdated || inside.divider === 0) return;
		const taken = this.due - inside.divider;
		if (taken <= inside.lastCycle) return;
		const { cpu } = inside;
		const now = cpu.cycles;
		cpu.cycles = taken;
		inside.count(false);
		cpu.cycles = now;
	}

	/** Marks steps up to `cycle` as taken. */
	passTo(cycle: number): void {
		if (!this.active || this.due > cycle) return;
		this.due += (Math.floor((cycle - this.due) / this.divider) + 1) * this.divider;
		this.addedAt = this.due - this.divider;
	}

	/** A flag that is set already and asks for no interrupt stays as it is. */
	private flagged(interrupt: { readonly flagMask: number; readonly enableMask: number }): boolean {
		const { data } = this.inside.cpu;
		const { TIFR, TIMSK } = this.inside.config;
		return (
			((data[TIFR] as number) & interrupt.flagMask) !== 0 && ((data[TIMSK] as number) & interrupt.enableMask) === 0
		);
	}

	private stepsToEffect(): number {
		const t = this.inside;
		const a = t.compA !== 0 || !this.flagged(t.OCFA);
		const b = t.compB !== 0 || !this.flagged(t.OCFB);
		const turn = a || b || !this.flagged(t.OVF) || t.ocrA !== t.nextOcrA || t.ocrB !== t.nextOcrB;
		if (!turn) return Math.max(1, Math.floor(MOST_CYCLES_BEHIND / t.divider));
		const phase = t.timerMode === PWM_PHASE_CORRECT || t.timerMode === PWM_PHASE_FREQUENCY_CORRECT;
		const { tcnt, TOP } = t;
		if (TOP === 0 || tcnt > TOP || (phase && t.countingUp && tcnt === TOP)) return 1;
		const down = phase && !t.countingUp;
		// The end of the way: the turn at the top or the bottom, or the wrap to 0.
		let steps = down ? tcnt : phase ? TOP - tcnt : TOP - tcnt + 1;
		for (const [counts, at] of [
			[a, t.ocrA],
			[b, t.ocrB],
		] as const) {
			const away = down ? tcnt - at : at - tcnt;
			if (counts && away > 0 && away < steps) steps = away;
		}
		return Math.max(1, steps);
	}
}
