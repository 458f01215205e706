import { type Bound, MAX_ENTRIES, MAX_UINT32 } from "./bounds.ts";
import type { CborMap, CborValue } from "./cbor.ts";
import { readCounters, readDetail, recordToMap } from "./detail.ts";
import { type Detail, Fields, type Read } from "./fields.ts";
import { readLight } from "./light-field.ts";
import type { LightId } from "./units.ts";

/** How a field's value looks; the pages about the protocol are made from it. */
export type Form =
	| { readonly is: "uint"; readonly least: number; readonly most: number }
	| { readonly is: "text"; readonly bound: Bound }
	| { readonly is: "light" }
	| { readonly is: "bytes"; readonly length: number }
	| { readonly is: "bool" }
	| { readonly is: "word"; readonly words: readonly string[] }
	| { readonly is: "array"; readonly of: Form; readonly least: number; readonly most: number }
	| { readonly is: "map"; readonly of: "details" | "counters"; readonly most: number }
	| { readonly is: "record"; readonly fields: readonly FieldInfo[] };

/** What is told of one field: its key, what it may hold, what it means. */
export interface FieldInfo {
	readonly key: number | string;
	readonly form: Form;
	readonly about: string;
	/** May be left out. */
	readonly optional: boolean;
}

/** One field of a payload, with how it is read and written. */
export interface Field<T> extends FieldInfo {
	/** Methods, so that a table's fields may stand in one list whatever they hold. */
	read(fields: Fields): T;
	/** undefined = left out. */
	write(value: T): CborValue | undefined;
}

/** All fields of a message by the names that programs use, in the order in which they are looked at. */
export type Table<T> = { readonly [K in keyof T]-?: Field<T[K]> };

const field = <T extends CborValue>(
	key: number | string,
	form: Form,
	about: string,
	read: (fields: Fields) => T,
): Field<T> => ({ key, form, about, optional: false, read, write: (value) => value });

export const uint = <T extends number = number>(
	key: number | string,
	about: string,
	least = 0,
	most = MAX_UINT32,
): Field<T> => field(key, { is: "uint", least, most }, about, (fields) => fields.uint(key, least, most) as T);

export const text = (key: number | string, bound: Bound, about: string): Field<string> =>
	field(key, { is: "text", bound }, about, (fields) => fields.text(key, bound));

export const light = (key: number | string): Field<LightId> =>
	field(key, { is: "light" }, "the light's id", (fields) => readLight(fields, key));

export const bytes = (key: number | string, length: number, about: string): Field<Uint8Array> =>
	field(key, { is: "bytes", length }, about, (fields) => fields.bytes(key, length));

export const bool = (key: number | string, about: string): Field<boolean> =>
	field(key, { is: "bool" }, about, (fields) => fields.bool(key));

export const word = <W extends string>(key: number | string, words: readonly W[], about: string): Field<W> =>
	field(key, { is: "word", words }, about, (fields) => fields.word(key, words));

/** An array; `read` looks at each of its items. */
export const array = <T extends CborValue>(
	key: number | string,
	of: Form,
	least: number,
	most: number,
	about: string,
	read: (items: readonly CborValue[], fields: Fields) => readonly T[],
): Field<readonly T[]> => ({
	key,
	form: { is: "array", of, least, most },
	about,
	optional: false,
	read: (fields) => read(fields.array(key, least, most), fields),
	write: (value) => value,
});

/** A map of names to integers, texts and booleans. */
export const details = (key: number | string, about: string): Field<Detail> => ({
	key,
	form: { is: "map", of: "details", most: MAX_ENTRIES },
	about,
	optional: false,
	read: (fields) => readDetail(fields, key),
	write: recordToMap,
});

/** A map of names to counters. */
export const counters = (key: number | string, about: string): Field<Readonly<Record<string, number>>> => ({
	key,
	form: { is: "map", of: "counters", most: MAX_ENTRIES },
	about,
	optional: false,
	read: (fields) => readCounters(fields, key),
	write: recordToMap,
});

/** A map with fields of its own; keys that are not known are ignored. */
export const record = <T>(key: number | string, table: Table<T>, about: string): Field<T> => ({
	key,
	form: { is: "record", fields: Object.values<FieldInfo>(table) },
	about,
	optional: false,
	read: (fields) => {
		const inner = new Fields(fields.submap(key));
		const value = readTable(table, inner);
		const read = inner.done(value, "ignored");
		if (!read.ok) fields.refuse(`${key}.${read.field}`);
		return value;
	},
	write: (value) => writeTable(table, value),
});

/** A field that may be left out, which reads as `absent`. */
export const optional = <T, A extends null | undefined>(of: Field<T>, absent: A): Field<T | A> => ({
	...of,
	optional: true,
	read: (fields) => (fields.has(of.key) ? of.read(fields) : absent),
	write: (value) => (value === absent ? undefined : of.write(value as T)),
});

type Entries<T> = readonly (readonly [keyof T & string, Field<T[keyof T]>])[];

/** Tables are made once and read for each message: their entries are listed once as well. */
const listed = new WeakMap<object, Entries<never>>();

/** The names of a table with their fields. */
export function fieldsOf<T>(table: Table<T>): Entries<T> {
	const known = listed.get(table);
	if (known !== undefined) return known as unknown as Entries<T>; // listed below, from the same table
	const entries = Object.entries(table) as [keyof T & string, Field<T[keyof T]>][]; // a table has no other keys
	listed.set(table, entries as unknown as Entries<never>);
	return entries;
}

/** Reads a table's fields in their order; what is left out stays out. The faults are with `fields`. */
export function readTable<T>(table: Table<T>, fields: Fields): T {
	const message: Partial<T> = {};
	for (const [name, one] of fieldsOf(table)) {
		const value = one.read(fields);
		if (value !== undefined) message[name] = value as T[keyof T & string];
	}
	return message as T; // each field of the table was read
}

/** The map of a message. */
export function writeTable<T>(table: Table<T>, message: T): CborMap {
	const map = new Map<number | string, CborValue>();
	for (const [name, one] of fieldsOf(table)) {
		const value = one.write(message[name]);
		if (value !== undefined) map.set(one.key, value);
	}
	return map;
}

/** Reads a whole message by its table. */
export function readMessage<T>(table: Table<T>, map: CborMap, unknown: "refused" | "ignored"): Read<T> {
	const fields = new Fields(map);
	return fields.done(readTable(table, fields), unknown);
}
