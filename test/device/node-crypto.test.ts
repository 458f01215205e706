import { describe, expect, it } from "vitest";
import { NodeCrypto, signerFromPem, signerFromRaw } from "../../device/drivers/node-crypto.ts";
import { fromHex, toHex } from "../../protocol/wire/bytes.ts";
import { pemOf } from "../support/provisioned.ts";

const bytes = (hex: string): Uint8Array => fromHex(hex) ?? new Uint8Array();

/** RFC 8032 7.1, TEST 2. */
const SECRET = bytes("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb");
const PUBLIC = "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c";
const SIGNATURE =
	"92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00";
const MESSAGE = bytes("72");

describe("the crypto of Node", () => {
	const crypto = new NodeCrypto();

	it("signs and verifies as RFC 8032 says", () => {
		const signer = signerFromRaw(SECRET);
		expect(toHex(signer.publicKey)).toBe(PUBLIC);
		expect(toHex(signer.sign(MESSAGE))).toBe(SIGNATURE);
		expect(crypto.verify(bytes(PUBLIC), MESSAGE, bytes(SIGNATURE))).toBe(true);
	});

	it("calls every bad key, message and signature bad, and throws at none", () => {
		const good = bytes(SIGNATURE);
		expect(crypto.verify(bytes(PUBLIC), bytes("73"), good)).toBe(false);
		expect(crypto.verify(bytes(PUBLIC), MESSAGE, new Uint8Array(64))).toBe(false);
		expect(crypto.verify(bytes(PUBLIC), MESSAGE, new Uint8Array(3))).toBe(false);
		expect(crypto.verify(new Uint8Array(31), MESSAGE, good)).toBe(false);
		expect(crypto.verify(new Uint8Array(32).fill(255), MESSAGE, good)).toBe(false);
	});

	it("keeps telling many keys apart: those it has forgotten are parsed again", () => {
		const signers = Array.from({ length: 150 }, (_, n) => signerFromRaw(new Uint8Array(32).fill(n)));
		for (const round of [1, 2]) {
			for (const signer of signers) {
				const message = Uint8Array.of(round);
				expect(crypto.verify(signer.publicKey, message, signer.sign(message))).toBe(true);
			}
		}
		const [first, second] = signers;
		if (first && second) expect(crypto.verify(first.publicKey, MESSAGE, second.sign(MESSAGE))).toBe(false);
	});

	it("hashes with SHA-256", () => {
		expect(toHex(crypto.sha256(new Uint8Array(0)))).toBe(
			"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
		);
	});

	it("reads a PEM key, and says what to do with what is none", () => {
		expect(signerFromPem(pemOf(4)).publicKey).toEqual(signerFromRaw(new Uint8Array(32).fill(4)).publicKey);
		const unreadable = expect.objectContaining({ code: "key-unreadable" });
		expect(() => signerFromPem("no key")).toThrow(unreadable);
		expect(() => signerFromRaw(new Uint8Array(31))).toThrow(unreadable);
	});
});
