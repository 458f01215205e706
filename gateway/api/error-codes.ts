import type { Fault } from "../../protocol/wire/errors.ts";

/** HTTP status by code, where the kind of fault does not already say it. Codes of answers without a fault are all here. */
const STATUS: Readonly<Record<string, number>> = {
	"body-invalid": 400,
	"body-not-json": 400,
	"body-too-large": 413,
	"unsupported-media-type": 415,
	"header-invalid": 400,
	"query-invalid": 400,
	"host-not-loopback": 421,
	"origin-foreign": 403,
	"token-missing": 401,
	"token-wrong": 401,
	"rate-limited": 429,
	"too-many-streams": 503,
	busy: 503,
	"gateway-stopping": 503,
	"store-failed": 503,
	"internal-error": 500,
	"not-found": 404,
	"light-unknown": 404,
	"pull-unknown": 404,
	"vehicle-unknown": 404,
	"plate-unknown": 404,
	"driver-unknown": 404,
	"driver-not-assigned": 409,
	"at-in-future": 400,
	"light-exists": 409,
	"public-key-invalid": 400,
	"fleet-empty": 400,
	"alarm-no-hook": 409,
	"pull-not-held": 404,
	"policy-unknown": 404,
	"policy-changed": 409,
	"light-id-malformed": 400,
	"clock-behind": 503,
	"clock-ahead": 503,
};

const BY_FAULT: Readonly<Record<Fault, number>> = { input: 400, state: 409, environment: 503, internal: 500 };

/** Status of an error answer. A code without an entry: by whose fault it is, else 409 (not possible now). */
export const statusOf = (code: string, fault?: Fault): number =>
	STATUS[code] ?? (fault === undefined ? 409 : BY_FAULT[fault]);
