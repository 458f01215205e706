import { FLEET, MAX_KEYS } from "./bounds.ts";
import { compareBytes } from "./bytes.ts";
import type { CborMap, CborValue } from "./cbor.ts";
import { PUBLIC_KEY_BYTES } from "./cose.ts";
import { Fields, type Read } from "./fields.ts";
import type { Keys } from "./messages.ts";

/** Payload of `keys`. */
export function writeKeys(keys: Keys): CborMap {
	return new Map<number, CborValue>([
		[1, keys.fleet],
		[2, keys.version],
		[3, keys.keys],
	]);
}

export function readKeys(map: CborMap): Read<Keys> {
	const fields = new Fields(map);
	const keys: Uint8Array[] = [];
	const message = { fleet: fields.text(1, FLEET), version: fields.uint(2), keys };
	for (const key of fields.array(3, 1, MAX_KEYS)) {
		const before = keys.at(-1);
		if (key instanceof Uint8Array && key.length === PUBLIC_KEY_BYTES && (!before || compareBytes(before, key) < 0)) {
			keys.push(key);
		} else {
			fields.refuse("3");
		}
	}
	return fields.done(message, "refused");
}
