import { FLEET, MAX_KEYS } from "./bounds.ts";
import { compareBytes } from "./bytes.ts";
import type { CborMap, CborValue } from "./cbor.ts";
import { PUBLIC_KEY_BYTES } from "./cose.ts";
import { array, readMessage, type Table, text, uint, writeTable } from "./field-table.ts";
import type { Fields, Read } from "./fields.ts";
import type { Keys } from "./messages.ts";

const KEY = { is: "bytes", length: PUBLIC_KEY_BYTES } as const;

export const KEYS_FIELDS: Table<Keys> = {
	fleet: text(1, FLEET, "the fleet's name"),
	version: uint(2, "unix seconds of signing, at least the last + 1"),
	keys: array(3, KEY, 1, MAX_KEYS, "the trusted signing keys, raw, in ascending order", readKeyList),
};

export const KEYS_RULES = ["keys stand in ascending order, none twice"] as const;

/** Payload of `keys`. */
export const writeKeys = (keys: Keys): CborMap => writeTable(KEYS_FIELDS, keys);

export const readKeys = (map: CborMap): Read<Keys> => readMessage(KEYS_FIELDS, map, "refused");

function readKeyList(items: readonly CborValue[], fields: Fields): readonly Uint8Array[] {
	const keys: Uint8Array[] = [];
	for (const key of items) {
		const before = keys.at(-1);
		if (key instanceof Uint8Array && key.length === PUBLIC_KEY_BYTES && (!before || compareBytes(before, key) < 0))
			keys.push(key);
		else fields.refuse("3");
	}
	return keys;
}
