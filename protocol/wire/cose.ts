import type { Crypto } from "../ports/crypto.ts";
import { concatBytes, copyBytes, equalBytes, utf8Encode } from "./bytes.ts";
import { decodeCbor, encodeCbor, encodeHead } from "./cbor.ts";
import { CodedError } from "./errors.ts";
import type { Kind } from "./messages.ts";

/** Bytes of a key id: enough to pick one of 8 trusted keys; the signature decides, not the id. */
export const KEY_ID_BYTES = 8;
export const PUBLIC_KEY_BYTES = 32;
export const SIGNATURE_BYTES = 64;

/** Header parameters (RFC 9052 3.1) and the algorithm EdDSA (RFC 9053 2.2). */
const HEADER_ALG = 1;
const HEADER_KID = 4;
const ALG_EDDSA = -8;
/** Tag 18, COSE_Sign1 (RFC 9052 2), in one byte. */
const TAG_SIGN1 = 0xd2;
const BYTE_STRING = 2;

/** First 8 bytes of SHA-256 over the raw 32-byte public key. */
export const keyId = (publicKey: Uint8Array, crypto: Crypto): Uint8Array =>
	copyBytes(crypto.sha256(publicKey), 0, KEY_ID_BYTES);

function protectedHeaderOf(kid: Uint8Array): Uint8Array {
	if (kid.length !== KEY_ID_BYTES) {
		throw new CodedError("key-id-length", `A key id has ${KEY_ID_BYTES} bytes, not ${kid.length}.`, {
			fault: "internal",
			next: "Make key ids with keyId().",
		});
	}
	return encodeCbor(
		new Map<number, number | Uint8Array>([
			[HEADER_ALG, ALG_EDDSA],
			[HEADER_KID, kid],
		]),
	);
}

/** What is signed: Sig_structure (RFC 9052 4.4) with the text `liangxing/1/<kind>` as external_aad. Throws `key-id-length`. */
export function toBeSigned(kind: Kind, kid: Uint8Array, payload: Uint8Array): Uint8Array {
	return encodeCbor(["Signature1", protectedHeaderOf(kid), utf8Encode(`liangxing/1/${kind}`), payload]);
}

/** Bytes that COSE adds to a payload of this length. */
export const coseOverhead = (payloadLength: number): number =>
	2 + (1 + 13) + 1 + encodeHead(BYTE_STRING, payloadLength).length + (2 + SIGNATURE_BYTES);

/** The whole COSE_Sign1 message. Throws `key-id-length`, `signature-length`. */
export function assemble(kid: Uint8Array, payload: Uint8Array, signature: Uint8Array): Uint8Array {
	if (signature.length !== SIGNATURE_BYTES) {
		throw new CodedError("signature-length", `An Ed25519 signature has 64 bytes, not ${signature.length}.`, {
			fault: "internal",
			next: "Sign with Ed25519 over the bytes of toBeSigned().",
		});
	}
	const body = encodeCbor([protectedHeaderOf(kid), new Map(), payload, signature]);
	return concatBytes(Uint8Array.of(TAG_SIGN1), body);
}

/** The parts of a COSE_Sign1 message, as plain copies. */
export interface Disassembled {
	/** 8 bytes. */
	readonly kid: Uint8Array;
	readonly payload: Uint8Array;
	/** 64 bytes. */
	readonly signature: Uint8Array;
	/** The header's bytes as they are signed. */
	readonly protectedHeader: Uint8Array;
}

/** Takes apart exactly what `assemble` makes; null on any other form (no tag, other header, trailing bytes, ...). Never throws. */
export function disassemble(bytes: Uint8Array): Disassembled | null {
	if (bytes[0] !== TAG_SIGN1) return null;
	const decoded = decodeCbor(bytes.subarray(1));
	if (!decoded.ok || !Array.isArray(decoded.value) || decoded.value.length !== 4) return null;
	const [protectedHeader, unprotected, payload, signature] = decoded.value as unknown[];
	if (!(protectedHeader instanceof Uint8Array) || !(payload instanceof Uint8Array)) return null;
	if (!(unprotected instanceof Map) || unprotected.size !== 0) return null;
	if (!(signature instanceof Uint8Array) || signature.length !== SIGNATURE_BYTES) return null;
	const header = decodeCbor(protectedHeader);
	const kid = header.ok && header.value instanceof Map ? header.value.get(HEADER_KID) : undefined;
	// One header is right for a key id, so comparing bytes says all: exactly keys 1 and 4, EdDSA, 8 bytes.
	if (!(kid instanceof Uint8Array) || kid.length !== KEY_ID_BYTES) return null;
	return equalBytes(protectedHeaderOf(kid), protectedHeader) ? { kid, payload, signature, protectedHeader } : null;
}
