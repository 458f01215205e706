import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
	compareBytes,
	concatBytes,
	copyBytes,
	equalBytes,
	fromHex,
	isWellFormed,
	toHex,
	utf8Decode,
	utf8Encode,
} from "../../protocol/wire/bytes.ts";
import { SEED } from "../support/seed.ts";

const seed = SEED;
const anyBytes = fc.uint8Array({ maxLength: 64 });

describe("hex", () => {
	it("agrees with Node's on any bytes and reads either case", () => {
		fc.assert(
			fc.property(anyBytes, (bytes) => {
				expect(toHex(bytes)).toBe(Buffer.from(bytes).toString("hex"));
				expect(fromHex(toHex(bytes).toUpperCase())).toEqual(Uint8Array.from(bytes));
			}),
			{ seed },
		);
	});

	it.each(["0", "0g", " 00", "00 ", "0x00", "００"])("refuses %j", (text) => {
		expect(fromHex(text)).toBeNull();
	});
});

describe("UTF-8", () => {
	it("agrees with Node's encoder on any text, lone surrogates included", () => {
		fc.assert(
			fc.property(fc.string({ unit: "binary", maxLength: 40 }), (text) => {
				const bytes = utf8Encode(text);
				expect(toHex(bytes)).toBe(Buffer.from(text, "utf8").toString("hex"));
				if (isWellFormed(text)) expect(utf8Decode(bytes)).toBe(text);
			}),
			{ seed, numRuns: 500 },
		);
		expect(toHex(utf8Encode("\ud800"))).toBe("efbfbd");
	});

	it("agrees with Node's strict decoder on any bytes", () => {
		const strict = (bytes: Uint8Array): string | null => {
			try {
				return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
			} catch {
				return null;
			}
		};
		const likely = fc.array(
			fc.oneof(
				fc.constantFrom(0x41, 0x80, 0xbf, 0xc0, 0xc2, 0xe0, 0xed, 0xa0, 0xf0, 0xf4, 0x90),
				fc.integer({ min: 0, max: 255 }),
			),
			{ maxLength: 8 },
		);
		fc.assert(
			fc.property(likely, (list) => {
				const bytes = Uint8Array.from(list);
				expect(utf8Decode(bytes)).toBe(strict(bytes));
			}),
			{ seed, numRuns: 5000 },
		);
	});
});

describe("comparing and joining", () => {
	it("orders as Buffer.compare does", () => {
		fc.assert(
			fc.property(anyBytes, anyBytes, (a, b) => {
				expect(Math.sign(compareBytes(a, b))).toBe(Buffer.compare(a, b));
				expect(equalBytes(a, b)).toBe(Buffer.compare(a, b) === 0);
				expect(toHex(concatBytes(a, b))).toBe(toHex(a) + toHex(b));
			}),
			{ seed },
		);
	});

	it("copies: a socket's buffer used again does not change what was kept", () => {
		const socket = Buffer.from([1, 2, 3, 4]);
		const kept = copyBytes(socket, 1, 3);
		socket.fill(9);
		expect([...kept]).toEqual([2, 3]);
		expect(Buffer.isBuffer(kept)).toBe(false);
	});
});
