import { FLEET, MAX_RESUMES, MAX_STARS, TOKEN_BYTES } from "./bounds.ts";
import type { CborMap } from "./cbor.ts";
import { bytes, light, optional, readTable, type Table, text, uint, writeTable } from "./field-table.ts";
import { Fields, type Read } from "./fields.ts";
import type { Grant } from "./messages.ts";

export const GRANT_FIELDS: Table<Grant> = {
	fleet: text(1, FLEET, "the fleet's name"),
	light: light(2),
	epoch: uint(3, "the depot's, for all its lights"),
	seq: uint(4, "one more for each grant of this light in this epoch"),
	stars: uint(5, "0 = not rated, or nobody signed in", 0, MAX_STARS),
	issuedAt: uint(6, "when it was signed, unix seconds"),
	notAfter: uint(7, "not shown from this time on, unix seconds"),
	leaseS: uint(8, "seconds of monotonic time it may be shown, counted from the drawing of `ask`"),
	resumes: uint(9, "how often it may be shown again after a loss of power or of monotonic time", 0, MAX_RESUMES),
	resumeS: uint(10, "seconds each such time"),
	asOf: uint(11, "as-of time of the rating behind it, unix seconds; 0 = none is"),
	policy: bytes(12, TOKEN_BYTES, "start of the policy's hash"),
	trace: bytes(13, TOKEN_BYTES, "trace id of the change"),
	ask: optional(bytes(15, TOKEN_BYTES, "the light's newest ask that the depot has heard"), null),
};

/** What holds between fields; each is checked below. */
export const GRANT_RULES = [
	"`ask` may be left out only where `stars` is 0",
	"`resumeS` is at most `leaseS`",
	"`notAfter` is after `issuedAt`, and at most `issuedAt` + `leaseS` + `resumes` * `resumeS`",
] as const;

/** Payload of a `grant` (protocol section 1, table). */
export const writeGrant = (grant: Grant): CborMap => writeTable(GRANT_FIELDS, grant);

export function readGrant(map: CborMap): Read<Grant> {
	const fields = new Fields(map);
	const grant = readTable(GRANT_FIELDS, fields);
	fields.demand(grant.stars === 0 || grant.ask !== null, "15");
	fields.demand(grant.resumeS <= grant.leaseS, "10");
	const latest = grant.issuedAt + grant.leaseS + grant.resumes * grant.resumeS;
	fields.demand(grant.notAfter > grant.issuedAt && grant.notAfter <= latest, "7");
	return fields.done(grant, "refused");
}
