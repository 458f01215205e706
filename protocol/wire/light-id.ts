import type { Random } from "../ports/random.ts";
import { CodedError } from "./errors.ts";
import type { LightId } from "./units.ts";

/** Crockford base32: no I, L, O and U, so that a label is read aloud without doubt. */
const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const BODY = /^[0-9A-HJKMNP-TV-Z]{11}$/;
const BODY_LENGTH = 11;

/**
 * Check character of the first 11 by Luhn mod 32: factors 2, 1, 2, ... from the right, the digits of each product summed in base
 * 32. Any single changed character changes it, since doubling so is one-to-one. Throws `light-id-malformed` on anything else.
 */
export function lightIdCheck(first11: string): string {
	if (!BODY.test(first11)) {
		throw new CodedError("light-id-malformed", "A light id begins with 11 characters of Crockford base32.", {
			fault: "input",
			next: "Use the digits 0-9 and the capital letters without I, L, O and U.",
		});
	}
	let sum = 0;
	for (let i = 0; i < BODY_LENGTH; i++) {
		const product = ALPHABET.indexOf(first11.charAt(i)) * (i % 2 === 0 ? 2 : 1);
		sum += Math.floor(product / 32) + (product % 32);
	}
	return ALPHABET.charAt((32 - (sum % 32)) % 32);
}

/** The light id in `text`, exactly as printed: 12 upper-case characters, the last one right. Null otherwise. */
export function parseLightId(text: string): LightId | null {
	if (text.length !== BODY_LENGTH + 1) return null;
	const body = text.slice(0, BODY_LENGTH);
	return BODY.test(body) && lightIdCheck(body) === text.charAt(BODY_LENGTH) ? (text as LightId) : null;
}

/** Adds the check character to 11 characters. Throws `light-id-malformed`. */
export const makeLightId = (first11: string): LightId => `${first11}${lightIdCheck(first11)}` as LightId;

/** A new id: 55 random bits, so that two of a million lights meet with a chance of about 1 in 70,000. */
export function randomLightId(random: Random): LightId {
	let body = "";
	for (const byte of random.bytes(BODY_LENGTH)) body += ALPHABET.charAt(byte % 32);
	return makeLightId(body);
}
