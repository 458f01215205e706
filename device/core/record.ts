import { FLEET, MAX_KEYS, MAX_RESUMES, MAX_UINT32 } from "../../protocol/wire/bounds.ts";
import { type CborValue, decodeCbor, encodeCbor } from "../../protocol/wire/cbor.ts";
import { MAX_BYTES } from "../../protocol/wire/codec.ts";
import { PUBLIC_KEY_BYTES } from "../../protocol/wire/cose.ts";
import { isText } from "../../protocol/wire/fields.ts";
import type { EndReason } from "../../protocol/wire/lease.ts";
import { parseLightId } from "../../protocol/wire/light-id.ts";
import { type UnixMs, unixMs } from "../../protocol/wire/units.ts";
import { crc32 } from "./crc32.ts";
import type { Identity } from "./types.ts";

/** Everything a light keeps, in one record that is stored twice (protocol section 1, "Memory"). */
export interface LightRecord {
	/** One more at each write; tells the newer copy from the older. */
	readonly generation: number;
	readonly identity: Identity;
	/** Raw 32-byte keys in ascending order. */
	readonly trustedKeys: readonly Uint8Array[];
	readonly keysVersion: number;
	/** The stored pair, (0, 0) if none. */
	readonly epoch: number;
	readonly seq: number;
	/** 0 = none. */
	readonly noticeEpoch: number;
	readonly noticeKey: Uint8Array | null;
	/** The light's own time when this was written; 0 = never set by a grant. Without power it stands still. */
	readonly time: UnixMs;
	/** The stored grant as it came, kept after its end. */
	readonly grantBytes: Uint8Array | null;
	readonly grantKey: Uint8Array | null;
	/** null = it may still be shown. */
	readonly ended: EndReason | null;
	/** How often the stored grant may still be shown again after a loss of power. */
	readonly resumesLeft: number;
	/** Report counters below this one may be used up; the next start begins here. */
	readonly counterReserved: number;
	/** One more at each start. */
	readonly session: number;
}

/** "LXR" and the record's version. A reader takes no other version: a guess could light a star. */
const MAGIC = [0x4c, 0x58, 0x52, 0x01] as const;
const HEADER_BYTES = 6;
const CRC_BYTES = 4;

/** In the order of their number in the record; only appended to. */
const END_REASONS: readonly EndReason[] = [
	"lease-over",
	"not-after",
	"superseded",
	"notice",
	"key-gone",
	"unsigned-zero",
	"unsigned-clock",
	"no-resumes",
];

/** Bytes of one copy: magic and version, body length (u16 big-endian), body (CBOR array), CRC-32 (u32 big-endian). */
export function encodeRecord(record: LightRecord): Uint8Array {
	const body = encodeCbor([
		record.generation,
		record.identity.fleet,
		record.identity.light,
		record.identity.rootKey,
		record.trustedKeys,
		record.keysVersion,
		record.epoch,
		record.seq,
		record.noticeEpoch,
		record.noticeKey,
		Math.floor(record.time),
		record.grantBytes,
		record.grantKey,
		record.ended === null ? null : END_REASONS.indexOf(record.ended),
		record.resumesLeft,
		record.counterReserved,
		record.session,
	]);
	const bytes = new Uint8Array(HEADER_BYTES + body.length + CRC_BYTES);
	const view = new DataView(bytes.buffer);
	bytes.set(MAGIC, 0);
	view.setUint16(MAGIC.length, body.length);
	bytes.set(body, HEADER_BYTES);
	view.setUint32(HEADER_BYTES + body.length, crc32(bytes, HEADER_BYTES + body.length));
	return bytes;
}

/** The record in one copy, or null when the copy is missing, torn, worn or of another version. Bytes after its end are ignored. */
export function decodeRecord(bytes: Uint8Array | null): LightRecord | null {
	if (bytes === null || bytes.length < HEADER_BYTES + CRC_BYTES) return null;
	if (MAGIC.some((byte, index) => bytes[index] !== byte)) return null;
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	const end = HEADER_BYTES + view.getUint16(MAGIC.length);
	if (end + CRC_BYTES > bytes.length || view.getUint32(end) !== crc32(bytes, end)) return null;
	const body = decodeCbor(bytes.slice(HEADER_BYTES, end));
	return body.ok && Array.isArray(body.value) ? fromFields(body.value) : null;
}

/** True when both copies say the same, so that the loss of either loses nothing. */
export const isWhole = (copies: readonly [LightRecord | null, LightRecord | null]): boolean =>
	copies[0] !== null && copies[1] !== null && copies[0].generation === copies[1].generation;

/** Reads the fields in their order; any that is not what it must be makes the whole copy unreadable. */
function fromFields(fields: readonly CborValue[]): LightRecord | null {
	if (fields.length !== 17) return null;
	const identity = identityOf(fields[1] ?? null, fields[2] ?? null, fields[3] ?? null);
	const trustedKeys = keysOf(fields[4]);
	const generation = fields[0];
	const time = fields[10];
	const numbers = [5, 6, 7, 8, 14, 15, 16].map((index) => fields[index]);
	if (identity === null || trustedKeys === null || !numbers.every(isUint32)) return null;
	if (!isCount(generation) || !isCount(time)) return null;
	const [keysVersion, epoch, seq, noticeEpoch, resumesLeft, counterReserved, session] = numbers as [
		number,
		number,
		number,
		number,
		number,
		number,
		number,
	];
	const noticeKey = fields[9] ?? null;
	const grantBytes = fields[11] ?? null;
	const grantKey = fields[12] ?? null;
	const ended = endOf(fields[13] ?? null);
	if (resumesLeft > MAX_RESUMES || ended === undefined) return null;
	if (!isBytesOrNull(noticeKey, PUBLIC_KEY_BYTES) || !isBytesOrNull(grantKey, PUBLIC_KEY_BYTES)) return null;
	if (!isBytesOrNull(grantBytes, null) || (grantBytes === null) !== (grantKey === null)) return null;
	return {
		generation,
		identity,
		trustedKeys,
		keysVersion,
		epoch,
		seq,
		noticeEpoch,
		noticeKey,
		time: unixMs(time),
		grantBytes,
		grantKey,
		ended,
		resumesLeft,
		counterReserved,
		session,
	};
}

function identityOf(fleet: CborValue, light: CborValue, rootKey: CborValue): Identity | null {
	if (!isText(fleet, FLEET) || typeof light !== "string") return null;
	const id = parseLightId(light);
	if (id === null || !(rootKey instanceof Uint8Array) || rootKey.length !== PUBLIC_KEY_BYTES) return null;
	return { fleet, light: id, rootKey };
}

function keysOf(value: CborValue | undefined): readonly Uint8Array[] | null {
	if (!Array.isArray(value) || value.length < 1 || value.length > MAX_KEYS) return null;
	const keys: Uint8Array[] = [];
	for (const key of value) {
		if (!(key instanceof Uint8Array) || key.length !== PUBLIC_KEY_BYTES) return null;
		keys.push(key);
	}
	return keys;
}

/** undefined = not a reason. */
function endOf(value: CborValue): EndReason | null | undefined {
	if (value === null) return null;
	return typeof value === "number" ? END_REASONS[value] : undefined;
}

/** Generation and time grow with every write and beyond uint32 (a depot's clock may say 2106): no bound may make a record unreadable. */
const isCount = (value: CborValue | undefined): value is number => Number.isSafeInteger(value) && Number(value) >= 0;

const isUint32 = (value: CborValue | undefined): value is number =>
	typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= MAX_UINT32;

/** `length` null = any length a grant may have. */
function isBytesOrNull(value: CborValue, length: number | null): value is Uint8Array | null {
	if (value === null) return true;
	if (!(value instanceof Uint8Array)) return false;
	return length === null ? value.length <= MAX_BYTES.grant : value.length === length;
}
