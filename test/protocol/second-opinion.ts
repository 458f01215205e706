import { createHash, createPrivateKey, createPublicKey, type KeyObject, sign, verify } from "node:crypto";
import { encode, rfc8949EncodeOptions } from "cborg";
import type { Crypto, Signer } from "../../protocol/ports/crypto.ts";

/**
 * The same messages made by other hands: cborg for CBOR, node:crypto for Ed25519 and SHA-256, and COSE_Sign1 (RFC 9052)
 * written down once more. Nothing here uses protocol/wire.
 */

const PKCS8 = Buffer.from("302e020100300506032b657004220420", "hex");
const SPKI = Buffer.from("302a300506032b6570032100", "hex");

export const sha256 = (bytes: Uint8Array): Uint8Array => new Uint8Array(createHash("sha256").update(bytes).digest());

/** Private key whose 32-byte seed is SHA-256 of this text. */
export function privateKeyFrom(seedText: string): KeyObject {
	const seed = createHash("sha256").update(seedText, "utf8").digest();
	return createPrivateKey({ key: Buffer.concat([PKCS8, seed]), format: "der", type: "pkcs8" });
}

export const rawPublic = (key: KeyObject): Uint8Array =>
	new Uint8Array(createPublicKey(key).export({ format: "der", type: "spki" }).subarray(SPKI.length));

export const signWith = (key: KeyObject, message: Uint8Array): Uint8Array => new Uint8Array(sign(null, message, key));

export function signerFrom(seedText: string): Signer {
	const key = privateKeyFrom(seedText);
	return { publicKey: rawPublic(key), sign: (message) => signWith(key, message) };
}

/** The Crypto port, without any cache. */
export const nodeCrypto: Crypto = {
	sha256,
	verify(publicKey, message, signature) {
		try {
			const key = createPublicKey({ key: Buffer.concat([SPKI, publicKey]), format: "der", type: "spki" });
			return verify(null, message, key, signature);
		} catch {
			return false;
		}
	},
};

/** RFC 8949 4.2.1 by cborg. */
export const cbor = (value: unknown): Uint8Array => new Uint8Array(encode(value, rfc8949EncodeOptions));

export const bytes = (...parts: readonly (Uint8Array | readonly number[])[]): Uint8Array =>
	new Uint8Array(Buffer.concat(parts.map((part) => Uint8Array.from(part))));

export const text = (s: string): Uint8Array => new Uint8Array(Buffer.from(s, "utf8"));
export const hex = (b: Uint8Array): string => Buffer.from(b).toString("hex");
export const unhex = (s: string): Uint8Array => new Uint8Array(Buffer.from(s, "hex"));

export const headerFor = (publicKey: Uint8Array): Uint8Array =>
	cbor(
		new Map<number, unknown>([
			[1, -8],
			[4, sha256(publicKey).subarray(0, 8)],
		]),
	);

/** Parts of a message that a test can put in place of the right ones. */
export interface Odd {
	readonly header?: Uint8Array;
	readonly aad?: string;
	readonly payload?: Uint8Array;
	readonly context?: string;
}

/** Signature over the Sig_structure of RFC 9052 4.4. */
export function signature(kind: string, payload: Uint8Array, key: KeyObject, odd: Odd = {}): Uint8Array {
	const header = odd.header ?? headerFor(rawPublic(key));
	const aad = text(odd.aad ?? `liangxing/1/${kind}`);
	return signWith(key, cbor([odd.context ?? "Signature1", header, aad, odd.payload ?? payload]));
}

/** A whole COSE_Sign1 message: tag 18, [header, {}, payload, signature]. */
export function sealed(kind: string, payload: Uint8Array, key: KeyObject, odd: Odd = {}): Uint8Array {
	const header = odd.header ?? headerFor(rawPublic(key));
	return bytes([0xd2], cbor([header, new Map(), payload, signature(kind, payload, key, odd)]));
}

/** Integer keys of the protocol's tables; `state` and `event` have text keys. */
const KEYS: Readonly<Record<string, Readonly<Record<string, number>>>> = {
	grant: {
		fleet: 1,
		light: 2,
		epoch: 3,
		seq: 4,
		stars: 5,
		issuedAt: 6,
		notAfter: 7,
		leaseS: 8,
		resumes: 9,
		resumeS: 10,
		asOf: 11,
		policy: 12,
		trace: 13,
		ask: 15,
	},
	notice: { fleet: 1, epoch: 3, issuedAt: 6 },
	keys: { fleet: 1, version: 2, keys: 3 },
	job: { fleet: 1, light: 2, what: 3, parameters: 4, ask: 15 },
	duty: { fleet: 1, vehicle: 2, number: 3, what: 4, driver: 5, at: 6 },
};

/** A message as a CBOR map by the tables; null and undefined are left out. */
export function payloadMap(kind: string, message: object): Map<number | string, unknown> {
	const names = KEYS[kind];
	const map = new Map<number | string, unknown>();
	for (const [name, value] of Object.entries(message)) {
		const key = names ? names[name] : name;
		if (key === undefined) throw new TypeError(`${kind} has no ${name}`);
		if (value !== null && value !== undefined) map.set(key, value);
	}
	return map;
}
