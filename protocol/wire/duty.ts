import { DRIVER, FLEET, VEHICLE } from "./bounds.ts";
import type { CborMap } from "./cbor.ts";
import { Fields, type Read } from "./fields.ts";
import type { DutyMessage } from "./messages.ts";
import { unixSeconds } from "./units.ts";

/** Payload of a `duty`. */
export function writeDuty(duty: DutyMessage): CborMap {
	return new Map<number, string | number>([
		[1, duty.fleet],
		[2, duty.vehicle],
		[3, duty.number],
		[4, duty.what],
		[5, duty.driver],
		[6, duty.at],
	]);
}

export function readDuty(map: CborMap): Read<DutyMessage> {
	const fields = new Fields(map);
	const duty: DutyMessage = {
		fleet: fields.text(1, FLEET),
		vehicle: fields.text(2, VEHICLE),
		number: fields.uint(3),
		what: fields.word(4, ["in", "out"] as const),
		driver: fields.text(5, DRIVER),
		at: unixSeconds(fields.uint(6)),
	};
	return fields.done(duty, "refused");
}
