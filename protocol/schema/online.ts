import { z } from "zod";
import { utf8Decode, utf8Encode } from "../wire/bytes.ts";
import { uint32 } from "./scalars.ts";

/**
 * Payload of the `online` topic, the only one that is JSON and unsigned. `session` is the light's own count of starts, so that a
 * late will of session n never marks session n+1 dead.
 */
export const online = z.object({ online: z.boolean(), session: uint32 });
export type Online = z.infer<typeof online>;

/** `{"online":false,"session":4294967295}` has 39 bytes; the rest is room for keys that a later version may add. */
export const MAX_ONLINE_BYTES = 256;

/** The payload's bytes, UTF-8 JSON. */
export const encodeOnline = ({ online, session }: Online): Uint8Array =>
	utf8Encode(JSON.stringify({ online, session }));

/** Reads a payload; null on anything else. Never throws. */
export function parseOnline(payload: Uint8Array): Online | null {
	const text = payload.length <= MAX_ONLINE_BYTES ? utf8Decode(payload) : null;
	if (text === null) return null;
	try {
		return online.safeParse(JSON.parse(text)).data ?? null;
	} catch {
		return null; // JSON.parse: not JSON.
	}
}
