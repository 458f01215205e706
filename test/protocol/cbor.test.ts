import { decode, encode, rfc8949EncodeOptions } from "cborg";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type CborValue, decodeCbor, encodeCbor, MAX_DEPTH } from "../../protocol/wire/cbor.ts";
import { isCoded } from "../../protocol/wire/errors.ts";
import { SEED } from "../support/seed.ts";
import { hex, unhex } from "./second-opinion.ts";

const seed = SEED;

/** Integers near each change of length, of both signs. */
const integer = fc.oneof(
	fc.maxSafeInteger(),
	fc.constantFrom(0, 23, 24, 255, 256, 65_535, 65_536, 0xffff_ffff, 0x1_0000_0000, Number.MAX_SAFE_INTEGER),
	fc.constantFrom(-1, -24, -25, -256, -257, -65_536, -65_537, -0x1_0000_0000, -0x1_0000_0001, Number.MIN_SAFE_INTEGER),
);
const key = fc.oneof(integer, fc.string({ unit: "grapheme", maxLength: 30 }));
const value: fc.Arbitrary<CborValue> = fc.letrec<{ value: CborValue }>((tie) => ({
	value: fc.oneof(
		{ maxDepth: 4, depthSize: "small" },
		integer,
		fc.string({ unit: "grapheme", maxLength: 300 }),
		fc.boolean(),
		fc.constant(null),
		fc.uint8Array({ maxLength: 300 }).map((b) => Uint8Array.from(b)),
		fc.array(tie("value"), { maxLength: 5 }),
		fc.array(fc.tuple(key, tie("value")), { maxLength: 6 }).map((entries): CborValue => new Map(entries)),
	),
})).value;

describe("deterministic CBOR", () => {
	it("is what cborg writes, and cborg reads it back", () => {
		fc.assert(
			fc.property(value, (v) => {
				const own = encodeCbor(v);
				expect(hex(own)).toBe(hex(encode(v, rfc8949EncodeOptions)));
				expect(decode(own, { useMaps: true, strict: true })).toEqual(v);
			}),
			{ seed, numRuns: 500 },
		);
	});

	it("comes back as it was", () => {
		fc.assert(
			fc.property(value, (v) => {
				expect(decodeCbor(encodeCbor(v))).toEqual({ ok: true, value: v });
			}),
			{ seed, numRuns: 500 },
		);
	});

	it("never throws on any bytes, and what it takes encodes to the same bytes", () => {
		let taken = 0;
		fc.assert(
			fc.property(fc.uint8Array({ maxLength: 24 }), (bytes) => {
				const decoded = decodeCbor(bytes);
				if (!decoded.ok) return;
				taken += 1;
				expect(hex(encodeCbor(decoded.value))).toBe(hex(bytes));
			}),
			{ seed, numRuns: 20_000 },
		);
		expect(taken).toBeGreaterThan(100);
	});

	it("takes no other bytes for a value: any changed byte is refused or another value", () => {
		fc.assert(
			fc.property(value, fc.nat(), fc.integer({ min: 1, max: 255 }), (v, where, change) => {
				const bytes = encodeCbor(v);
				const at = where % bytes.length;
				bytes[at] = (bytes[at] ?? 0) ^ change;
				const decoded = decodeCbor(bytes);
				if (decoded.ok) expect(hex(encodeCbor(decoded.value))).toBe(hex(bytes));
			}),
			{ seed, numRuns: 2000 },
		);
	});

	it.each([
		["truncated", ""],
		["truncated", "18"],
		["truncated", "43ffff"],
		["truncated", "82"],
		["truncated", "5b001fffffffffffff"],
		["trailing-bytes", "0000"],
		["not-shortest", "1817"],
		["not-shortest", "1900ff"],
		["not-shortest", "1a0000ffff"],
		["not-shortest", "1b00000000ffffffff"],
		["not-shortest", "5803010203"],
		["indefinite", "9fff"],
		["indefinite", "bfff"],
		["indefinite", "5f4100ff"],
		["number-too-large", "1b0020000000000000"],
		["number-too-large", "3b001fffffffffffff"],
		["number-too-large", "3bffffffffffffffff"],
		["invalid-utf8", "61ff"],
		["invalid-utf8", "62c080"],
		["invalid-utf8", "63eda080"],
		["key-type", "a1f600"],
		["key-type", "a1410000"],
		["key-order", "a202000100"],
		["key-order", "a2616200616100"],
		["key-order", "a262616100616200"],
		["duplicate-key", "a201000100"],
		["too-deep", `${"81".repeat(MAX_DEPTH + 1)}00`],
		["unsupported-type", "f7"],
		["unsupported-type", "f90000"],
		["unsupported-type", "fb3ff0000000000000"],
		["unsupported-type", "c000"],
		["unsupported-type", "f8ff"],
		["unsupported-type", "1c"],
	])("refuses as %s: %s", (reason, bytes) => {
		expect(decodeCbor(unhex(bytes))).toEqual({ ok: false, reason });
	});

	it("refuses ten thousand nested arrays without filling the stack", () => {
		expect(decodeCbor(new Uint8Array(10_000).fill(0x81))).toEqual({ ok: false, reason: "too-deep" });
	});

	it("does not write what it would not read", () => {
		for (const odd of [1.5, Number.NaN, 2 ** 53, -(2 ** 53), "\ud800", undefined, {}] as unknown[]) {
			try {
				encodeCbor(odd as CborValue);
				expect.unreachable(String(odd));
			} catch (e) {
				expect(isCoded(e) && e.code).toBe("cbor-unsupported");
			}
		}
	});

	it("hands out copies: bytes of a reused buffer do not change what was decoded", () => {
		const buffer = Buffer.from("43010203", "hex");
		const decoded = decodeCbor(buffer);
		buffer.fill(0);
		expect(decoded).toEqual({ ok: true, value: Uint8Array.of(1, 2, 3) });
	});
});
