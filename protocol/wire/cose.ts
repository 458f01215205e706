import type { Crypto } from "../ports/crypto.ts";
import { copyBytes, utf8Encode } from "./bytes.ts";
import { encodeHead } from "./cbor.ts";
import { CodedError } from "./errors.ts";
import type { Kind } from "./messages.ts";

/** Bytes of a key id: enough to pick one of 8 trusted keys; the signature decides, not the id. */
export const KEY_ID_BYTES = 8;
export const PUBLIC_KEY_BYTES = 32;
export const SIGNATURE_BYTES = 64;

/*
 * Every message has the same frame, byte for byte, but for the key id, the payload and the signature: it is written and compared as
 * it lies, without a decoder. Header parameters alg and kid (RFC 9052 3.1), EdDSA (RFC 9053 2.2), tag 18 = COSE_Sign1 (RFC 9052 2).
 */
/** Byte string of 13: map of 2, 1: -8, 4: byte string of 8; the key id follows. */
const HEADER = [0x4d, 0xa2, 0x01, 0x27, 0x04, 0x48] as const;
/** Tag 18, array of 4. */
const FRAME = [0xd2, 0x84, ...HEADER] as const;
/** The unprotected header: an empty map. */
const EMPTY_MAP = 0xa0;
/** Byte string of 64: the signature follows and is the end. */
const SIGNATURE_HEAD = [0x58, 0x40] as const;
const BYTE_STRING = 2;
const TEXT_STRING = 3;
const HEADER_BYTES = 13;
/** Where the payload's head is. */
const PAYLOAD_AT = FRAME.length + KEY_ID_BYTES + 1;
const TAIL_BYTES = SIGNATURE_HEAD.length + SIGNATURE_BYTES;
/** Sig_structure (RFC 9052 4.4) before the header: array of 4, "Signature1". */
const CONTEXT = Uint8Array.of(0x84, ...encodeHead(TEXT_STRING, 10), ...utf8Encode("Signature1"));

const keyIds = new WeakMap<Uint8Array, Uint8Array>();

/** First 8 bytes of SHA-256 over the raw 32-byte public key. A key that was asked for stays known as long as its array lives. */
export function keyId(publicKey: Uint8Array, crypto: Crypto): Uint8Array {
	const known = keyIds.get(publicKey);
	if (known !== undefined) return known;
	const id = copyBytes(crypto.sha256(publicKey), 0, KEY_ID_BYTES);
	keyIds.set(publicKey, id);
	return id;
}

function requireKeyId(kid: Uint8Array): void {
	if (kid.length === KEY_ID_BYTES) return;
	throw new CodedError("key-id-length", `A key id has ${KEY_ID_BYTES} bytes, not ${kid.length}.`, {
		fault: "internal",
		next: "Make key ids with keyId().",
	});
}

const beginnings = new Map<Kind, Uint8Array>();

/** What is signed before the payload, with room for the key id; external_aad is the text `liangxing/1/<kind>` as a byte string. */
function beginningOf(kind: Kind): Uint8Array {
	const known = beginnings.get(kind);
	if (known !== undefined) return known;
	const aad = utf8Encode(`liangxing/1/${kind}`);
	const parts = [
		...CONTEXT,
		...HEADER,
		...new Uint8Array(KEY_ID_BYTES),
		...encodeHead(BYTE_STRING, aad.length),
		...aad,
	];
	const beginning = Uint8Array.from(parts);
	beginnings.set(kind, beginning);
	return beginning;
}

/** What is signed: Sig_structure (RFC 9052 4.4) with the text `liangxing/1/<kind>` as external_aad. Throws `key-id-length`. */
export function toBeSigned(kind: Kind, kid: Uint8Array, payload: Uint8Array): Uint8Array {
	requireKeyId(kid);
	const beginning = beginningOf(kind);
	const head = encodeHead(BYTE_STRING, payload.length);
	const out = new Uint8Array(beginning.length + head.length + payload.length);
	out.set(beginning);
	out.set(kid, CONTEXT.length + HEADER.length);
	out.set(head, beginning.length);
	out.set(payload, beginning.length + head.length);
	return out;
}

/** Bytes that COSE adds to a payload of this length. */
export const coseOverhead = (payloadLength: number): number =>
	PAYLOAD_AT + encodeHead(BYTE_STRING, payloadLength).length + TAIL_BYTES;

/** The whole COSE_Sign1 message. Throws `key-id-length`, `signature-length`. */
export function assemble(kid: Uint8Array, payload: Uint8Array, signature: Uint8Array): Uint8Array {
	if (signature.length !== SIGNATURE_BYTES) {
		throw new CodedError("signature-length", `An Ed25519 signature has 64 bytes, not ${signature.length}.`, {
			fault: "internal",
			next: "Sign with Ed25519 over the bytes of toBeSigned().",
		});
	}
	requireKeyId(kid);
	const head = encodeHead(BYTE_STRING, payload.length);
	const out = new Uint8Array(PAYLOAD_AT + head.length + payload.length + TAIL_BYTES);
	out.set(FRAME);
	out.set(kid, FRAME.length);
	out[PAYLOAD_AT - 1] = EMPTY_MAP;
	out.set(head, PAYLOAD_AT);
	out.set(payload, PAYLOAD_AT + head.length);
	out.set(SIGNATURE_HEAD, out.length - TAIL_BYTES);
	out.set(signature, out.length - SIGNATURE_BYTES);
	return out;
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

const holdsAt = (bytes: Uint8Array, at: number, expected: readonly number[] | Uint8Array): boolean => {
	for (let i = 0; i < expected.length; i++) if (bytes[at + i] !== expected[i]) return false;
	return true;
};

/** Bytes of a head that begins so: its low 5 bits say the argument or how many bytes of it follow (RFC 8949 section 3). */
const headBytesOf = (first: number): number => ((first & 31) < 24 ? 1 : 1 + (1 << ((first & 31) - 24)));

/** Takes apart exactly what `assemble` makes; null on any other form (no tag, other header, trailing bytes, ...). Never throws. */
export function disassemble(bytes: Uint8Array): Disassembled | null {
	const tail = bytes.length - TAIL_BYTES;
	const payloadAt = PAYLOAD_AT + headBytesOf(bytes[PAYLOAD_AT] ?? 0);
	if (payloadAt > tail || !holdsAt(bytes, 0, FRAME) || bytes[PAYLOAD_AT - 1] !== EMPTY_MAP) return null;
	// Frame and signature have one length each, so the whole's gives the payload's; its head has to say the same, in its shortest form.
	if (!holdsAt(bytes, PAYLOAD_AT, encodeHead(BYTE_STRING, tail - payloadAt))) return null;
	if (!holdsAt(bytes, tail, SIGNATURE_HEAD)) return null;
	const headerAt = FRAME.length - HEADER.length + 1;
	return {
		kid: copyBytes(bytes, FRAME.length, FRAME.length + KEY_ID_BYTES),
		payload: copyBytes(bytes, payloadAt, tail),
		signature: copyBytes(bytes, bytes.length - SIGNATURE_BYTES),
		protectedHeader: copyBytes(bytes, headerAt, headerAt + HEADER_BYTES),
	};
}
