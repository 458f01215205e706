import { DETAIL_TEXT, MAX_ENTRIES, NAME } from "./bounds.ts";
import type { CborMap, CborValue } from "./cbor.ts";
import { type Detail, type Fields, isText } from "./fields.ts";

/** A field that is a map of names to small values: safe integers, text, booleans. */
export function readDetail(fields: Fields, key: number | string): Detail {
	const map = fields.submap(key);
	fields.demand(map.size <= MAX_ENTRIES, String(key));
	return readEntries(fields, key, map, isDetailValue);
}

/** A field that is a map of names to counters, 0 to 2^53 - 1. */
export function readCounters(fields: Fields, key: number | string): Readonly<Record<string, number>> {
	const map = fields.submap(key);
	fields.demand(map.size <= MAX_ENTRIES, String(key));
	return readEntries(fields, key, map, (v): v is number => Number.isSafeInteger(v) && Number(v) >= 0);
}

function isDetailValue(value: CborValue): value is string | number | boolean {
	return typeof value === "boolean" || Number.isSafeInteger(value) || isText(value, DETAIL_TEXT);
}

function readEntries<T extends CborValue>(
	fields: Fields,
	key: number | string,
	map: CborMap,
	is: (value: CborValue) => value is T,
): Readonly<Record<string, T>> {
	const entries: [string, T][] = [];
	for (const [name, value] of map) {
		if (isText(name, NAME) && is(value)) entries.push([name, value]);
		else fields.refuse(`${key}.${name}`);
	}
	// fromEntries defines own properties, so a name such as `__proto__` is a name like any other.
	return Object.fromEntries(entries);
}

/** The map of a record; absent values are left out. */
export function recordToMap(record: Readonly<Record<string, CborValue | undefined>>): CborMap {
	const map = new Map<string, CborValue>();
	for (const [name, value] of Object.entries(record)) if (value !== undefined) map.set(name, value);
	return map;
}
