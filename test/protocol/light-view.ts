import { type AcceptanceView, NOTHING_VERIFIED } from "../../protocol/wire/acceptance.ts";
import type { Grant, Job, Keys, Notice } from "../../protocol/wire/messages.ts";
import { monoMs, unixSeconds } from "../../protocol/wire/units.ts";
import { grant, ISSUED, KEY, LIGHT, PUBLIC, sorted, token, type Who } from "./samples.ts";
import { cbor, nodeCrypto, type Odd, payloadMap, sealed } from "./second-opinion.ts";

/** Messages sealed by the second opinion, and a light that has heard some. */

const seal = (kind: string, message: object, who: Who, odd: Odd = {}): Uint8Array =>
	sealed(kind, cbor(payloadMap(kind, message)), KEY[who], odd);

export const grantBytes = (change: Partial<Grant> = {}, who: Who = "depot", odd: Odd = {}): Uint8Array =>
	seal("grant", grant(change), who, odd);

export const noticeBytes = (epoch: number, change: Partial<Notice> = {}, who: Who = "depot"): Uint8Array =>
	seal("notice", { fleet: "demo", epoch, issuedAt: unixSeconds(ISSUED), ...change }, who);

export const keysBytes = (
	version: number,
	keys: readonly Uint8Array[],
	change: Partial<Keys> = {},
	who: Who = "root",
) => seal("keys", { fleet: "demo", version, keys: sorted(...keys), ...change }, who);

export const jobBytes = (change: Partial<Job> = {}, who: Who = "depot"): Uint8Array =>
	seal("job", { fleet: "demo", light: LIGHT, ask: token("ask"), what: "identify", ...change }, who);

/** Monotonic instant at which the sample's ask was drawn. */
export const DRAWN = 1_000_000;

/** A light with one live ask ("ask"), a stored grant of pair (100, 5) signed by the depot, and notice 90. */
export function view(change: Partial<AcceptanceView> = {}): AcceptanceView {
	return {
		fleet: "demo",
		light: LIGHT,
		rootKey: PUBLIC.root,
		trustedKeys: sorted(PUBLIC.depot, PUBLIC.next),
		keysVersion: 10,
		epoch: 100,
		seq: 5,
		noticeEpoch: 90,
		noticeKey: PUBLIC.depot,
		grantBytes: STORED,
		grantKey: PUBLIC.depot,
		grantPair: { epoch: 100, seq: 5 },
		asks: [
			{ ask: token("ask"), drawnAt: monoMs(DRAWN) },
			{ ask: token("newer ask"), drawnAt: monoMs(DRAWN + 600_000) },
		],
		killedByNotice: [token("ask killed by a notice")],
		verified: NOTHING_VERIFIED,
		crypto: nodeCrypto,
		...change,
	};
}

/** The stored grant's bytes: its ask was killed by its own acceptance. */
export const STORED = grantBytes({ epoch: 100, seq: 5, ask: token("ask of the stored grant") });
