import {
	type AcceptanceView,
	acceptGrant,
	acceptJob,
	acceptKeys,
	acceptNotice,
	type Refused,
	type VerifiedBefore,
} from "../../protocol/wire/acceptance.ts";
import { copyBytes, equalBytes } from "../../protocol/wire/bytes.ts";
import { MAX_BYTES } from "../../protocol/wire/codec.ts";
import { endLease, startLease } from "../../protocol/wire/lease.ts";
import { timeFromGrant } from "../../protocol/wire/light-time.ts";
import type { Refusal, RefusalCode } from "../../protocol/wire/messages.ts";
import { startJob } from "./jobs.ts";
import type { LightRecord } from "./record.ts";
import { count, log, owe, type Turn, WAITING_MAX, type Waiting } from "./state.ts";
import { beginWrite } from "./writes.ts";

/**
 * A message came. While a record is on its way to the copies it waits: what it is judged by is not yet known to be kept. One that is
 * too long is refused at once, so that what waits stays small.
 */
export function onMessage(turn: Turn, message: Waiting): void {
	const { state } = turn;
	const { kind, bytes } = message;
	if (bytes.length > MAX_BYTES[kind]) {
		refuse(turn, { code: "malformed", kind, epoch: 0, seq: 0 });
		return;
	}
	if (state.pending === null) {
		takeMessage(turn, message);
		return;
	}
	if (state.waiting.length >= WAITING_MAX) {
		count(turn, "queueDropped");
		log(turn, "warn", "message-dropped", { kind, waiting: WAITING_MAX });
	}
	// The oldest goes: the newest command is the one that counts.
	state.waiting = [...state.waiting, { ...message, bytes: copyBytes(bytes) }].slice(-WAITING_MAX);
}

/** Accepts or refuses a message; nothing is on its way to the copies. */
export function takeMessage(turn: Turn, { kind, bytes, retained }: Waiting): void {
	const record = turn.state.record;
	if (record === null) return;
	if (kind === "grant") takeGrant(turn, record, bytes, retained);
	else if (kind === "notice") takeNotice(turn, record, bytes);
	else if (kind === "keys") takeKeys(turn, record, bytes);
	else takeJob(turn, record, bytes);
}

function takeGrant(turn: Turn, record: LightRecord, bytes: Uint8Array, retained: boolean): void {
	const { now, state } = turn;
	const answer = acceptGrant(viewOf(turn, record), bytes, now);
	if (answer.result !== "accepted") {
		answerOnly(turn, answer, retained);
		return;
	}
	const { grant, askRecord, key, pair } = answer;
	// Only a grant with a live ask sets the light's time: an old one would set it back.
	const time = askRecord === null ? state.time : timeFromGrant(grant, now);
	const lease = startLease(grant, askRecord?.drawnAt ?? null, now);
	const changes = { epoch: pair.epoch, seq: pair.seq, grantBytes: copyBytes(bytes), grantKey: key };
	beginWrite(turn, "grant", record, changes, lease, time);
}

function takeNotice(turn: Turn, record: LightRecord, bytes: Uint8Array): void {
	const { lease } = turn.state;
	const answer = acceptNotice(viewOf(turn, record), bytes);
	if (answer.result !== "refused") remember(turn, "notice", bytes, answer.key);
	if (answer.result !== "accepted") {
		answerOnly(turn, answer);
		return;
	}
	const changes = { noticeEpoch: answer.notice.epoch, noticeKey: answer.key };
	beginWrite(turn, "notice", record, changes, lease && answer.grantEnds ? endLease(lease, "notice") : lease);
}

function takeKeys(turn: Turn, record: LightRecord, bytes: Uint8Array): void {
	const { lease } = turn.state;
	const answer = acceptKeys(viewOf(turn, record), bytes);
	if (answer.result !== "refused") remember(turn, "keys", bytes, record.identity.rootKey);
	if (answer.result !== "accepted") {
		answerOnly(turn, answer);
		return;
	}
	const { keys, pair, noticeEpoch, noticeKey } = answer;
	const changes = { trustedKeys: keys.keys, keysVersion: keys.version, ...pair, noticeEpoch, noticeKey };
	beginWrite(turn, "keys", record, changes, lease && answer.grantEnds ? endLease(lease, "key-gone") : lease);
}

/** These bytes were verified by this key: true for good, whether or not they come to be stored. */
function remember({ state }: Turn, kind: keyof VerifiedBefore, bytes: Uint8Array, publicKey: Uint8Array): void {
	const before = state.verified[kind];
	if (before !== null && equalBytes(before.bytes, bytes) && equalBytes(before.publicKey, publicKey)) return;
	state.verified = { ...state.verified, [kind]: { bytes: copyBytes(bytes), publicKey } };
}

function takeJob(turn: Turn, record: LightRecord, bytes: Uint8Array): void {
	const answer = acceptJob(viewOf(turn, record), bytes);
	if (answer.result === "accepted") startJob(turn, answer.job);
	else refuse(turn, answer);
}

/** Refused, or the stored bytes again: nothing changes, a `state` answers. */
function answerOnly(turn: Turn, answer: Refused | { readonly result: "repeat" }, retained = false): void {
	if (answer.result === "refused") refuse(turn, answer, retained);
	else owe(turn);
}

/** The grant that the broker kept was meant for an ask of before: it is refused at each start, and the next one is on its way. */
const IS_OLD: ReadonlySet<RefusalCode> = new Set<RefusalCode>(["not-fresh", "void", "stale", "expired"]);
const OLD_NOTE =
	"This is normal at a start: the grant that the broker kept is an old one, and the star comes with the next.";

function refuse(turn: Turn, refusal: Refusal, retained = false): void {
	const { code, kind, epoch, seq } = refusal;
	const fields = { refusal: code, kind, epoch, seq };
	count(turn, "refused");
	if (retained && kind === "grant" && IS_OLD.has(code)) {
		log(turn, "info", "retained-grant-not-shown", { ...fields, note: OLD_NOTE });
	} else log(turn, "warn", "message-refused", fields);
	owe(turn, { code, kind, epoch, seq });
}

function viewOf(turn: Turn, record: LightRecord): AcceptanceView {
	const { asks, killedByNotice, verified, lease } = turn.state;
	const { identity, trustedKeys, keysVersion, epoch, seq, noticeEpoch, noticeKey, grantBytes, grantKey } = record;
	const { fleet, light, rootKey } = identity;
	// Each by its name: one that is spread first costs some hundred times as much, and this is done for each message.
	return {
		fleet,
		light,
		rootKey,
		trustedKeys,
		keysVersion,
		epoch,
		seq,
		noticeEpoch,
		noticeKey,
		grantBytes,
		grantKey,
		grantPair: lease && { epoch: lease.grant.epoch, seq: lease.grant.seq },
		asks,
		killedByNotice,
		verified,
		crypto: turn.env.crypto,
	};
}
