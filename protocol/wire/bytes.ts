const HEX = Array.from({ length: 256 }, (_, n) => n.toString(16).padStart(2, "0"));

/** Lower-case hex, two characters a byte. */
export function toHex(bytes: Uint8Array): string {
	let out = "";
	for (const b of bytes) out += HEX[b];
	return out;
}

/** Bytes of a hex text in either case; null where it is none (odd length, other characters). */
export function fromHex(text: string): Uint8Array | null {
	if (text.length % 2 !== 0 || !/^[0-9a-fA-F]*$/.test(text)) return null;
	const out = new Uint8Array(text.length / 2);
	for (let i = 0; i < out.length; i++) out[i] = Number.parseInt(text.slice(2 * i, 2 * i + 2), 16);
	return out;
}

/** Same length, same bytes. Not in constant time: nothing compared here is secret. */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
	if (a.length !== b.length) return false;
	for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
	return true;
}

/** Bytewise lexicographic order (RFC 8949 4.2.1); a prefix comes before what it begins. Negative, 0 or positive. */
export function compareBytes(a: Uint8Array, b: Uint8Array): number {
	const shared = Math.min(a.length, b.length);
	for (let i = 0; i < shared; i++) {
		const difference = (a[i] ?? 0) - (b[i] ?? 0);
		if (difference !== 0) return difference;
	}
	return a.length - b.length;
}

/** A fresh array with all parts, in order. */
export function concatBytes(...parts: readonly Uint8Array[]): Uint8Array {
	let length = 0;
	for (const part of parts) length += part.length;
	const out = new Uint8Array(length);
	let at = 0;
	for (const part of parts) {
		out.set(part, at);
		at += part.length;
	}
	return out;
}

/** Up to so many bytes are copied sooner one by one than by way of a view. */
const SHORT = 64;

/**
 * A plain copy of `bytes[start, end)`. Not `slice`: on a Node Buffer that shares memory, and what a light keeps must not change
 * when a socket's buffer is used again.
 */
export function copyBytes(bytes: Uint8Array, start = 0, end = bytes.length): Uint8Array {
	const out = new Uint8Array(Math.max(0, end - start));
	if (out.length <= SHORT) for (let i = 0; i < out.length; i++) out[i] = bytes[start + i] ?? 0;
	else out.set(bytes.subarray(start, end));
	return out;
}

/** UTF-8 (RFC 3629). A lone surrogate, which UTF-8 cannot carry, becomes U+FFFD; `isWellFormed` tells beforehand. */
export function utf8Encode(text: string): Uint8Array {
	const ascii = asciiEncode(text);
	if (ascii !== null) return ascii;
	const out = new Uint8Array(text.length * 3);
	let at = 0;
	for (const character of text) {
		let point = character.codePointAt(0) ?? 0;
		if (point >= 0xd800 && point <= 0xdfff) point = 0xfffd;
		if (point < 0x80) {
			out[at++] = point;
			continue;
		}
		if (point < 0x800) {
			out[at++] = 0xc0 | (point >> 6);
		} else {
			if (point < 0x10000) {
				out[at++] = 0xe0 | (point >> 12);
			} else {
				out[at++] = 0xf0 | (point >> 18);
				out[at++] = 0x80 | ((point >> 12) & 0x3f);
			}
			out[at++] = 0x80 | ((point >> 6) & 0x3f);
		}
		out[at++] = 0x80 | (point & 0x3f);
	}
	return copyBytes(out, 0, at);
}

/** Names and ids are ASCII: one pass, one array. Null on anything else. */
function asciiEncode(text: string): Uint8Array | null {
	const out = new Uint8Array(text.length);
	for (let i = 0; i < text.length; i++) {
		const unit = text.charCodeAt(i);
		if (unit >= 0x80) return null;
		out[i] = unit;
	}
	return out;
}

/** Whether UTF-8 can carry the text as it is: no lone surrogate. */
export const isWellFormed = (text: string): boolean => !/\p{Surrogate}/u.test(text);

/** Smallest code point of a sequence with 0, 1, 2, 3 continuation bytes: a smaller one is an overlong form. */
const SMALLEST = [0, 0x80, 0x800, 0x10000] as const;

/** Strict UTF-8 (RFC 3629): null on overlong forms, surrogates, points above U+10FFFF, stray or missing continuation bytes. */
export function utf8Decode(bytes: Uint8Array): string | null {
	let out = "";
	let at = 0;
	while (at < bytes.length) {
		const first = bytes[at++] ?? 0;
		if (first < 0x80) {
			out += String.fromCharCode(first);
			continue;
		}
		const more = first >= 0xf0 ? 3 : first >= 0xe0 ? 2 : first >= 0xc0 ? 1 : 0;
		if (more === 0 || first > 0xf7 || at + more > bytes.length) return null;
		let point = first & (0x3f >> more);
		for (let i = 0; i < more; i++) {
			const next = bytes[at++] ?? 0;
			if ((next & 0xc0) !== 0x80) return null;
			point = (point << 6) | (next & 0x3f);
		}
		if (point < (SMALLEST[more] ?? 0) || point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff)) return null;
		out += String.fromCodePoint(point);
	}
	return out;
}
