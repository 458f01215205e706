import type { Crypto } from "../../../protocol/ports/crypto.ts";
import { MAX_UINT32 } from "../../../protocol/wire/bounds.ts";
import type { Grant } from "../../../protocol/wire/messages.ts";
import type { Prepared } from "../../../protocol/wire/seal.ts";
import { prepare } from "../../../protocol/wire/seal.ts";
import { type LightId, type Seconds, type UnixSeconds, unixSeconds } from "../../../protocol/wire/units.ts";
import type { OutboxEntry } from "../model.ts";
import type { Desired } from "../stars/decide.ts";

/** How long a grant may be shown, from the settings. */
export interface LeaseTerms {
	readonly leaseS: Seconds;
	readonly resumes: number;
	readonly resumeS: Seconds;
}

/** Whether this epoch has a seq left for the light. */
export const hasSeq = (entry: OutboxEntry | null, epoch: number): boolean =>
	entry === null || entry.epoch !== epoch || entry.seq < MAX_UINT32;

/**
 * The light's next outbox entry: one seq more in the same epoch, 1 in a new one. notAfter is the protocol's bound, cut to the
 * second from which the rating is too old.
 */
export function reserve(
	light: LightId,
	before: OutboxEntry | null,
	epoch: number,
	desired: Desired,
	ask: Uint8Array | null,
	terms: LeaseTerms,
	time: UnixSeconds,
): OutboxEntry {
	const bound = time + terms.leaseS + terms.resumes * terms.resumeS;
	const ends = desired.stars > 0 && desired.validUntil !== null ? Math.min(bound, desired.validUntil) : bound;
	return {
		light,
		epoch,
		seq: before !== null && before.epoch === epoch ? before.seq + 1 : 1,
		stars: desired.stars,
		driver: desired.driver,
		issuedAt: time,
		notAfter: unixSeconds(ends),
		leaseS: terms.leaseS,
		resumes: terms.resumes,
		resumeS: terms.resumeS,
		asOf: desired.asOf,
		policy: desired.policy,
		trace: desired.trace,
		ask,
		signed: null,
	};
}

/** The grant of an entry, ready to be signed. Throws what `prepare` throws where a value is out of the protocol's bounds. */
export function prepareGrant(fleet: string, entry: OutboxEntry, signingKey: Uint8Array, crypto: Crypto): Prepared {
	const grant: Grant = {
		fleet,
		light: entry.light,
		epoch: entry.epoch,
		seq: entry.seq,
		stars: entry.stars,
		issuedAt: entry.issuedAt,
		notAfter: entry.notAfter,
		leaseS: entry.leaseS,
		resumes: entry.resumes,
		resumeS: entry.resumeS,
		asOf: entry.asOf,
		policy: entry.policy,
		trace: entry.trace,
		ask: entry.ask,
	};
	return prepare("grant", grant, signingKey, crypto);
}
