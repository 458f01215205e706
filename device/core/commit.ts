import { monoMs } from "../../protocol/wire/units.ts";
import { drawAsk, renewAsks } from "./asks.ts";
import { obeyZero } from "./endings.ts";
import { isWriteFailing } from "./face.ts";
import { atRest, isDone, onWriteFailed, onWritten, type Slot } from "./memory-plan.ts";
import { takeMessage } from "./messages.ts";
import { count, log, owe, type Pending, type Turn, tell } from "./state.ts";

/** One copy is durable; with the second the record holds, and what waited for it is taken. */
export function onCopyWritten(turn: Turn, slot: Slot, generation: number): void {
	const { state } = turn;
	state.memory = onWritten(state.memory, slot, generation);
	const { pending } = state;
	if (pending === null || !isDone(state.memory)) return;
	if (isWriteFailing(state)) {
		log(turn, "info", "memory-recovered");
		tell(turn, "memory-recovered");
	}
	state.memory = atRest(state.memory);
	state.pending = null;
	state.record = pending.record;
	state.lease = pending.lease;
	state.time = pending.time;
	takeEffect(turn, pending);
	takeWaiting(turn);
}

/** A copy could not be written: dark until it can, tried again by tick. */
export function onCopyFailed(turn: Turn, slot: Slot, generation: number, reason: string): void {
	const { state, now } = turn;
	const before = state.memory;
	state.memory = onWriteFailed(before, slot, generation, now);
	if (state.memory === before) return;
	count(turn, "writeFailures");
	log(turn, "error", "record-not-written", { slot, reason, tries: state.memory.failures });
	if (before.failures > 0) return;
	tell(turn, "record-not-written", { slot, reason });
	owe(turn);
}

function takeEffect(turn: Turn, pending: Pending): void {
	const { state, now, env } = turn;
	const { why, record } = pending;
	owe(turn);
	if (why === "boot") {
		state.phase = "ready";
		state.reporting = { ...state.reporting, periodAt: monoMs(now + env.reportS * 1000) };
		log(turn, "info", "started", { session: record.session, epoch: record.epoch, seq: record.seq });
		drawAsk(turn);
	} else if (why === "grant" || why === "notice" || why === "keys") {
		count(turn, "accepted");
		logAccepted(turn, pending);
		renewAsks(turn, why === "notice");
	} else if (why === "unsigned-zero") {
		renewAsks(turn);
	}
}

function logAccepted(turn: Turn, { why, record, lease }: Pending): void {
	if (why === "grant" && lease !== null) {
		const { epoch, seq, stars, leaseS } = lease.grant;
		log(turn, "info", "grant-accepted", { epoch, seq, stars, leaseS });
	}
	if (why === "notice") log(turn, "info", "notice-accepted", { epoch: record.noticeEpoch });
	if (why === "keys") {
		log(turn, "info", "keys-accepted", { version: record.keysVersion, keys: record.trustedKeys.length });
	}
}

/** A waiting 0 first: with it every ask dies, so no star that waits behind it can be lit. Then one by one until the next write. */
function takeWaiting(turn: Turn): void {
	const { state } = turn;
	if (state.zeroWaiting) obeyZero(turn);
	while (state.pending === null) {
		const [first, ...rest] = state.waiting;
		if (first === undefined) return;
		state.waiting = rest;
		takeMessage(turn, first);
	}
}
