import type { Crypto } from "../ports/crypto.ts";
import { equalBytes } from "./bytes.ts";
import type { Grant, Job, Keys, Kind, Notice, Refusal, RefusalCode } from "./messages.ts";
import { unseal, type Verified } from "./seal.ts";
import type { LightId, MonoMs } from "./units.ts";

/** A live ask: an unpredictable number that the light drew, and when. Kept in RAM only. */
export interface AskRecord {
	/** 8 bytes. */
	readonly ask: Uint8Array;
	readonly drawnAt: MonoMs;
}

/** (epoch, seq): order of grants of one light. */
export interface Pair {
	readonly epoch: number;
	readonly seq: number;
}

/** The newest `keys` and `notice` that were verified and of use, so that a reconnect need not verify them again. Kept in RAM only. */
export interface VerifiedBefore {
	readonly keys: Verified | null;
	readonly notice: Verified | null;
}

export const NOTHING_VERIFIED: VerifiedBefore = { keys: null, notice: null };

/** What acceptance looks at: the identity, the stored record and the asks. Never changed here. */
export interface AcceptanceView {
	readonly fleet: string;
	readonly light: LightId;
	/** Raw 32 bytes; the only key that signs `keys`. */
	readonly rootKey: Uint8Array;
	/** Raw 32-byte signing keys. */
	readonly trustedKeys: readonly Uint8Array[];
	readonly keysVersion: number;
	/** The stored pair; (0, 0) if none. Never falls but by `keys`, so it can be above `grantPair`. */
	readonly epoch: number;
	readonly seq: number;
	/** 0 if none. */
	readonly noticeEpoch: number;
	/** The key that signed the stored notice. */
	readonly noticeKey: Uint8Array | null;
	/** The stored grant's whole message, kept after its end. */
	readonly grantBytes: Uint8Array | null;
	/** The key that signed it. */
	readonly grantKey: Uint8Array | null;
	/** Its own pair. */
	readonly grantPair: Pair | null;
	/** The live asks: the last four drawn, without those that an acceptance killed. */
	readonly asks: readonly AskRecord[];
	/** Asks killed by a notice, bounded: tells `void` from `not-fresh`. */
	readonly killedByNotice: readonly Uint8Array[];
	/** Changes no answer. */
	readonly verified: VerifiedBefore;
	readonly crypto: Crypto;
}

/** A refusal stores nothing; epoch and seq are those the message claims, 0 where it names none or could not be read. */
export interface Refused extends Refusal {
	readonly result: "refused";
}

export type GrantAnswer =
	/**
	 * Store the grant, its key and `pair`, end the grant before, kill the asks. `askRecord` null (0 stars without a live ask):
	 * the light's time is left as it is.
	 */
	| {
			readonly result: "accepted";
			readonly grant: Grant;
			readonly askRecord: AskRecord | null;
			readonly key: Uint8Array;
			/** The pair to store: the higher one of the stored and the grant's own. */
			readonly pair: Pair;
	  }
	/** The stored grant's bytes again: answer with the present state; changes nothing, neither lease nor asks. */
	| { readonly result: "repeat"; readonly grant: Grant }
	| Refused;

export type NoticeAnswer =
	/** Store epoch and key, kill the asks (as killed by a notice); end the stored grant if `grantEnds`. */
	| { readonly result: "accepted"; readonly notice: Notice; readonly key: Uint8Array; readonly grantEnds: boolean }
	| { readonly result: "repeat"; readonly notice: Notice; readonly key: Uint8Array }
	| Refused;

export type KeysAnswer =
	/** Store all of this, kill the asks; end the stored grant if `grantEnds`. */
	| {
			readonly result: "accepted";
			readonly keys: Keys;
			/** The stored grant's key is not among the new ones. */
			readonly grantEnds: boolean;
			readonly pair: Pair;
			readonly noticeEpoch: number;
			readonly noticeKey: Uint8Array | null;
	  }
	| { readonly result: "repeat"; readonly keys: Keys }
	| Refused;

export type JobAnswer =
	/** Do it once; kill the asks. */
	{ readonly result: "accepted"; readonly job: Job; readonly askRecord: AskRecord; readonly key: Uint8Array } | Refused;

/** Negative, 0 or positive: epoch first, then seq. */
export const comparePairs = (a: Pair, b: Pair): number => a.epoch - b.epoch || a.seq - b.seq;

const NO_PAIR: Pair = { epoch: 0, seq: 0 };

const refuse = (kind: Kind, code: RefusalCode, claimed: Partial<Pair> | null): Refused => ({
	result: "refused",
	code,
	kind,
	epoch: claimed?.epoch ?? 0,
	seq: claimed?.seq ?? 0,
});

/** The live ask that a message echoes, or null. */
const liveAsk = (view: AcceptanceView, ask: Uint8Array | null): AskRecord | null =>
	(ask && view.asks.find((record) => equalBytes(record.ask, ask))) || null;

/** Why an ask that is not live is refused. */
const deadAskCode = (view: AcceptanceView, ask: Uint8Array | null): "void" | "not-fresh" =>
	ask && view.killedByNotice.some((killed) => equalBytes(killed, ask)) ? "void" : "not-fresh";

/**
 * Acceptance of a `grant` in the protocol's order: malformed, unknown-key, bad-signature, wrong-fleet, wrong-light, the stored
 * bytes again, stale and conflict (only without a live ask), not-fresh or void, expired. Never throws.
 */
export function acceptGrant(view: AcceptanceView, bytes: Uint8Array, now: MonoMs): GrantAnswer {
	const { grantBytes, grantKey } = view;
	// Verified before it was stored.
	const stored = grantBytes && grantKey && { bytes: grantBytes, publicKey: grantKey };
	const opened = unseal("grant", bytes, view.trustedKeys, view.crypto, stored);
	if (!opened.ok) return refuse("grant", opened.code, opened.unverified);
	const grant = opened.message;
	const refused = (code: RefusalCode) => refuse("grant", code, grant);
	if (grant.fleet !== view.fleet) return refused("wrong-fleet");
	if (grant.light !== view.light) return refused("wrong-light");
	if (grantBytes && equalBytes(grantBytes, bytes)) return { result: "repeat", grant };
	const askRecord = liveAsk(view, grant.ask);
	const order = comparePairs(grant, view);
	if (!askRecord && order < 0) return refused("stale");
	if (!askRecord && order === 0) return refused("conflict");
	if (grant.stars > 0) {
		if (!askRecord) return refused(deadAskCode(view, grant.ask));
		if (now - askRecord.drawnAt >= grant.leaseS * 1000) return refused("expired");
	}
	const pair = order > 0 ? { epoch: grant.epoch, seq: grant.seq } : { epoch: view.epoch, seq: view.seq };
	return { result: "accepted", grant, askRecord, key: opened.publicKey, pair };
}

/**
 * Acceptance of a `notice`: equal to the stored notice epoch is answered again; below it, or below the stored pair's epoch, is
 * stale. No clock and no ask is looked at: a blanking must work without either. Never throws.
 */
export function acceptNotice(view: AcceptanceView, bytes: Uint8Array): NoticeAnswer {
	const opened = unseal("notice", bytes, view.trustedKeys, view.crypto, view.verified.notice);
	if (!opened.ok) return refuse("notice", opened.code, opened.unverified);
	const notice = opened.message;
	if (notice.fleet !== view.fleet) return refuse("notice", "wrong-fleet", notice);
	if (notice.epoch === view.noticeEpoch) return { result: "repeat", notice, key: opened.publicKey };
	if (notice.epoch < view.noticeEpoch || notice.epoch < view.epoch) return refuse("notice", "stale", notice);
	const grantEnds = view.grantPair !== null && view.grantPair.epoch < notice.epoch;
	return { result: "accepted", notice, key: opened.publicKey, grantEnds };
}

/**
 * Acceptance of `keys`: only from the root key, only a higher version, from any older one. Answers what becomes of the stored
 * grant, pair and notice where a key leaves. Never throws.
 */
export function acceptKeys(view: AcceptanceView, bytes: Uint8Array): KeysAnswer {
	const opened = unseal("keys", bytes, [view.rootKey], view.crypto, view.verified.keys);
	if (!opened.ok) return refuse("keys", opened.code, null);
	const keys = opened.message;
	if (keys.fleet !== view.fleet) return refuse("keys", "wrong-fleet", null);
	if (keys.version === view.keysVersion) return { result: "repeat", keys };
	if (keys.version < view.keysVersion) return refuse("keys", "stale", null);
	const stays = (key: Uint8Array | null) => key !== null && keys.keys.some((other) => equalBytes(other, key));
	const grantEnds = view.grantKey !== null && !stays(view.grantKey);
	const noticeStays = stays(view.noticeKey);
	return {
		result: "accepted",
		keys,
		grantEnds,
		pair: view.trustedKeys.every(stays) ? { epoch: view.epoch, seq: view.seq } : ownPair(view, grantEnds),
		noticeEpoch: noticeStays ? view.noticeEpoch : 0,
		noticeKey: noticeStays ? view.noticeKey : null,
	};
}

/** The pair after a key left: any grant but the stored one may have been signed by it, so only its own pair is sure. */
const ownPair = (view: AcceptanceView, grantEnds: boolean): Pair =>
	view.grantPair === null || grantEnds ? NO_PAIR : { epoch: view.grantPair.epoch, seq: view.grantPair.seq };

/** Acceptance of a `job`: needs a live ask, so that none can be replayed. Never throws. */
export function acceptJob(view: AcceptanceView, bytes: Uint8Array): JobAnswer {
	const opened = unseal("job", bytes, view.trustedKeys, view.crypto);
	if (!opened.ok) return refuse("job", opened.code, null);
	const job = opened.message;
	if (job.fleet !== view.fleet) return refuse("job", "wrong-fleet", null);
	if (job.light !== view.light) return refuse("job", "wrong-light", null);
	const askRecord = liveAsk(view, job.ask);
	if (!askRecord) return refuse("job", deadAskCode(view, job.ask), null);
	return { result: "accepted", job, askRecord, key: opened.publicKey };
}
