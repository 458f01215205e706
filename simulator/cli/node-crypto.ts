import { createHash, createPrivateKey, createPublicKey, type KeyObject, sign, verify } from "node:crypto";
import type { Crypto, Signer } from "../../protocol/ports/crypto.ts";
import { CodedError } from "../../protocol/wire/errors.ts";

/** DER before the raw 32 bytes (RFC 8410, sections 4 and 7). */
const SPKI_PREFIX = Buffer.from("302a300506032b6570032100", "hex");
const PKCS8_PREFIX = Buffer.from("302e020100300506032b657004220420", "hex");
/** Key objects kept: a simulation of 50 lights has 53 keys. */
const MAX_KEYS = 4096;

/** Synchronous SHA-256 and Ed25519 from Node. */
export function makeCrypto(): Crypto {
	const keys = new Map<string, KeyObject | null>();
	const keyOf = (raw: Uint8Array): KeyObject | null => {
		const name = Buffer.from(raw).toString("latin1");
		const known = keys.get(name);
		if (known !== undefined) return known;
		if (keys.size >= MAX_KEYS) keys.clear();
		const made = raw.length === 32 ? publicKeyOf(raw) : null;
		keys.set(name, made);
		return made;
	};
	return {
		sha256: (message) => new Uint8Array(createHash("sha256").update(message).digest()),
		verify: (publicKey, message, signature) => {
			const key = keyOf(publicKey);
			return key !== null && signature.length === 64 && verify(null, message, key, signature);
		},
	};
}

function publicKeyOf(raw: Uint8Array): KeyObject | null {
	try {
		return createPublicKey({ key: Buffer.concat([SPKI_PREFIX, raw]), format: "der", type: "spki" });
	} catch {
		return null;
	}
}

/** Raw 32-byte public key of an Ed25519 key object. */
function rawPublicKey(key: KeyObject): Uint8Array {
	const der = key.export({ format: "der", type: "spki" });
	return new Uint8Array(der.subarray(der.length - 32));
}

function signerOf(key: KeyObject): Signer {
	const publicKey = rawPublicKey(createPublicKey(key));
	return { publicKey, sign: (message) => new Uint8Array(sign(null, message, key)) };
}

/** The signer whose private key is these 32 bytes: simulations derive all their keys from the seed. */
export const signerFromSeed = (seed: Uint8Array): Signer =>
	signerOf(createPrivateKey({ key: Buffer.concat([PKCS8_PREFIX, seed]), format: "der", type: "pkcs8" }));

const badKey = (path: string, wanted: string, cause: unknown): CodedError =>
	new CodedError("key-unreadable", `${path} holds no ${wanted}.`, {
		fault: "input",
		next: "Make one with: openssl genpkey -algorithm ed25519 (and openssl pkey -pubout for the public half).",
		cause,
	});

/** Signer from PEM, PKCS#8 private, Ed25519. Throws `key-unreadable`. */
export function signerFromPem(pem: string, path: string): Signer {
	let key: KeyObject;
	try {
		key = createPrivateKey({ key: pem, format: "pem" });
	} catch (cause) {
		throw badKey(path, "private key in PEM (PKCS#8)", cause);
	}
	if (key.asymmetricKeyType !== "ed25519") throw badKey(path, "Ed25519 key", undefined);
	return signerOf(key);
}

/** Raw 32-byte public key from PEM, SPKI, Ed25519. Throws `key-unreadable`. */
export function publicKeyFromPem(pem: string, path: string): Uint8Array {
	let key: KeyObject;
	// Node would take the public half of a private key; whoever checks grants must not need one.
	if (!pem.includes("-----BEGIN PUBLIC KEY-----")) throw badKey(path, "public key in PEM (SPKI)", undefined);
	try {
		key = createPublicKey({ key: pem, format: "pem" });
	} catch (cause) {
		throw badKey(path, "public key in PEM (SPKI)", cause);
	}
	if (key.asymmetricKeyType !== "ed25519") throw badKey(path, "Ed25519 key", undefined);
	return rawPublicKey(key);
}
