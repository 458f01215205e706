import { type CborMap, decodeCbor, encodeCbor } from "./cbor.ts";
import { readDuty, writeDuty } from "./duty.ts";
import { CodedError } from "./errors.ts";
import { readEvent, writeEvent } from "./event.ts";
import type { Read } from "./fields.ts";
import { readGrant, writeGrant } from "./grant.ts";
import { readJob, writeJob } from "./job.ts";
import { readKeys, writeKeys } from "./keys.ts";
import type { Kind, Messages } from "./messages.ts";
import { readNotice, writeNotice } from "./notice.ts";
import { readState, writeState } from "./state.ts";

/** Longest whole message of each kind in bytes (protocol section 1); a longer one is malformed and is not looked into. */
export const MAX_BYTES: Readonly<Record<Kind, number>> = {
	grant: 512,
	notice: 512,
	job: 512,
	duty: 512,
	keys: 2048,
	state: 2048,
	event: 2048,
};

interface PayloadCodec<T> {
	readonly write: (message: T) => CborMap;
	readonly read: (map: CborMap) => Read<T>;
}

const CODECS: { readonly [K in Kind]: PayloadCodec<Messages[K]> } = {
	grant: { write: writeGrant, read: readGrant },
	notice: { write: writeNotice, read: readNotice },
	keys: { write: writeKeys, read: readKeys },
	job: { write: writeJob, read: readJob },
	state: { write: writeState, read: readState },
	event: { write: writeEvent, read: readEvent },
	duty: { write: writeDuty, read: readDuty },
};

/**
 * The payload's bytes, deterministic CBOR. A strict writer: it reads its own map back before it encodes, so nothing leaves that
 * a light would call malformed. Throws `message-out-of-bounds` naming the field (its key in the protocol's table).
 */
export function encodePayload<K extends Kind>(kind: K, message: Messages[K]): Uint8Array {
	const map = CODECS[kind].write(message);
	const read = CODECS[kind].read(map);
	if (!read.ok) {
		throw new CodedError(
			"message-out-of-bounds",
			`The ${kind} cannot be written: field ${read.field} is out of bounds.`,
			{
				fault: "internal",
				next: "Compare the field with the protocol's table of this kind.",
				context: { kind, field: read.field },
			},
		);
	}
	return encodeCbor(map);
}

/** The message in a payload, or null = malformed. Never throws, whatever the bytes. */
export function decodePayload<K extends Kind>(kind: K, payload: Uint8Array): Messages[K] | null {
	if (payload.length > MAX_BYTES[kind]) return null;
	const decoded = decodeCbor(payload);
	if (!decoded.ok || !(decoded.value instanceof Map)) return null;
	const read = CODECS[kind].read(decoded.value);
	return read.ok ? read.value : null;
}
