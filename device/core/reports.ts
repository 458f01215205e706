import { MAX_LAMPS, MAX_UINT32, TOKEN_BYTES } from "../../protocol/wire/bounds.ts";
import { copyBytes } from "../../protocol/wire/bytes.ts";
import type { LightReport } from "../../protocol/wire/messages.ts";
import { seal } from "../../protocol/wire/seal.ts";
import { type MonoMs, monoMs } from "../../protocol/wire/units.ts";
import { drawAsk } from "./asks.ts";
import { isWriteFailing, leaseNow } from "./face.ts";
import type { LightRecord } from "./record.ts";
import { type DeviceState, REPORTS_A_SECOND, type Turn } from "./state.ts";

const SECOND_MS = 1_000;
/** Bytes of a text of ours in a report; longer ones are cut, since a report that cannot be written says nothing. */
const TEXT_MAX = 64;

/** Draws the ask of each report period that began; its `state` follows. */
export function beginPeriods(turn: Turn): void {
	const { state, now, env } = turn;
	if (state.phase !== "ready" || now < state.reporting.periodAt) return;
	drawAsk(turn);
	state.reporting = { ...state.reporting, periodAt: monoMs(now + env.reportS * SECOND_MS) };
}

/** Publishes what is owed, as far as link, write and rate allow: events first, then one `state` for all changes. */
export function publishOwed(turn: Turn): void {
	const { state } = turn;
	while (state.reporting.events.length > 0 && mayPublish(state) && isOpen(state.reporting.recentEvents, turn.now)) {
		publishEvent(turn);
	}
	if (state.reporting.due && mayPublish(state) && isOpen(state.reporting.recentStates, turn.now)) publishState(turn);
}

/** When a report that is owed may go out, if only time holds it back; null = nothing waits for time. */
export function nextReportAt(state: DeviceState): MonoMs | null {
	if (!mayPublish(state)) return null;
	const { due, events, recentStates, recentEvents } = state.reporting;
	const times = [];
	if (due) times.push((recentStates[0] ?? 0) + SECOND_MS);
	if (events.length > 0) times.push((recentEvents[0] ?? 0) + SECOND_MS);
	return times.length === 0 ? null : monoMs(Math.min(...times));
}

/**
 * Nothing is answered before its write is done, so a write on its way holds reports back, unless it fails: then the light has to say
 * so, by what is known to be stored. Counters are used only as far as they are reserved.
 */
function mayPublish(state: DeviceState): boolean {
	const { phase, record, reporting, pending } = state;
	if (phase !== "ready" || record === null || !reporting.linkUp || state.asks.length === 0) return false;
	return reporting.counter < record.counterReserved && (pending === null || isWriteFailing(state));
}

/** Whether one more in this second is allowed. */
const isOpen = (recent: readonly MonoMs[], now: MonoMs): boolean =>
	recent.length < REPORTS_A_SECOND || now - (recent[0] ?? 0) >= SECOND_MS;

const withRecent = (recent: readonly MonoMs[], now: MonoMs): readonly MonoMs[] =>
	[...recent, now].slice(-REPORTS_A_SECOND);

function publishEvent(turn: Turn): void {
	const { state, env, now } = turn;
	const { record, reporting } = state;
	const [event, ...rest] = reporting.events;
	if (record === null || event === undefined) return;
	const { fleet, light } = record.identity;
	const detail = Object.fromEntries(Object.entries(event.detail).map(([name, value]) => [name, plainValue(value)]));
	const bytes = seal(
		"event",
		{
			fleet,
			light,
			session: record.session,
			counter: reporting.counter,
			what: event.what,
			uptimeS: uptimeS(state, now),
			detail,
		},
		env.signer,
		env.crypto,
	);
	turn.effects.push({ type: "publish", kind: "event", bytes });
	const recentEvents = withRecent(reporting.recentEvents, now);
	state.reporting = { ...reporting, counter: reporting.counter + 1, events: rest, recentEvents };
}

function publishState(turn: Turn): void {
	const { state, env, now } = turn;
	const { record, reporting } = state;
	if (record === null) return;
	const bytes = seal("state", reportOf(turn, record), env.signer, env.crypto);
	turn.effects.push({ type: "publish", kind: "state", bytes });
	const recentStates = withRecent(reporting.recentStates, now);
	state.reporting = { ...reporting, counter: reporting.counter + 1, due: false, refused: null, recentStates };
}

type Draft = { -readonly [K in keyof LightReport]: LightReport[K] };

/** What is left out is added behind or not at all: an object with a spread in its middle costs 100 times as much. */
function reportOf(turn: Turn, record: LightRecord): LightReport {
	const { state, env, now } = turn;
	const { asks, face, lamps, reporting } = state;
	const { refused } = reporting;
	const report: Draft = {
		fleet: record.identity.fleet,
		light: record.identity.light,
		session: record.session,
		counter: reporting.counter,
		ask: asks.at(-1)?.ask ?? new Uint8Array(TOKEN_BYTES),
		shown: face.stars,
		pattern: face.pattern,
		sensed: state.sensed && lamps.length > 0 && !lamps.includes("unknown"),
		epoch: record.epoch,
		seq: record.seq,
		keysVersion: record.keysVersion,
		firmware: plain(env.firmware),
		uptimeS: uptimeS(state, now),
		link: { ...state.counters },
	};
	addGrant(report, turn, record);
	if (record.noticeEpoch > 0) report.noticeEpoch = record.noticeEpoch;
	if (refused !== null) report.refused = refused;
	if (lamps.length > 0) report.lamps = lamps.slice(0, MAX_LAMPS);
	return report;
}

/**
 * The grant in force is told even while a fault or a job hides it: with no lease left to see, a depot would sign a new grant for
 * each report of a light whose lamp is broken.
 */
function addGrant(report: Draft, turn: Turn, record: LightRecord): void {
	const { state, now, env } = turn;
	if (record.grantBytes === null) return;
	report.grant = copyBytes(env.crypto.sha256(record.grantBytes), 0, TOKEN_BYTES);
	const view = leaseNow(state, now);
	if (view === null || view.stars === 0 || state.lease === null) return;
	report.asOf = state.lease.grant.asOf;
	report.leaseLeftS = view.leaseLeftS;
	report.resumesLeft = state.lease.resumesLeft;
}

const uptimeS = (state: DeviceState, now: MonoMs): number =>
	Math.min(Math.max(0, Math.floor((now - state.bootAt) / SECOND_MS)), MAX_UINT32);

/** A host's text in printable ASCII and short, so that no report fails on it. */
const plain = (text: string): string => text.slice(0, TEXT_MAX).replace(/[^\x20-\x7e]/g, "?");

function plainValue(value: string | number | boolean): string | number | boolean {
	if (typeof value === "number") return Number.isSafeInteger(value) ? value : 0;
	return typeof value === "string" ? plain(value) : value;
}
