import { createPrivateKey, createPublicKey, type KeyObject } from "node:crypto";
import { signerFromRaw } from "../../device/drivers/node-crypto.ts";
import { NodeCrypto, NodeSigner, rawPublicKey } from "../../gateway/depot/node-crypto.ts";
import type { Signer } from "../../protocol/ports/crypto.ts";
import { CodedError } from "../../protocol/wire/errors.ts";
import type { SimCrypto } from "../scenario/parts.ts";

/** Real SHA-256 and Ed25519 for a simulation; all its keys follow from 32 bytes that the seed gives. */
export function simCrypto(): SimCrypto {
	const crypto = new NodeCrypto();
	return {
		sha256: (message) => crypto.sha256(message),
		verify: (publicKey, message, signature) => crypto.verify(publicKey, message, signature),
		signerFromSeed: signerFromRaw,
	};
}

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
	return new NodeSigner(key);
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
