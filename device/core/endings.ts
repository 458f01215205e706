import { endLease } from "../../protocol/wire/lease.ts";
import { renewAsks } from "./asks.ts";
import { leaseNow } from "./face.ts";
import { log, type Turn, tell } from "./state.ts";
import { beginWrite } from "./writes.ts";

/** Stores the end of a grant whose time is over. It is dark already: the face follows from the lease, not from the record. */
export function storeWornGrant(turn: Turn): void {
	const { state, now } = turn;
	const { lease, record } = state;
	if (record === null || lease === null || lease.ended !== null || state.pending !== null) return;
	const ended = leaseNow(state, now)?.ended ?? null;
	if (ended === null) return;
	log(turn, "info", "grant-ended", { reason: ended, epoch: lease.grant.epoch, seq: lease.grant.seq });
	beginWrite(turn, "grant-ended", record, {}, endLease(lease, ended));
}

/** An unsigned 0 stars: always obeyed. During a write it waits for it, dark, before everything else that waits. */
export function onUnsignedZero(turn: Turn): void {
	if (turn.state.pending === null) obeyZero(turn);
	else turn.state.zeroWaiting = true;
}

/** Dark, the grant ended for good, and what was signed for the asks before is void. */
export function obeyZero(turn: Turn): void {
	const { state } = turn;
	const { lease, record } = state;
	state.zeroWaiting = false;
	state.job = null;
	tell(turn, "unsigned-zero", {});
	log(turn, "info", "unsigned-zero", {});
	const shows = lease !== null && lease.ended === null && lease.grant.stars > 0;
	// The asks die when the end is written (or at once, with nothing to end): nothing is accepted in between.
	if (record !== null && shows) beginWrite(turn, "unsigned-zero", record, {}, endLease(lease, "unsigned-zero"));
	else renewAsks(turn);
}
