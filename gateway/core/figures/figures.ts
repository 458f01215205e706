import { type LightId, toUnixSeconds, type UnixSeconds } from "../../../protocol/wire/units.ts";
import type { ClockReading } from "../lights/clock-guard.ts";
import type { LightState } from "../lights/light-state.ts";
import { type Standing, standing } from "../lights/reconcile.ts";
import type { EndWord, LightRecord, OutboxEntry, Pull } from "../model.ts";
import type { Parts } from "../parts.ts";
import type { LightStatus, LightView, Now } from "../types.ts";
import type { ChangeTally } from "./change-tally.ts";
import type { HistogramView } from "./histogram.ts";

export type Channel = LightView["channel"];
export const CHANNELS: readonly Channel[] = ["mqtt"];
export const STATUSES: readonly LightStatus[] = ["right", "acked", "moving", "differs", "refused", "silent", "fault"];
/** Lights whose ids an alarm may name; the rest is counted. */
export const MOST_NAMED = 5;

/** Grants on their way to the lights of a channel: reserved, being signed, or sent, and not answered yet. */
export interface OutboxFigures {
	readonly entries: number;
	/** Since the oldest of them was reserved, seconds; 0 without one. */
	readonly oldestS: number;
}

export interface ChannelFigures {
	readonly status: Readonly<Record<LightStatus, number>>;
	/** Lights whose vehicle carries a driver on duty. */
	readonly onDuty: number;
	/** Those of them whose newest verified state shows exactly what is owed: not silent, no lamp fault. */
	readonly onDutyRight: number;
	readonly onDutySilent: number;
	/** `heard`: to lights heard lately, so an answer is expected; `absent`: to silent ones, which wait for the light. */
	readonly outbox: { readonly heard: OutboxFigures; readonly absent: OutboxFigures };
	/** null = no star on duty rests on a rating. */
	readonly age: AgeFigures | null;
	readonly ends: Readonly<Record<EndWord, number>>;
	readonly convergenceS: HistogramView;
	/** States in which a light says that it refused a message, by its code. */
	readonly refusals: Readonly<Record<string, number>>;
}

/** What is known of pulls. Seconds by the depot's wall clock; null = never. */
export interface PullFigures {
	/** Since the newest pull of any outcome. */
	readonly ageS: number | null;
	/** Since the newest pull that holds: applied, accepted, or unchanged, which confirms the ones before. */
	readonly appliedAgeS: number | null;
	readonly outcome: Pull["status"] | null;
	readonly held: number;
}

/** Age of truth over the lights on duty that rest on a rating, seconds. */
export interface AgeFigures {
	readonly p50: number;
	readonly p95: number;
	readonly max: number;
}

/** The depot in figures at one instant: one pass over the lights, nothing of any person. */
export interface DepotFigures {
	readonly channels: Readonly<Record<Channel, ChannelFigures>>;
	readonly lights: number;
	readonly drivers: number;
	readonly vehicles: number;
	readonly pulls: PullFigures;
	readonly clock: "trusted" | "clock-behind" | "clock-ahead";
	readonly epoch: number;
	readonly dropped: Readonly<Record<string, number>>;
	/** Some lights with a lamp fault, for a person to look for. */
	readonly faulty: readonly LightId[];
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
interface Gathered {
	readonly status: Record<LightStatus, number>;
	onDuty: number;
	onDutyRight: number;
	onDutySilent: number;
	readonly heard: Mutable<OutboxFigures>;
	readonly absent: Mutable<OutboxFigures>;
}

const nothing = (): Gathered => ({
	status: Object.fromEntries(STATUSES.map((s) => [s, 0])) as Record<LightStatus, number>,
	onDuty: 0,
	onDutyRight: 0,
	onDutySilent: 0,
	heard: { entries: 0, oldestS: 0 },
	absent: { entries: 0, oldestS: 0 },
});

const UNDER_WAY = ["reserving", "signing", "sent"];

/** Seconds since the entry was reserved; by the entry's own time where that was before this start. */
function waitingS(state: LightState, entry: OutboxEntry, now: Now): number {
	const { reservedAt } = state.delivery;
	const s = reservedAt === null ? toUnixSeconds(now.unix) - entry.issuedAt : (now.mono - reservedAt) / 1000;
	return Math.max(0, s);
}

/** Age at a share of the lights: `counts` holds how many rest on each as-of time. There are few such times, whatever the fleet. */
function ages(counts: ReadonlyMap<UnixSeconds, number>, now: UnixSeconds): AgeFigures | null {
	const all = [...counts.values()].reduce((sum, n) => sum + n, 0);
	if (all === 0) return null;
	// Youngest first.
	const sorted = [...counts].sort(([a], [b]) => b - a);
	const at = (share: number): number => {
		let left = Math.ceil(all * share);
		for (const [asOf, n] of sorted) {
			left -= n;
			if (left <= 0) return Math.max(0, now - asOf);
		}
		return 0;
	};
	return { p50: at(0.5), p95: at(0.95), max: at(1) };
}

const HOLDS: readonly Pull["status"][] = ["applied", "accepted", "unchanged"];

/** `pulls` oldest first, as kept. Where none of those kept holds, the true age is more than that of the oldest: that is said then. */
function pullFigures(pulls: readonly Pull[], held: number, now: Now): PullFigures {
	const ageOf = (pull: Pull | undefined) => (pull === undefined ? null : Math.max(0, (now.unix - pull.at) / 1000));
	const newest = pulls.at(-1);
	const holds = pulls.findLast((pull) => HOLDS.includes(pull.status));
	return { ageS: ageOf(newest), appliedAgeS: ageOf(holds ?? pulls[0]), outcome: newest?.status ?? null, held };
}

function gather(into: Gathered, { status }: Standing, state: LightState, entry: OutboxEntry | undefined, now: Now) {
	into.status[status] += 1;
	if (entry === undefined || !UNDER_WAY.includes(state.delivery.phase)) return;
	const outbox = status === "silent" ? into.absent : into.heard;
	outbox.entries += 1;
	outbox.oldestS = Math.max(outbox.oldestS, waitingS(state, entry, now));
}

/** `stateOf` gives what the running depot knows of a light. */
export function figuresOf(
	parts: Parts,
	stateOf: (light: LightId) => LightState | null,
	tally: ChangeTally,
	time: ClockReading,
	now: Now,
): DepotFigures {
	const { records, config } = parts;
	const channel = nothing();
	const asOf = new Map<UnixSeconds, number>();
	const faulty: LightId[] = [];
	const blocked = time.trusted ? null : time.code;
	const look = ({ light, vehicle }: LightRecord) => {
		const state = stateOf(light);
		if (state === null) return;
		const observed = records.observed.get(light) ?? null;
		const stands = standing(state, observed, config.silentAfterS, blocked, now.unix, now.mono);
		gather(channel, stands, state, records.entries.get(light), now);
		if (stands.status === "fault" && faulty.length < MOST_NAMED) faulty.push(light);
		if (vehicle === null || !records.dutyOfVehicle.has(vehicle)) return;
		channel.onDuty += 1;
		if (stands.status === "right") channel.onDutyRight += 1;
		if (stands.status === "silent") channel.onDutySilent += 1;
		const { desired } = state;
		if (desired.asOf !== 0) asOf.set(desired.asOf, (asOf.get(desired.asOf) ?? 0) + 1);
	};
	for (const record of records.lights.values()) look(record);
	const { heard, absent, ...counted } = channel;
	const mqtt: ChannelFigures = {
		...counted,
		outbox: { heard, absent },
		age: ages(asOf, toUnixSeconds(now.unix)),
		refusals: parts.refusals.view(),
		...tally.view(),
	};
	return {
		channels: { mqtt },
		lights: records.lights.size,
		drivers: records.drivers.size,
		vehicles: records.vehicles.size,
		pulls: pullFigures(records.pulls, records.heldChanges.size, now),
		clock: time.trusted ? "trusted" : time.code,
		epoch: records.meta.epoch,
		dropped: parts.dropped.view(),
		faulty,
	};
}
