import { FLEET, NAME } from "./bounds.ts";
import type { CborMap } from "./cbor.ts";
import { readDetail, recordToMap } from "./detail.ts";
import { Fields, type Read } from "./fields.ts";
import { readLight } from "./light-field.ts";
import type { LightEvent } from "./messages.ts";

/** Payload of an `event`: text keys. */
export function writeEvent(event: LightEvent): CborMap {
	return recordToMap({
		fleet: event.fleet,
		light: event.light,
		session: event.session,
		counter: event.counter,
		what: event.what,
		uptimeS: event.uptimeS,
		detail: recordToMap(event.detail),
	});
}

export function readEvent(map: CborMap): Read<LightEvent> {
	const fields = new Fields(map);
	const event: LightEvent = {
		fleet: fields.text("fleet", FLEET),
		light: readLight(fields, "light"),
		session: fields.uint("session"),
		counter: fields.uint("counter"),
		what: fields.text("what", NAME),
		uptimeS: fields.uint("uptimeS"),
		detail: readDetail(fields, "detail"),
	};
	return fields.done(event, "ignored");
}
