import { acceptKeys, NOTHING_VERIFIED } from "../../protocol/wire/acceptance.ts";
import { CodedError } from "../../protocol/wire/errors.ts";
import { unixMs } from "../../protocol/wire/units.ts";
import { encodeRecord } from "./record.ts";
import type { DeviceEnv, Identity } from "./types.ts";

/**
 * The first record of a light, the same bytes for both copies: no grant, pair (0, 0), the trusted keys of a `keys` message signed
 * by the root key. Throws `keys-refused` when that message is not this root's for this fleet.
 */
export function enrolRecord(identity: Identity, keysBytes: Uint8Array, env: Pick<DeviceEnv, "crypto">): Uint8Array {
	const blank = { keysVersion: 0, epoch: 0, seq: 0, noticeEpoch: 0, noticeKey: null, grantBytes: null, grantKey: null };
	const view = {
		...blank,
		...identity,
		trustedKeys: [],
		grantPair: null,
		asks: [],
		killedByNotice: [],
		verified: NOTHING_VERIFIED,
		crypto: env.crypto,
	};
	const answer = acceptKeys(view, keysBytes);
	if (answer.result !== "accepted") {
		const code = answer.result === "refused" ? answer.code : "stale";
		throw new CodedError("keys-refused", `The signing keys cannot be taken: ${code}.`, {
			fault: "input",
			next: "Make a new provisioning file with `liangxing lights add`.",
			context: { code },
		});
	}
	return encodeRecord({
		...blank,
		generation: 1,
		identity,
		trustedKeys: answer.keys.keys,
		keysVersion: answer.keys.version,
		time: unixMs(0),
		ended: null,
		resumesLeft: 0,
		counterReserved: 1,
		session: 0,
	});
}
