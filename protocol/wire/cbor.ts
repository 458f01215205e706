import { copyBytes, isWellFormed, utf8Decode, utf8Encode } from "./bytes.ts";
import { CodedError } from "./errors.ts";

/** A map with integer or text keys; the order of insertion does not matter, the encoder sorts. */
export interface CborMap extends ReadonlyMap<number | string, CborValue> {}

/** The types used on the wire: safe integers, text, booleans, null, byte strings, arrays and maps. No floats, no tags. */
export type CborValue = number | string | boolean | null | Uint8Array | readonly CborValue[] | CborMap;

export type CborDecoded =
	| { readonly ok: true; readonly value: CborValue }
	| { readonly ok: false; readonly reason: CborReason };

/** Why bytes are not deterministic CBOR of the types used. */
export type CborReason =
	| "truncated"
	| "trailing-bytes"
	| "not-shortest"
	| "indefinite"
	| "number-too-large"
	| "invalid-utf8"
	| "key-type"
	| "key-order"
	| "duplicate-key"
	| "too-deep"
	| "unsupported-type";

/** Our deepest message is 3 deep; a stack of a small light must not be filled by nested arrays. */
export const MAX_DEPTH = 8;

const UINT = 0;
const NEGATIVE = 1;
const BYTES = 2;
const TEXT = 3;
const ARRAY = 4;
const MAP = 5;
const FALSE = 0xf4;
const TRUE = 0xf5;
const NULL = 0xf6;

/** Initial byte and argument in the shortest form (RFC 8949 section 3); `argument` is a safe integer, not negative. */
export function encodeHead(major: number, argument: number): Uint8Array {
	if (argument < 24) return Uint8Array.of((major << 5) | argument);
	if (argument < 0x100) return Uint8Array.of((major << 5) | 24, argument);
	const writer = new Writer(HEAD_BYTES);
	writer.head(major, argument);
	return writer.done();
}

function unsupported(what: string): CodedError {
	return new CodedError("cbor-unsupported", `A message may not hold ${what}.`, {
		fault: "internal",
		next: "Use safe integers, well-formed text, booleans, null, bytes, arrays and maps with integer or text keys.",
	});
}

/** First size of a writer's buffer: most of our messages fit, so that it seldom grows. */
const FIRST_BUFFER = 256;
/** Longest head: initial byte and a 64-bit argument. */
const HEAD_BYTES = 9;
/** Buffers double, so that a large message is not copied for each of its parts. */
const GROWTH = 2;

/** Where an entry of a map lies in the buffer. */
interface Span {
	readonly key: number;
	readonly value: number;
	readonly end: number;
}

/** `compareBytes` of two parts of one array. */
function compareWithin(bytes: Uint8Array, a: number, aEnd: number, b: number, bEnd: number): number {
	const shared = Math.min(aEnd - a, bEnd - b);
	for (let i = 0; i < shared; i++) {
		const difference = (bytes[a + i] ?? 0) - (bytes[b + i] ?? 0);
		if (difference !== 0) return difference;
	}
	return aEnd - a - (bEnd - b);
}

class Writer {
	private bytes: Uint8Array;
	private at = 0;
	constructor(size: number) {
		this.bytes = new Uint8Array(size);
	}

	/** Writes one value; what is given back is a copy, so the next one may be written over it. */
	encode(value: CborValue): Uint8Array {
		this.at = 0;
		this.value(value);
		return this.done();
	}

	done(): Uint8Array {
		return copyBytes(this.bytes, 0, this.at);
	}

	private room(more: number): void {
		if (this.at + more <= this.bytes.length) return;
		const larger = new Uint8Array(GROWTH * (this.at + more));
		larger.set(this.bytes);
		this.bytes = larger;
	}

	private octet(octet: number): void {
		this.room(1);
		this.bytes[this.at++] = octet;
	}

	private put(part: Uint8Array): void {
		this.room(part.length);
		this.bytes.set(part, this.at);
		this.at += part.length;
	}

	head(major: number, argument: number): void {
		const top = major << 5;
		if (argument < 24) {
			this.octet(top | argument);
			return;
		}
		const size = argument < 0x100 ? 0 : argument < 0x1_0000 ? 1 : argument < 0x1_0000_0000 ? 2 : 3;
		this.octet(top | (24 + size));
		// Division, not shifts: those would cut at 32 bits.
		for (let place = (1 << size) - 1; place >= 0; place--) this.octet(Math.floor(argument / 256 ** place) % 256);
	}

	value(value: CborValue): void {
		if (typeof value === "number") this.integer(value);
		else if (typeof value === "string") this.text(value);
		else if (value instanceof Uint8Array) {
			this.head(BYTES, value.length);
			this.put(value);
		} else if (typeof value === "boolean") this.octet(value ? TRUE : FALSE);
		else if (value === null) this.octet(NULL);
		else if (value instanceof Map) this.map(value);
		else if (Array.isArray(value)) {
			this.head(ARRAY, value.length);
			for (const item of value) this.value(item);
		} else throw unsupported("an object or an absent value");
	}

	private integer(value: number): void {
		if (!Number.isSafeInteger(value)) throw unsupported("a fraction or an integer beyond 2^53");
		if (value < 0) this.head(NEGATIVE, -1 - value);
		else this.head(UINT, value);
	}

	private text(value: string): void {
		if (this.ascii(value)) return;
		if (!isWellFormed(value)) throw unsupported("text with a lone surrogate");
		const text = utf8Encode(value);
		this.head(TEXT, text.length);
		this.put(text);
	}

	/** Names and ids are ASCII: written where they belong. False, and nothing written, on anything else. */
	private ascii(value: string): boolean {
		for (let i = 0; i < value.length; i++) if (value.charCodeAt(i) >= 0x80) return false;
		this.head(TEXT, value.length);
		this.room(value.length);
		for (let i = 0; i < value.length; i++) this.bytes[this.at + i] = value.charCodeAt(i);
		this.at += value.length;
		return true;
	}

	/** Entries are written as they come and put in order afterwards, where they are not: ours mostly are. */
	private map(map: CborMap): void {
		this.head(MAP, map.size);
		const start = this.at;
		const spans: Span[] = [];
		let before: Span | null = null;
		let inOrder = true;
		for (const [key, value] of map) {
			const at = this.at;
			this.value(key);
			const valueAt = this.at;
			if (before !== null && inOrder) inOrder = compareWithin(this.bytes, before.key, before.value, at, valueAt) < 0;
			this.value(value);
			before = { key: at, value: valueAt, end: this.at };
			spans.push(before);
		}
		if (inOrder) return;
		const written = this.bytes;
		const sorted = spans.sort((a, b) => compareWithin(written, a.key, a.value, b.key, b.value));
		const entries = copyBytes(written, start, this.at);
		this.at = start;
		for (const span of sorted) this.put(entries.subarray(span.key - start, span.end - start));
	}
}

/** One buffer for all values: writing is synchronous and calls nobody back, so two are never under way at once. */
const shared = new Writer(FIRST_BUFFER);

/** Deterministic CBOR (RFC 8949 4.2.1). Throws `cbor-unsupported` on floats, unsafe integers, lone surrogates and the like. */
export const encodeCbor = (value: CborValue): Uint8Array => shared.encode(value);

/** Ends a decoding from any depth; never leaves this file. */
class Refused extends Error {
	readonly reason: CborReason;
	constructor(reason: CborReason) {
		super(reason);
		this.reason = reason;
	}
}

const ASCII: readonly string[] = Array.from({ length: 0x80 }, (_, code) => String.fromCharCode(code));

class Reader {
	readonly bytes: Uint8Array;
	at = 0;
	constructor(bytes: Uint8Array) {
		this.bytes = bytes;
	}

	private octet(): number {
		const octet = this.bytes[this.at];
		if (octet === undefined) throw new Refused("truncated");
		this.at += 1;
		return octet;
	}

	private argument(low: number): number {
		if (low < 24) return low;
		if (low === 31) throw new Refused("indefinite");
		if (low > 27) throw new Refused("unsupported-type");
		let value = 0;
		const length = 1 << (low - 24);
		for (let i = 0; i < length; i++) value = value * 256 + this.octet();
		if (value > Number.MAX_SAFE_INTEGER) throw new Refused("number-too-large");
		const smallest = low === 24 ? 24 : low === 25 ? 0x100 : low === 26 ? 0x1_0000 : 0x1_0000_0000;
		if (value < smallest) throw new Refused("not-shortest");
		return value;
	}

	private take(length: number): Uint8Array {
		if (length > this.bytes.length - this.at) throw new Refused("truncated");
		const out = copyBytes(this.bytes, this.at, this.at + length);
		this.at += length;
		return out;
	}

	value(depth: number): CborValue {
		if (depth > MAX_DEPTH) throw new Refused("too-deep");
		const first = this.octet();
		if (first === FALSE) return false;
		if (first === TRUE) return true;
		if (first === NULL) return null;
		const major = first >> 5;
		if (major > MAP) throw new Refused("unsupported-type");
		const argument = this.argument(first & 31);
		switch (major) {
			case UINT:
				return argument;
			case NEGATIVE:
				if (argument === Number.MAX_SAFE_INTEGER) throw new Refused("number-too-large");
				return -1 - argument;
			case BYTES:
				return this.take(argument);
			case TEXT:
				return this.text(argument);
			case ARRAY:
				return this.array(argument, depth);
			default:
				return this.map(argument, depth);
		}
	}

	/** Names and ids are ASCII: read where they lie. */
	private text(length: number): string {
		if (length > this.bytes.length - this.at) throw new Refused("truncated");
		const end = this.at + length;
		let out = "";
		for (let i = this.at; i < end; i++) {
			const octet = this.bytes[i] ?? 0;
			if (octet >= 0x80) return this.utf8(length);
			out += ASCII[octet];
		}
		this.at = end;
		return out;
	}

	private utf8(length: number): string {
		const text = utf8Decode(this.take(length));
		if (text === null) throw new Refused("invalid-utf8");
		return text;
	}

	private array(length: number, depth: number): CborValue[] {
		const out: CborValue[] = [];
		for (let i = 0; i < length; i++) out.push(this.value(depth + 1));
		return out;
	}

	private map(size: number, depth: number): CborMap {
		const out = new Map<number | string, CborValue>();
		let before = -1;
		let beforeEnd = -1;
		for (let i = 0; i < size; i++) {
			const start = this.at;
			const key = this.value(depth + 1);
			if (typeof key !== "number" && typeof key !== "string") throw new Refused("key-type");
			const order = before < 0 ? -1 : compareWithin(this.bytes, before, beforeEnd, start, this.at);
			if (order === 0) throw new Refused("duplicate-key");
			if (order > 0) throw new Refused("key-order");
			before = start;
			beforeEnd = this.at;
			out.set(key, this.value(depth + 1));
		}
		return out;
	}
}

/**
 * Strict decoder: takes exactly what `encodeCbor` writes, so bytes that decode encode to the same bytes again. Never throws;
 * work and memory are bounded by the input's length (a claimed length is compared with what is there before anything is made).
 */
export function decodeCbor(bytes: Uint8Array): CborDecoded {
	const reader = new Reader(bytes);
	try {
		const value = reader.value(0);
		return reader.at === bytes.length ? { ok: true, value } : { ok: false, reason: "trailing-bytes" };
	} catch (e) {
		if (e instanceof Refused) return { ok: false, reason: e.reason };
		throw e;
	}
}
