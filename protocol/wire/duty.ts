import { DRIVER, FLEET, VEHICLE } from "./bounds.ts";
import type { CborMap } from "./cbor.ts";
import { readMessage, type Table, text, uint, word, writeTable } from "./field-table.ts";
import type { Read } from "./fields.ts";
import type { DutyMessage } from "./messages.ts";

export const DUTY_FIELDS: Table<DutyMessage> = {
	fleet: text(1, FLEET, "the fleet's name"),
	vehicle: text(2, VEHICLE, "an opaque id, never a plate"),
	number: uint(3, "only rises, kept across restarts; one not above the last is ignored"),
	what: word(4, ["in", "out"], "signed in or out"),
	driver: text(5, DRIVER, "driver key or card"),
	at: uint(6, "when, unix seconds"),
};

/** Payload of a `duty`. */
export const writeDuty = (duty: DutyMessage): CborMap => writeTable(DUTY_FIELDS, duty);

export const readDuty = (map: CborMap): Read<DutyMessage> => readMessage(DUTY_FIELDS, map, "refused");
