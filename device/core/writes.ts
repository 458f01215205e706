import { MAX_UINT32 } from "../../protocol/wire/bounds.ts";
import type { Lease } from "../../protocol/wire/lease.ts";
import { type LightTime, timeAt } from "../../protocol/wire/light-time.ts";
import { aimAt } from "./memory-plan.ts";
import { encodeRecord, type LightRecord } from "./record.ts";
import type { Pending, Turn } from "./state.ts";

/** Report counters reserved ahead by each record write, so that not every report costs a write of the medium. */
export const COUNTERS_AHEAD = 1_000;
/** With fewer left than this, more are reserved: enough for the reports of a slow write. */
export const COUNTERS_LOW = 200;

/** What changes of the record; generation, time and reserved counters follow by themselves. */
export type RecordChanges = Partial<Omit<LightRecord, "generation" | "identity" | "time" | "counterReserved">>;

/**
 * Aims both copies at the record with these changes; what it means takes effect when both hold it. The lease's end and resumes go
 * into the record with it. Only one write is on its way at a time: the caller has checked `pending`.
 */
export function beginWrite(
	turn: Turn,
	why: Pending["why"],
	before: LightRecord,
	changes: RecordChanges,
	lease: Lease | null,
	time: LightTime = turn.state.time,
): void {
	// Assigned, not spread: the second spread of an object costs 30 times as much.
	const record: LightRecord = Object.assign({ ...before }, changes, {
		generation: before.generation + 1,
		time: timeAt(time, turn.now),
		ended: lease?.ended ?? null,
		resumesLeft: lease?.resumesLeft ?? 0,
		counterReserved: Math.min(turn.state.reporting.counter + COUNTERS_AHEAD, MAX_UINT32),
	});
	turn.state.pending = { why, record, lease, time };
	turn.state.memory = aimAt(turn.state.memory, record.generation, encodeRecord(record));
}
