import { isLampFault } from "../../../protocol/wire/lamp-fault.ts";
import type { LightReport } from "../../../protocol/wire/messages.ts";
import { type MonoMs, monoMs, type Seconds, type UnixMs } from "../../../protocol/wire/units.ts";
import type { Observed, OutboxEntry } from "../model.ts";
import { taken } from "../outbox/delivery.ts";
import type { LightStatus } from "../types.ts";
import type { LightState } from "./light-state.ts";

/** A change has this long to reach the glass before the difference is called one. */
export const MOVING_MS = 10_000;

/** The record of a verified state. */
export const toObserved = (report: LightReport, heardAt: UnixMs): Observed => ({
	light: report.light,
	session: report.session,
	counter: report.counter,
	ask: report.ask,
	shown: report.shown,
	pattern: report.pattern,
	sensed: report.sensed,
	epoch: report.epoch,
	seq: report.seq,
	grant: report.grant ?? null,
	asOf: report.asOf ?? null,
	leaseLeftS: report.leaseLeftS ?? null,
	resumesLeft: report.resumesLeft ?? null,
	keysVersion: report.keysVersion ?? null,
	noticeEpoch: report.noticeEpoch ?? null,
	refused: report.refused ?? null,
	lamps: report.lamps ?? null,
	...(report.operating !== undefined && { operating: report.operating }),
	heardAt,
});

/** Whether a report is newer than what is known: (session, counter) only rise, so an older or equal one is a replay. */
export const isNewer = (report: LightReport, known: Observed | null): boolean =>
	known === null || (report.session >= known.session && report.counter > known.counter);

/** The light's state with `acked` and the difference between owed and shown as they are now. */
export function reconcile(
	state: LightState,
	entry: OutboxEntry | null,
	observed: Observed | null,
	now: MonoMs,
): LightState {
	const acked = entry !== null && taken(state.delivery, entry, observed) ? entry.stars : state.acked;
	const agrees = observed === null || observed.shown === state.desired.stars;
	const differsSince = agrees ? null : (state.differsSince ?? now);
	return acked === state.acked && differsSince === state.differsSince ? state : { ...state, acked, differsSince };
}

/** Status of a light for people, and the code behind it. */
export interface Standing {
	readonly status: LightStatus;
	readonly reason: string | null;
}

export type Silence = "never-heard" | "not-heard" | "offline";

/** Why nothing is known of what the light shows now; null = it was heard lately. */
export function silence(
	state: LightState,
	observed: Observed | null,
	silentAfterS: Seconds,
	unix: UnixMs,
): Silence | null {
	if (observed === null) return "never-heard";
	if (unix - observed.heardAt > silentAfterS * 1000) return "not-heard";
	const { online } = state;
	return online !== null && !online.online && online.session >= observed.session ? "offline" : null;
}

/**
 * Each word means its predicate: `silent` never heard, not heard for `silentAfterS`, or said to be offline; `fault` a lamp fault or
 * the fault pattern; `right` a verified state shows what is owed; `moving` they differ for less than `MOVING_MS`; `refused` and the
 * light refused the newest grant; `differs` otherwise. `blocked` = why nothing may be signed.
 */
export function standing(
	state: LightState,
	observed: Observed | null,
	silentAfterS: Seconds,
	blocked: string | null,
	unix: UnixMs,
	now: MonoMs,
): Standing {
	const silent = silence(state, observed, silentAfterS, unix);
	if (observed === null || silent !== null) return { status: "silent", reason: silent };
	const lamp = observed.lamps?.find(isLampFault);
	if (lamp !== undefined) return { status: "fault", reason: `lamp-${lamp}` };
	if (observed.pattern === "fault") return { status: "fault", reason: "fault-pattern" };
	if (observed.shown === state.desired.stars) return { status: "right", reason: null };
	// Null: they differ since before this start, and nothing was heard since.
	if (state.differsSince === null || now - state.differsSince < MOVING_MS) return { status: "moving", reason: null };
	const { delivery } = state;
	if (delivery.refused !== null) return { status: "refused", reason: delivery.refused };
	if (blocked !== null) return { status: "differs", reason: blocked };
	return { status: "differs", reason: delivery.phase === "sent" ? "no-answer" : "not-shown" };
}

/** When a light's standing changes by the passing of time alone; null = never. */
export function standingChangesAt(
	state: LightState,
	observed: Observed | null,
	silentAfterS: Seconds,
	unix: UnixMs,
	now: MonoMs,
): MonoMs | null {
	if (observed === null) return null;
	const moved = state.differsSince === null ? null : state.differsSince + MOVING_MS;
	const silent = now + (observed.heardAt + silentAfterS * 1000 - unix) + 1;
	const next = moved !== null && moved > now ? Math.min(moved, silent) : silent;
	return next > now ? monoMs(next) : null;
}
