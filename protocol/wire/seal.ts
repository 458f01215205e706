import type { Crypto, Signer } from "../ports/crypto.ts";
import { equalBytes } from "./bytes.ts";
import { decodePayload, encodePayload, MAX_BYTES } from "./codec.ts";
import { assemble, coseOverhead, disassemble, keyId, toBeSigned } from "./cose.ts";
import { CodedError } from "./errors.ts";
import type { Kind, Messages } from "./messages.ts";

/** A message that waits for its signature: sign `toBeSigned`, then `finish`. */
export interface Prepared {
	/** 8 bytes. */
	readonly kid: Uint8Array;
	readonly payload: Uint8Array;
	readonly toBeSigned: Uint8Array;
}

/** Why a message is not from a trusted key, in the order of the checks. */
export type UnsealCode = "malformed" | "unknown-key" | "bad-signature";

export type Unsealed<K extends Kind> =
	| { readonly ok: true; readonly message: Messages[K]; readonly publicKey: Uint8Array; readonly payload: Uint8Array }
	/** `unverified` = what the message claims, for a refusal's report only; null where it could not be read. */
	| { readonly ok: false; readonly code: UnsealCode; readonly unverified: Messages[K] | null };

/** A message whose signature was found good, and by which key (raw 32 bytes). */
export interface Verified {
	readonly bytes: Uint8Array;
	readonly publicKey: Uint8Array;
}

/** Encodes a message for signing with the key behind `publicKey`. Throws `message-out-of-bounds`, `message-too-large`. */
export function prepare<K extends Kind>(
	kind: K,
	message: Messages[K],
	publicKey: Uint8Array,
	crypto: Crypto,
): Prepared {
	const payload = encodePayload(kind, message);
	const length = payload.length + coseOverhead(payload.length);
	if (length > MAX_BYTES[kind]) {
		throw new CodedError("message-too-large", `A ${kind} has at most ${MAX_BYTES[kind]} bytes, this one ${length}.`, {
			fault: "internal",
			next: "Shorten its texts or leave out what may be left out.",
			context: { kind, length },
		});
	}
	const kid = keyId(publicKey, crypto);
	return { kid, payload, toBeSigned: toBeSigned(kind, kid, payload) };
}

/** The whole message from a prepared one and the 64-byte signature over its `toBeSigned`. Throws `signature-length`. */
export const finish = (prepared: Prepared, signature: Uint8Array): Uint8Array =>
	assemble(prepared.kid, prepared.payload, signature);

/** Prepares, signs and finishes in one go. */
export function seal<K extends Kind>(kind: K, message: Messages[K], signer: Signer, crypto: Crypto): Uint8Array {
	const prepared = prepare(kind, message, signer.publicKey, crypto);
	return finish(prepared, signer.sign(prepared.toBeSigned));
}

/**
 * Opens a message of this kind signed by one of `trusted` (raw 32-byte public keys). Checks in the order of acceptance: form,
 * then key, then signature. Never throws, whatever the bytes.
 *
 * `before` = one of this kind that was verified: a signature is good or not for ever, so that the same bytes are not verified again
 * while that key is trusted. The answer is the same without it.
 */
export function unseal<K extends Kind>(
	kind: K,
	bytes: Uint8Array,
	trusted: readonly Uint8Array[],
	crypto: Crypto,
	before: Verified | null = null,
): Unsealed<K> {
	const parts = bytes.length <= MAX_BYTES[kind] ? disassemble(bytes) : null;
	const message = parts && decodePayload(kind, parts.payload);
	if (!parts || !message) return { ok: false, code: "malformed", unverified: null };
	const candidates = trusted.filter((key) => equalBytes(keyId(key, crypto), parts.kid));
	if (candidates.length === 0) return { ok: false, code: "unknown-key", unverified: message };
	const again = before !== null && equalBytes(before.bytes, bytes);
	const known = again ? candidates.find((key) => equalBytes(key, before.publicKey)) : undefined;
	const signed = toBeSigned(kind, parts.kid, parts.payload);
	const publicKey = known ?? candidates.find((key) => crypto.verify(key, signed, parts.signature));
	if (!publicKey) return { ok: false, code: "bad-signature", unverified: message };
	return { ok: true, message, publicKey, payload: parts.payload };
}
