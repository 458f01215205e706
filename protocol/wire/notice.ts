import { FLEET } from "./bounds.ts";
import type { CborMap } from "./cbor.ts";
import { readMessage, type Table, text, uint, writeTable } from "./field-table.ts";
import type { Read } from "./fields.ts";
import type { Notice } from "./messages.ts";

export const NOTICE_FIELDS: Table<Notice> = {
	fleet: text(1, FLEET, "the fleet's name"),
	epoch: uint(3, "the new epoch that begins with it"),
	issuedAt: uint(6, "when it was signed, unix seconds; compared with no clock"),
};

/** Payload of a `notice`. */
export const writeNotice = (notice: Notice): CborMap => writeTable(NOTICE_FIELDS, notice);

export const readNotice = (map: CborMap): Read<Notice> => readMessage(NOTICE_FIELDS, map, "refused");
