import { createPrivateKey, createPublicKey, hash, type KeyObject, sign, verify } from "node:crypto";
import type { Crypto, Signer } from "../../protocol/ports/crypto.ts";
import { CodedError } from "../../protocol/wire/errors.ts";

/** DER before a raw Ed25519 public key (SubjectPublicKeyInfo, RFC 8410). */
const SPKI_PREFIX = Uint8Array.from([0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00]);
/** DER before a raw Ed25519 private key (PrivateKeyInfo, RFC 8410). */
const PKCS8_PREFIX = Uint8Array.from([
	0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20,
]);
const KEY_BYTES = 32;
/** A light trusts 8 signing keys and one root key; programs with many lights share one adapter. */
const KEYS_KEPT = 64;

/** Ed25519 and SHA-256 of node:crypto. Parsed keys are kept, the least recently used goes first: parsing costs as much as verifying. */
export class NodeCrypto implements Crypto {
	private readonly keys = new Map<string, KeyObject>();

	sha256(message: Uint8Array): Uint8Array {
		return new Uint8Array(hash("sha256", message, "buffer"));
	}

	verify(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
		try {
			const key = this.keyOf(publicKey);
			return key !== null && verify(null, message, key, signature);
		} catch {
			// A key or signature that node:crypto cannot take is a bad signature (port's contract).
			return false;
		}
	}

	private keyOf(publicKey: Uint8Array): KeyObject | null {
		if (publicKey.length !== KEY_BYTES) return null;
		const name = Buffer.from(publicKey.buffer, publicKey.byteOffset, KEY_BYTES).toString("latin1");
		const kept = this.keys.get(name);
		if (kept !== undefined) {
			this.keys.delete(name);
			this.keys.set(name, kept);
			return kept;
		}
		const der = Buffer.concat([SPKI_PREFIX, publicKey]);
		const key = createPublicKey({ key: der, format: "der", type: "spki" });
		this.keys.set(name, key);
		if (this.keys.size > KEYS_KEPT) {
			for (const oldest of this.keys.keys()) {
				this.keys.delete(oldest);
				break;
			}
		}
		return key;
	}
}

/** Raw 32 bytes of an Ed25519 public key object. */
function rawPublicKey(privateKey: KeyObject): Uint8Array {
	const der = createPublicKey(privateKey).export({ format: "der", type: "spki" });
	return new Uint8Array(der.subarray(SPKI_PREFIX.length));
}

function signerOf(privateKey: KeyObject): Signer {
	return {
		publicKey: rawPublicKey(privateKey),
		sign: (message) => new Uint8Array(sign(null, message, privateKey)),
	};
}

/** A signer from a PKCS#8 PEM text. Throws `key-unreadable` when it is none, or not an Ed25519 key. */
export function signerFromPem(pem: string): Signer {
	let key: KeyObject;
	try {
		key = createPrivateKey(pem);
	} catch (cause) {
		throw unreadable("The private key cannot be read.", cause);
	}
	if (key.asymmetricKeyType !== "ed25519") throw unreadable("The private key is not an Ed25519 key.");
	return signerOf(key);
}

/** A signer from the raw 32-byte private key (RFC 8032 5.1.5). Throws `key-unreadable` at any other length. */
export function signerFromRaw(seed: Uint8Array): Signer {
	if (seed.length !== KEY_BYTES) throw unreadable(`The private key has ${seed.length} bytes, not ${KEY_BYTES}.`);
	const der = Buffer.concat([PKCS8_PREFIX, seed]);
	return signerOf(createPrivateKey({ key: der, format: "der", type: "pkcs8" }));
}

const unreadable = (message: string, cause?: unknown): CodedError =>
	new CodedError("key-unreadable", message, {
		fault: "input",
		next: "Use an Ed25519 private key (PEM, PKCS#8), as `liangxing lights add` writes it.",
		cause,
	});
