import { FLEET, NAME } from "./bounds.ts";
import type { CborMap } from "./cbor.ts";
import { details, light, readMessage, type Table, text, uint, writeTable } from "./field-table.ts";
import type { Read } from "./fields.ts";
import type { LightEvent } from "./messages.ts";

export const EVENT_FIELDS: Table<LightEvent> = {
	fleet: text("fleet", FLEET, "the fleet's name"),
	light: light("light"),
	session: uint("session", "one more at each start of the light"),
	counter: uint("counter", "one more at each `state` or `event`, never falling"),
	what: text("what", NAME, "what happened"),
	uptimeS: uint("uptimeS", "seconds since the start"),
	detail: details("detail", "more about it"),
};

/** Payload of an `event`: text keys. */
export const writeEvent = (event: LightEvent): CborMap => writeTable(EVENT_FIELDS, event);

export const readEvent = (map: CborMap): Read<LightEvent> => readMessage(EVENT_FIELDS, map, "ignored");
