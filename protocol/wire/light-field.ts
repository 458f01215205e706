import type { CborValue } from "./cbor.ts";
import type { Fields } from "./fields.ts";
import { parseLightId } from "./light-id.ts";
import type { LightId } from "./units.ts";

/** A field that is a light id with the right check character. */
export function readLight(fields: Fields, key: number | string): LightId {
	const isLight = (v: CborValue): v is LightId => typeof v === "string" && parseLightId(v) !== null;
	return fields.take(key, isLight, "" as LightId);
}
