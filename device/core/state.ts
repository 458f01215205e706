import { type AskRecord, NOTHING_VERIFIED, type VerifiedBefore } from "../../protocol/wire/acceptance.ts";
import type { Lease } from "../../protocol/wire/lease.ts";
import type { LightTime } from "../../protocol/wire/light-time.ts";
import type { LampState, Refusal } from "../../protocol/wire/messages.ts";
import { type MonoMs, monoMs, unixMs } from "../../protocol/wire/units.ts";
import { emptyMemory, type MemoryPlan } from "./memory-plan.ts";
import type { LightRecord } from "./record.ts";
import type { DeviceEffect, DeviceEnv, Face } from "./types.ts";

/** Messages that wait while a record is written. More than a depot sends in one go; what overflows is counted. */
export const WAITING_MAX = 16;
/** Events that wait for the link; the oldest goes first, counted. */
export const EVENTS_MAX = 8;
/** `state` messages in any second, and the same for events. */
export const REPORTS_A_SECOND = 5;

export type MessageKind = "keys" | "notice" | "grant" | "job";

/** A record on its way to both copies, and what holds once it is there. */
export interface Pending {
	readonly why: "boot" | "grant" | "notice" | "keys" | "unsigned-zero" | "grant-ended" | "counter";
	readonly record: LightRecord;
	readonly lease: Lease | null;
	readonly time: LightTime;
}

export interface Waiting {
	readonly kind: MessageKind;
	readonly bytes: Uint8Array;
	readonly retained: boolean;
}

export interface WaitingEvent {
	readonly what: string;
	readonly detail: Readonly<Record<string, string | number | boolean>>;
}

/** What the light owes to whoever listens. */
export interface Reporting {
	readonly linkUp: boolean;
	/** A `state` is owed. */
	readonly due: boolean;
	/** The counter of the next `state` or `event`. */
	readonly counter: number;
	/** The last refusal since the last `state`. */
	readonly refused: Refusal | null;
	/** Next report period's beginning. */
	readonly periodAt: MonoMs;
	/** When the last states (events) were published, at most REPORTS_A_SECOND of them. */
	readonly recentStates: readonly MonoMs[];
	readonly recentEvents: readonly MonoMs[];
	readonly events: readonly WaitingEvent[];
}

/** Counted since the start, sent as `link` in each `state`. */
export interface Counters {
	readonly linkUps: number;
	readonly accepted: number;
	readonly refused: number;
	/** Messages dropped because WAITING_MAX others waited for a write. */
	readonly queueDropped: number;
	readonly eventsDropped: number;
	readonly writeFailures: number;
}

/** All that a light knows. Plain data: it can be copied, compared and kept. */
export interface DeviceState {
	/** `off` before the first boot; `starting` until the first record is written; `lost` without a readable copy. */
	readonly phase: "off" | "starting" | "ready" | "lost";
	readonly bootAt: MonoMs;
	/** What both copies hold (while starting: what was read). */
	readonly record: LightRecord | null;
	/** The stored grant and how long it may be shown; null = no grant stored. While starting: null, nothing is shown. */
	readonly lease: Lease | null;
	readonly time: LightTime;
	/** Live asks, the newest last. */
	readonly asks: readonly AskRecord[];
	/** Asks that the last notice killed: tells `void` from `not-fresh`. */
	readonly killedByNotice: readonly Uint8Array[];
	/** What a reconnect brings again: the grant's bytes are in the record, those of keys and notice here. */
	readonly verified: VerifiedBefore;
	readonly memory: MemoryPlan;
	readonly pending: Pending | null;
	readonly waiting: readonly Waiting[];
	/** An unsigned 0 stars came during a write: dark already, stored next, before anything that waits. */
	readonly zeroWaiting: boolean;
	readonly lamps: readonly LampState[];
	readonly sensed: boolean;
	readonly job: { readonly pattern: "identify" | "self-test"; readonly until: MonoMs } | null;
	/** What the lamps were told last. */
	readonly face: Face;
	readonly reporting: Reporting;
	readonly counters: Counters;
	/** The tick that was asked for. */
	readonly wakeAt: MonoMs | null;
}

/** Dark and neutral. */
export const NEUTRAL: Face = { pattern: "neutral", stars: 0 };

/** A light without power. Its first input must be `boot`; it ignores every other. */
export function initialState(): DeviceState {
	return {
		phase: "off",
		bootAt: monoMs(0),
		record: null,
		lease: null,
		time: { unix: unixMs(0), at: monoMs(0) },
		asks: [],
		killedByNotice: [],
		verified: NOTHING_VERIFIED,
		memory: emptyMemory,
		pending: null,
		waiting: [],
		zeroWaiting: false,
		lamps: [],
		sensed: false,
		job: null,
		face: NEUTRAL,
		reporting: {
			linkUp: false,
			due: false,
			counter: 0,
			refused: null,
			periodAt: monoMs(0),
			recentStates: [],
			recentEvents: [],
			events: [],
		},
		counters: { linkUps: 0, accepted: 0, refused: 0, queueDropped: 0, eventsDropped: 0, writeFailures: 0 },
		wakeAt: null,
	};
}

/**
 * One call of `step` at work: a fresh copy of the state, whose fields are replaced (never changed inside), and the effects so far.
 * The state before stays as it was.
 */
export interface Turn {
	readonly state: { -readonly [K in keyof DeviceState]: DeviceState[K] };
	readonly effects: DeviceEffect[];
	readonly now: MonoMs;
	readonly env: DeviceEnv;
}

/** Counts one; saturates where uint32 ends. */
export function count(turn: Turn, name: keyof Counters): void {
	const counters = turn.state.counters;
	turn.state.counters = { ...counters, [name]: Math.min(counters[name] + 1, 0xffff_ffff) };
}

export function log(
	turn: Turn,
	level: "info" | "warn" | "error",
	code: string,
	fields: Readonly<Record<string, string | number | boolean>> = {},
): void {
	turn.effects.push({ type: "log", level, code, fields });
}

/** Owes a `state`, and remembers the refusal that it has to name. */
export function owe(turn: Turn, refused: Refusal | null = null): void {
	const reporting = turn.state.reporting;
	turn.state.reporting = { ...reporting, due: true, refused: refused ?? reporting.refused };
}

/** Owes an `event`. */
export function tell(turn: Turn, what: string, detail: WaitingEvent["detail"] = {}): void {
	const reporting = turn.state.reporting;
	if (reporting.events.length >= EVENTS_MAX) count(turn, "eventsDropped");
	turn.state.reporting = { ...reporting, events: [...reporting.events, { what, detail }].slice(-EVENTS_MAX) };
}
