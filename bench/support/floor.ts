import type { Crypto, Signer } from "../../protocol/ports/crypto.ts";
import type { LinkMessage } from "../../protocol/ports/link.ts";
import { copyBytes } from "../../protocol/wire/bytes.ts";
import { disassemble, SIGNATURE_BYTES, toBeSigned } from "../../protocol/wire/cose.ts";
import { benchFailed } from "./failure.ts";
import type { MiniLink } from "./mini-link.ts";

/**
 * The floor of a fan-out: what cannot be left out. The bytes of each light's newest real grant and state go over the same broker and
 * the same connections on the same topics; each grant is signed and verified, each state is signed and verified, and nothing else
 * happens: nothing is decided, encoded, decoded, stored or lit. What is signed is laid out beforehand.
 */
export interface Laid {
	/** Whole message; its last 64 bytes are the signature. */
	readonly bytes: Uint8Array;
	readonly toBeSigned: Uint8Array;
}

/** A real message laid out for signing it again. */
export function layOut(kind: "grant" | "state", bytes: Uint8Array): Laid {
	const parts = disassemble(bytes);
	if (parts === null) throw benchFailed(`A ${kind} of the fleet is not a signed message.`);
	return { bytes: copyBytes(bytes, 0, bytes.length), toBeSigned: toBeSigned(kind, parts.kid, parts.payload) };
}

/** Signs it and puts the signature into its place. */
export function signAgain(laid: Laid, signer: Signer): Uint8Array {
	laid.bytes.set(signer.sign(laid.toBeSigned), laid.bytes.length - SIGNATURE_BYTES);
	return laid.bytes;
}

/** Whether these bytes carry a good signature over what was laid out. */
export const verifies = (laid: Laid, bytes: Uint8Array, publicKey: Uint8Array, crypto: Crypto): boolean =>
	crypto.verify(publicKey, laid.toBeSigned, bytes.subarray(bytes.length - SIGNATURE_BYTES));

/** A light reduced to its signatures. */
export function floorLight(link: MiniLink, signer: Signer, depotKey: Uint8Array, crypto: Crypto): void {
	const { lastGrant, lastState } = link;
	if (lastGrant === null || lastState === null) throw benchFailed("A light had no grant or state before the floor.");
	const grant = layOut("grant", lastGrant);
	const state = layOut("state", lastState.payload);
	const { topic, retain } = lastState;
	link.divert(({ payload }: LinkMessage) => {
		if (verifies(grant, payload, depotKey, crypto)) link.publish({ topic, payload: signAgain(state, signer), retain });
	});
}
