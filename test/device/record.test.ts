import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { crc32 } from "../../device/core/crc32.ts";
import { enrolRecord } from "../../device/core/enrol.ts";
import { decodeRecord, encodeRecord, type LightRecord } from "../../device/core/record.ts";
import { unixMs } from "../../protocol/wire/units.ts";
import { crypto, DEPOT, FLEET, grantMessage, keysMessage, LIGHT, NEXT_DEPOT, ROOT } from "../support/light-bench.ts";
import { SEED } from "../support/seed.ts";

const identity = { fleet: FLEET, light: LIGHT, rootKey: ROOT.publicKey };
const u32 = fc.integer({ min: 0, max: 0xffff_ffff });
const key = fc.uint8Array({ minLength: 32, maxLength: 32 });

const records: fc.Arbitrary<LightRecord> = fc.record({
	generation: fc.maxSafeNat(),
	identity: fc.constant(identity),
	trustedKeys: fc.array(key, { minLength: 1, maxLength: 8 }),
	keysVersion: u32,
	epoch: u32,
	seq: u32,
	noticeEpoch: u32,
	noticeKey: fc.option(key),
	time: fc.maxSafeNat().map(unixMs),
	grantBytes: fc.uint8Array({ maxLength: 512 }),
	grantKey: key,
	ended: fc.constantFrom(
		null,
		"lease-over",
		"not-after",
		"superseded",
		"notice",
		"key-gone",
		"unsigned-zero",
		"no-resumes",
	),
	resumesLeft: fc.integer({ min: 0, max: 255 }),
	counterReserved: u32,
	session: u32,
});

const sample: LightRecord = {
	generation: 9,
	identity,
	trustedKeys: [DEPOT.publicKey],
	keysVersion: 1,
	epoch: 3,
	seq: 4,
	noticeEpoch: 2,
	noticeKey: DEPOT.publicKey,
	time: unixMs(1_800_000_000_123),
	grantBytes: grantMessage({ stars: 5, ask: new Uint8Array(8) }),
	grantKey: DEPOT.publicKey,
	ended: null,
	resumesLeft: 3,
	counterReserved: 1_001,
	session: 7,
};

describe("a light's record", () => {
	it("has the CRC-32 that everybody has", () => {
		// The check value of CRC-32/ISO-HDLC.
		expect(crc32(Uint8Array.from("123456789", (c) => c.charCodeAt(0)))).toBe(0xcbf43926);
	});

	it("reads as what was written, also with old bytes behind it", () => {
		fc.assert(
			fc.property(records, fc.uint8Array({ maxLength: 40 }), (record, rest) => {
				const bytes = encodeRecord(record);
				expect(decodeRecord(bytes)).toEqual(record);
				expect(decodeRecord(Uint8Array.from([...bytes, ...rest]))).toEqual(record);
			}),
			{ seed: SEED, numRuns: 200 },
		);
	});

	it("is unreadable with any bit of it turned, or cut short anywhere", () => {
		const bytes = encodeRecord(sample);
		expect(decodeRecord(bytes)).toEqual(sample);
		for (let bit = 0; bit < bytes.length * 8; bit++) {
			const bad = bytes.slice();
			bad[bit >> 3] = (bad[bit >> 3] ?? 0) ^ (1 << (bit & 7));
			expect(decodeRecord(bad)).toBeNull();
		}
		for (let length = 0; length < bytes.length; length++) expect(decodeRecord(bytes.slice(0, length))).toBeNull();
	});

	it("is never a mixture of two records, wherever one was cut off over the other", () => {
		const before = encodeRecord(sample);
		const after = encodeRecord({ ...sample, generation: 10, ended: "notice", noticeEpoch: 9 });
		for (let at = 0; at <= after.length; at++) {
			const record = decodeRecord(Uint8Array.from([...after.slice(0, at), ...before.slice(at)]));
			if (record !== null) expect([9, 10]).toContain(record.generation);
			if (record !== null) expect(record.ended).toBe(record.generation === 10 ? "notice" : null);
		}
	});

	it("survives any bytes: they are no record", () => {
		fc.assert(
			fc.property(fc.uint8Array({ maxLength: 600 }), (bytes) => {
				expect(decodeRecord(bytes)).toBeNull();
			}),
			{ seed: SEED, numRuns: 500 },
		);
		expect(decodeRecord(null)).toBeNull();
	});

	it("of another version is not guessed at", () => {
		const bytes = encodeRecord(sample);
		bytes[3] = 2;
		const end = bytes.length - 4;
		new DataView(bytes.buffer).setUint32(end, crc32(bytes, end));
		expect(decodeRecord(bytes)).toBeNull();
	});
});

describe("enrolment", () => {
	it("begins with no grant, pair (0, 0) and the root's keys", () => {
		const record = decodeRecord(enrolRecord(identity, keysMessage(77, [DEPOT, NEXT_DEPOT]), { crypto }));
		expect(record).toMatchObject({ identity, keysVersion: 77, epoch: 0, seq: 0, noticeEpoch: 0, grantBytes: null });
		expect(record).toMatchObject({ session: 0, ended: null, resumesLeft: 0 });
		expect(record?.trustedKeys).toHaveLength(2);
	});

	it("takes keys from its own root for its own fleet only", () => {
		const bad = [
			keysMessage(1, [DEPOT], DEPOT),
			keysMessage(1, [DEPOT], ROOT, "other"),
			keysMessage(0, [DEPOT]),
			new Uint8Array(5),
		];
		for (const keys of bad) {
			expect(() => enrolRecord(identity, keys, { crypto })).toThrow(expect.objectContaining({ code: "keys-refused" }));
		}
	});
});
