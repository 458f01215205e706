import type { Crypto } from "../../../protocol/ports/crypto.ts";
import { equalBytes } from "../../../protocol/wire/bytes.ts";
import { decodePayload } from "../../../protocol/wire/codec.ts";
import { disassemble, keyId } from "../../../protocol/wire/cose.ts";

/**
 * Key ids of the keys that lights trust: those of the published `keys` message and the signing key. The message is the depot's own,
 * made by the operator from the root key, so its signature is the lights' to check.
 */
export function trustedKeyIds(keysMessage: Uint8Array, signingKey: Uint8Array, crypto: Crypto): readonly Uint8Array[] {
	const parts = disassemble(keysMessage);
	const keys = parts && decodePayload("keys", parts.payload);
	return [signingKey, ...(keys?.keys ?? [])].map((key) => keyId(key, crypto));
}

/** Whether one of these keys is named by a signed message. One by a key that left is refused by every light. */
export function isSignedByOneOf(bytes: Uint8Array, keyIds: readonly Uint8Array[]): boolean {
	const kid = disassemble(bytes)?.kid;
	return kid !== undefined && keyIds.some((id) => equalBytes(id, kid));
}
