import { FLEET, MAX_RESUMES, MAX_STARS, TOKEN_BYTES } from "./bounds.ts";
import type { CborMap, CborValue } from "./cbor.ts";
import { Fields, type Read } from "./fields.ts";
import { readLight } from "./light-field.ts";
import type { Grant } from "./messages.ts";
import { type Stars, seconds, unixSeconds } from "./units.ts";

const ASK = 15;

/** Payload of a `grant` (protocol section 1, table). */
export function writeGrant(grant: Grant): CborMap {
	const map = new Map<number, CborValue>([
		[1, grant.fleet],
		[2, grant.light],
		[3, grant.epoch],
		[4, grant.seq],
		[5, grant.stars],
		[6, grant.issuedAt],
		[7, grant.notAfter],
		[8, grant.leaseS],
		[9, grant.resumes],
		[10, grant.resumeS],
		[11, grant.asOf],
		[12, grant.policy],
		[13, grant.trace],
	]);
	if (grant.ask !== null) map.set(ASK, grant.ask);
	return map;
}

export function readGrant(map: CborMap): Read<Grant> {
	const fields = new Fields(map);
	const grant: Grant = {
		fleet: fields.text(1, FLEET),
		light: readLight(fields, 2),
		epoch: fields.uint(3),
		seq: fields.uint(4),
		stars: fields.uint(5, 0, MAX_STARS) as Stars,
		issuedAt: unixSeconds(fields.uint(6)),
		notAfter: unixSeconds(fields.uint(7)),
		leaseS: seconds(fields.uint(8)),
		resumes: fields.uint(9, 0, MAX_RESUMES),
		resumeS: seconds(fields.uint(10)),
		asOf: unixSeconds(fields.uint(11)),
		policy: fields.bytes(12, TOKEN_BYTES),
		trace: fields.bytes(13, TOKEN_BYTES),
		ask: fields.optional(ASK, () => fields.bytes(ASK, TOKEN_BYTES), null),
	};
	fields.demand(grant.stars === 0 || grant.ask !== null, "15");
	fields.demand(grant.resumeS <= grant.leaseS, "10");
	const latest = grant.issuedAt + grant.leaseS + grant.resumes * grant.resumeS;
	fields.demand(grant.notAfter > grant.issuedAt && grant.notAfter <= latest, "7");
	return fields.done(grant, "refused");
}
