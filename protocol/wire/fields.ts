import { type Bound, MAX_UINT32 } from "./bounds.ts";
import { utf8Encode } from "./bytes.ts";
import type { CborMap, CborValue } from "./cbor.ts";

/** A map of small values, as in a job's parameters or an event's detail. */
export type Detail = Readonly<Record<string, string | number | boolean>>;

/** A message as read, or the first field that is missing, unknown or outside its type or bound. */
export type Read<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly field: string };

/** What stands for a field at fault; made once, since reading is done for each message. */
const NO_BYTES = new Uint8Array(0);
const NO_MAP: CborMap = new Map();

/**
 * Reads the fields of one payload map. The first fault is kept and reading goes on with placeholders, so that a message's
 * reader is one straight list of its fields; `done` tells whether what it built counts.
 */
export class Fields {
	readonly map: CborMap;
	private fault: string | null = null;
	private known = 0;

	constructor(map: CborMap) {
		this.map = map;
	}

	has(key: number | string): boolean {
		return this.map.has(key);
	}

	/** The value of a key that must be there, checked and narrowed by `is`; `placeholder` after a fault. */
	take<T extends CborValue>(key: number | string, is: (value: CborValue) => value is T, placeholder: T): T {
		const value = this.map.get(key);
		this.known += 1;
		if (value !== undefined && is(value)) return value;
		this.refuse(String(key));
		return placeholder;
	}

	uint(key: number | string, least = 0, most: number = MAX_UINT32): number {
		return this.take(
			key,
			(v): v is number => typeof v === "number" && v >= least && v <= most && Number.isInteger(v),
			least,
		);
	}

	bytes(key: number | string, length: number): Uint8Array {
		return this.take(key, (v): v is Uint8Array => v instanceof Uint8Array && v.length === length, NO_BYTES);
	}

	bool(key: number | string): boolean {
		return this.take(key, (v): v is boolean => typeof v === "boolean", false);
	}

	text(key: number | string, bound: Bound): string {
		return this.take(key, (v): v is string => isText(v, bound), "");
	}

	/** One of a fixed list of words. */
	word<W extends string>(key: number | string, words: readonly W[]): W {
		const isWord = (v: CborValue): v is W => (words as readonly CborValue[]).includes(v);
		return this.take(key, isWord, words[0] as W);
	}

	array(key: number | string, least: number, most: number): readonly CborValue[] {
		const isArray = (v: CborValue): v is readonly CborValue[] =>
			Array.isArray(v) && v.length >= least && v.length <= most;
		return this.take<readonly CborValue[]>(key, isArray, []);
	}

	submap(key: number | string): CborMap {
		return this.take<CborMap>(key, (v): v is CborMap => v instanceof Map, NO_MAP);
	}

	/** `read` where the key is there, `absent` where it is left out. */
	optional<T, A>(key: number | string, read: () => T, absent: A): T | A {
		return this.has(key) ? read() : absent;
	}

	/** Notes a fault; only the first is kept. */
	refuse(field: string): void {
		this.fault ??= field;
	}

	/** Refuses unless `holds`. */
	demand(holds: boolean, field: string): void {
		if (!holds) this.refuse(field);
	}

	/** What was built, or the first fault. `unknown`: whether keys that nobody read are ignored or refused. */
	done<T>(value: T, unknown: "refused" | "ignored"): Read<T> {
		if (unknown === "refused" && this.known !== this.map.size) this.refuse("(unknown key)");
		return this.fault === null ? { ok: true, value } : { ok: false, field: this.fault };
	}
}

/** Control characters would write into a terminal or a log whatever they like. */
const CONTROL = /\p{Cc}/u;

function isPrintableAscii(value: string): boolean {
	for (let i = 0; i < value.length; i++) {
		const unit = value.charCodeAt(i);
		if (unit < 0x20 || unit > 0x7e) return false;
	}
	return true;
}

/** Text within its bound (bytes of UTF-8), without control characters. */
export function isText(value: CborValue, bound: Bound): value is string {
	if (typeof value !== "string" || value.length > bound.mostBytes) return false;
	// Names and ids: as many bytes as characters.
	if (isPrintableAscii(value)) return value.length >= bound.leastBytes && bound.form?.test(value) !== false;
	if (CONTROL.test(value)) return false;
	if (bound.form !== undefined && !bound.form.test(value)) return false;
	const length = utf8Encode(value).length;
	return length >= bound.leastBytes && length <= bound.mostBytes;
}
