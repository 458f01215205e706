import { MAX_UINT32 } from "../../protocol/wire/bounds.ts";
import { type MonoMs, monoMs } from "../../protocol/wire/units.ts";
import { boot } from "./boot.ts";
import { onCopyFailed, onCopyWritten } from "./commit.ts";
import { onUnsignedZero, storeWornGrant } from "./endings.ts";
import { faceOf, leaseNow } from "./face.ts";
import { endJob } from "./jobs.ts";
import { onLamps } from "./lamps.ts";
import { nextWrite } from "./memory-plan.ts";
import { onMessage } from "./messages.ts";
import { beginPeriods, nextReportAt, publishOwed } from "./reports.ts";
import { count, type DeviceState, owe, type Turn } from "./state.ts";
import type { DeviceEffect, DeviceEnv, DeviceInput } from "./types.ts";
import { beginWrite, COUNTERS_LOW } from "./writes.ts";

export { type DeviceState, initialState } from "./state.ts";

/** What the host gets back: the state for the next call, and what to do, in order. */
export interface Step {
	readonly state: DeviceState;
	readonly effects: readonly DeviceEffect[];
}

/**
 * One input of a light's life. Pure: the same state, input, instant and random bytes give the same answer, and `state` is left as it
 * was. Never throws, whatever bytes come in. The first input must be `boot`; until then, and when the record is lost, the light is
 * dark and answers nothing.
 *
 * In each answer darkness comes first (`show`), then the write, then what is published: nothing is lit or said before it is stored.
 */
export function step(state: DeviceState, input: DeviceInput, now: MonoMs, env: DeviceEnv): Step {
	const turn: Turn = { state: { ...state }, effects: [], now, env };
	// An early tick must be asked for again: the host has spent its timer.
	if (input.type === "tick" || (state.wakeAt !== null && now >= state.wakeAt)) turn.state.wakeAt = null;
	if (input.type === "boot") boot(turn, input.copies);
	else if (state.phase !== "off" && state.phase !== "lost") take(turn, input);
	if (turn.state.phase !== "off") settle(turn, input);
	return { state: turn.state, effects: turn.effects };
}

function take(turn: Turn, input: Exclude<DeviceInput, { type: "boot" }>): void {
	if (input.type === "link-up" || input.type === "link-down") onLink(turn, input.type === "link-up");
	else if (input.type === "message")
		onMessage(turn, { kind: input.kind, bytes: input.bytes, retained: input.retained === true });
	else if (input.type === "unsigned-zero") onUnsignedZero(turn);
	else if (input.type === "written") onCopyWritten(turn, input.slot, input.generation);
	else if (input.type === "write-failed") onCopyFailed(turn, input.slot, input.generation, input.reason);
	else if (input.type === "lamps") onLamps(turn, input.lamps, input.sensed);
}

/** At each link-up a `state` is owed: the depot may have missed any number of them. */
function onLink(turn: Turn, linkUp: boolean): void {
	turn.state.reporting = { ...turn.state.reporting, linkUp };
	if (!linkUp) return;
	count(turn, "linkUps");
	owe(turn);
}

/**
 * What follows from time and state alone, whatever the input was. Before another input of its batch only what is said can wait. A
 * refusal cannot: a `state` names one, so that one of the next would take its place, and the depot waits for that of its grant (or
 * has to hear that its notice is stale). A batch with nothing refused, or the last of it, is answered by one `state`.
 */
function settle(turn: Turn, input: DeviceInput): void {
	endJob(turn);
	beginPeriods(turn);
	storeWornGrant(turn);
	reserveCounters(turn);
	show(turn, input.type === "boot");
	write(turn);
	if (isFollowed(input) && turn.state.reporting.refused === null) return;
	publishOwed(turn);
	wake(turn);
}

const isFollowed = (input: DeviceInput): boolean =>
	(input.type === "link-up" || input.type === "message") && input.more === true;

function show(turn: Turn, always: boolean): void {
	const { state, now } = turn;
	const face = faceOf(state, now);
	if (!always && face.pattern === state.face.pattern && face.stars === state.face.stars) return;
	state.face = face;
	turn.effects.push({ type: "show", face });
	if (!always) owe(turn);
}

function write(turn: Turn): void {
	const { state, now } = turn;
	const slot = nextWrite(state.memory, now);
	if (slot === null || state.memory.target === null) return;
	const { generation, bytes } = state.memory.target;
	state.memory = { ...state.memory, writing: slot };
	turn.effects.push({ type: "write", slot, generation, bytes });
}

/** Report counters never fall: those of after a cut begin above all that may have been used. */
function reserveCounters(turn: Turn): void {
	const { phase, record, pending, reporting } = turn.state;
	if (phase !== "ready" || record === null || pending !== null || record.counterReserved >= MAX_UINT32) return;
	if (record.counterReserved - reporting.counter >= COUNTERS_LOW) return;
	beginWrite(turn, "counter", record, {}, turn.state.lease);
}

function wake(turn: Turn): void {
	const at = nextDeadline(turn.state, turn.now);
	if (at === null || at === turn.state.wakeAt) return;
	turn.state.wakeAt = at;
	turn.effects.push({ type: "wake", at });
}

/** The next instant at which time alone changes something; null = none (no record). */
function nextDeadline(state: DeviceState, now: MonoMs): MonoMs | null {
	const { memory, job, reporting, phase } = state;
	const times: number[] = [];
	if (phase === "ready") times.push(reporting.periodAt);
	if (memory.target !== null && memory.writing === null && memory.retryAt !== null) times.push(memory.retryAt);
	if (job !== null) times.push(job.until);
	const lease = leaseNow(state, now)?.nextDeadline ?? null;
	if (lease !== null) times.push(lease);
	const report = nextReportAt(state);
	if (report !== null) times.push(report);
	return times.length === 0 ? null : monoMs(Math.min(...times));
}
