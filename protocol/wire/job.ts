import { FLEET, TOKEN_BYTES } from "./bounds.ts";
import type { CborMap, CborValue } from "./cbor.ts";
import { readDetail, recordToMap } from "./detail.ts";
import { Fields, type Read } from "./fields.ts";
import { readLight } from "./light-field.ts";
import type { Job, JobWhat } from "./messages.ts";

export const JOB_WHATS: readonly JobWhat[] = ["identify", "self-test", "configure", "update", "renew", "retire"];

const PARAMETERS = 4;

/** Payload of a `job`. */
export function writeJob(job: Job): CborMap {
	const map = new Map<number, CborValue>([
		[1, job.fleet],
		[2, job.light],
		[3, job.what],
		[15, job.ask],
	]);
	if (job.parameters !== null) map.set(PARAMETERS, recordToMap(job.parameters));
	return map;
}

export function readJob(map: CborMap): Read<Job> {
	const fields = new Fields(map);
	const job: Job = {
		fleet: fields.text(1, FLEET),
		light: readLight(fields, 2),
		what: fields.word(3, JOB_WHATS),
		parameters: fields.optional(PARAMETERS, () => readDetail(fields, PARAMETERS), null),
		ask: fields.bytes(15, TOKEN_BYTES),
	};
	return fields.done(job, "refused");
}
