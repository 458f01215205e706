import { FLEET, TOKEN_BYTES } from "./bounds.ts";
import type { CborMap } from "./cbor.ts";
import { bytes, details, light, optional, readMessage, type Table, text, word, writeTable } from "./field-table.ts";
import type { Read } from "./fields.ts";
import type { Job, JobWhat } from "./messages.ts";

export const JOB_WHATS: readonly JobWhat[] = ["identify", "self-test", "configure", "update", "renew", "retire"];

export const JOB_FIELDS: Table<Job> = {
	fleet: text(1, FLEET, "the fleet's name"),
	light: light(2),
	what: word(3, JOB_WHATS, "what is to be done once"),
	parameters: optional(details(4, "its parameters"), null),
	ask: bytes(15, TOKEN_BYTES, "a live ask, so that no job can be replayed"),
};

/** Payload of a `job`. */
export const writeJob = (job: Job): CborMap => writeTable(JOB_FIELDS, job);

export const readJob = (map: CborMap): Read<Job> => readMessage(JOB_FIELDS, map, "refused");
