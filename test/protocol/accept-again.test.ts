import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
	type AcceptanceView,
	acceptGrant,
	acceptKeys,
	acceptNotice,
	NOTHING_VERIFIED,
} from "../../protocol/wire/acceptance.ts";
import { equalBytes } from "../../protocol/wire/bytes.ts";
import type { Verified } from "../../protocol/wire/seal.ts";
import { monoMs } from "../../protocol/wire/units.ts";
import { SEED } from "../support/seed.ts";
import { DRAWN, grantBytes, keysBytes, noticeBytes, STORED, view } from "./light-view.ts";
import { OTHER_LIGHT, PUBLIC, sorted, token, type Who } from "./samples.ts";
import { nodeCrypto } from "./second-opinion.ts";

/** A message and whose it is. */
const by = (who: Who, bytes: Uint8Array): Verified => ({ bytes, publicKey: PUBLIC[who] });

const stored = { epoch: 100, seq: 5, ask: token("ask of the stored grant") };
const GRANTS = [
	by("depot", STORED),
	by("next", grantBytes(stored, "next")),
	by("depot", grantBytes({ epoch: 100, seq: 6 })),
	by("stranger", grantBytes({ epoch: 100, seq: 6 }, "stranger")),
	by("next", grantBytes({ ...stored, fleet: "other" }, "next")),
	by("depot", grantBytes({ ...stored, light: OTHER_LIGHT })),
];
const NOTICES = [
	by("depot", noticeBytes(90)),
	by("next", noticeBytes(90, {}, "next")),
	by("depot", noticeBytes(89)),
	by("next", noticeBytes(101, {}, "next")),
	by("depot", noticeBytes(90, { fleet: "other" })),
	by("stranger", noticeBytes(90, {}, "stranger")),
];
const KEYS = [
	by("root", keysBytes(10, [PUBLIC.depot, PUBLIC.next])),
	by("root", keysBytes(11, [PUBLIC.next])),
	by("root", keysBytes(9, [PUBLIC.depot])),
	by("root", keysBytes(10, [PUBLIC.depot], { fleet: "other" })),
	by("stranger", keysBytes(10, [PUBLIC.depot], {}, "stranger")),
];

/** One of these as it was, or with one of its bits turned; and what was verified before, if anything. */
const again = (pool: readonly Verified[]) =>
	fc.record({
		message: fc.constantFrom(...pool),
		turned: fc.option(fc.record({ at: fc.nat(999), bit: fc.nat(7) }), { freq: 2 }),
		before: fc.option(fc.constantFrom(...pool), { freq: 5 }),
		same: fc.boolean(),
		trusted: fc.subarray([PUBLIC.depot, PUBLIC.next, PUBLIC.stranger], { minLength: 1 }),
		rootKey: fc.constantFrom(PUBLIC.root, PUBLIC.root, PUBLIC.stranger),
	});
type Again = ReturnType<typeof again> extends fc.Arbitrary<infer T> ? T : never;

function sent({ message, turned }: Again): Uint8Array {
	const bytes = message.bytes.slice();
	if (turned !== null) bytes[turned.at % bytes.length] = (bytes[turned.at % bytes.length] ?? 0) ^ (1 << turned.bit);
	return bytes;
}

/** Answers, and how often a signature was verified for it. */
function counted<T>(v: AcceptanceView, accept: (v: AcceptanceView) => T): { answer: T; verified: number } {
	let verified = 0;
	const verify: typeof nodeCrypto.verify = (...parts) => {
		verified += 1;
		return nodeCrypto.verify(...parts);
	};
	return { answer: accept({ ...v, crypto: { ...nodeCrypto, verify } }), verified };
}

/** The same answer with what was verified before as without; not verified again are those bytes alone, while their key is trusted. */
function sameAnswers(
	pool: readonly Verified[],
	trusted: (a: Again) => readonly Uint8Array[],
	knowing: (a: Again, before: Verified | null) => AcceptanceView,
	accept: (v: AcceptanceView, bytes: Uint8Array) => unknown,
): { saved: number } {
	let saved = 0;
	fc.assert(
		fc.property(again(pool), (a) => {
			const before = a.same ? a.message : a.before;
			const bytes = sent(a);
			const without = counted(knowing(a, null), (v) => accept(v, bytes));
			const withIt = counted(knowing(a, before), (v) => accept(v, bytes));
			const known = before !== null && equalBytes(before.bytes, bytes);
			const spared = known && trusted(a).some((key) => equalBytes(key, before.publicKey));
			expect(withIt.answer).toEqual(without.answer);
			expect(withIt.verified).toBe(spared ? 0 : without.verified);
			if (spared) {
				expect(without.verified).toBe(1);
				saved += 1;
			}
		}),
		{ seed: SEED, numRuns: 1_000 },
	);
	return { saved };
}

describe("bytes that were verified before", () => {
	const now = monoMs(DRAWN + 1_000);
	const light = (a: Again) => view({ trustedKeys: sorted(...a.trusted), rootKey: a.rootKey });

	it("of a grant are answered as if they were verified again, whatever the light trusts by now", () => {
		// Without the key that signed it the stored grant counts as never verified; what is stored is the same.
		const knowing = (a: Again, before: Verified | null): AcceptanceView => {
			const grant = a.same ? a.message : a.before;
			return { ...light(a), grantBytes: grant?.bytes ?? null, grantKey: before?.publicKey ?? null };
		};
		const { saved } = sameAnswers(
			GRANTS,
			(a) => a.trusted,
			knowing,
			(v, bytes) => acceptGrant(v, bytes, now),
		);
		expect(saved).toBeGreaterThan(50);
	});

	it("of a notice too", () => {
		const knowing = (a: Again, notice: Verified | null) => ({ ...light(a), verified: { ...NOTHING_VERIFIED, notice } });
		const { saved } = sameAnswers(NOTICES, (a) => a.trusted, knowing, acceptNotice);
		expect(saved).toBeGreaterThan(50);
	});

	it("of keys too, whatever the root key is", () => {
		const knowing = (a: Again, keys: Verified | null) => ({ ...light(a), verified: { ...NOTHING_VERIFIED, keys } });
		const { saved } = sameAnswers(KEYS, (a) => [a.rootKey], knowing, acceptKeys);
		expect(saved).toBeGreaterThan(50);
	});
});
