import { FLEET } from "./bounds.ts";
import type { CborMap } from "./cbor.ts";
import { Fields, type Read } from "./fields.ts";
import type { Notice } from "./messages.ts";
import { unixSeconds } from "./units.ts";

/** Payload of a `notice`. */
export function writeNotice(notice: Notice): CborMap {
	return new Map<number, string | number>([
		[1, notice.fleet],
		[3, notice.epoch],
		[6, notice.issuedAt],
	]);
}

export function readNotice(map: CborMap): Read<Notice> {
	const fields = new Fields(map);
	const notice = { fleet: fields.text(1, FLEET), epoch: fields.uint(3), issuedAt: unixSeconds(fields.uint(6)) };
	return fields.done(notice, "refused");
}
