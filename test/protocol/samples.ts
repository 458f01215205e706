import { parseLightId } from "../../protocol/wire/light-id.ts";
import type { Grant, Kind, Messages } from "../../protocol/wire/messages.ts";
import { type LightId, seconds, unixSeconds } from "../../protocol/wire/units.ts";
import { hex, privateKeyFrom, rawPublic, sha256, text, unhex } from "./second-opinion.ts";

/** Seeds of the test keys: a private key is SHA-256 of the text. They guard nothing. */
export const SEEDS = {
	root: "liangxing test vector: root key",
	depot: "liangxing test vector: depot signing key",
	next: "liangxing test vector: next depot signing key",
	light: "liangxing test vector: key of light PDS00000001H",
	vehicle: "liangxing test vector: key of vehicle gateway V000001",
	stranger: "liangxing test vector: key of nobody",
} as const;
export type Who = keyof typeof SEEDS;

export const KEY = Object.fromEntries(Object.entries(SEEDS).map(([who, seed]) => [who, privateKeyFrom(seed)])) as {
	readonly [W in Who]: ReturnType<typeof privateKeyFrom>;
};
export const PUBLIC = Object.fromEntries(Object.entries(KEY).map(([who, key]) => [who, rawPublic(key)])) as {
	readonly [W in Who]: Uint8Array;
};

/** Who signs which kind. */
export const SIGNER: Readonly<Record<Kind, Who>> = {
	grant: "depot",
	notice: "depot",
	job: "depot",
	keys: "root",
	state: "light",
	event: "light",
	duty: "vehicle",
};

export function light(id: string): LightId {
	const parsed = parseLightId(id);
	if (parsed === null) throw new TypeError(`${id} is no light id`);
	return parsed;
}

export const LIGHT = light("PDS00000001H");
export const OTHER_LIGHT = light("7ZK3M9QW2HCZ");
export const ISSUED = 1_750_000_000;

/** 8 bytes that a name stands for. */
export const token = (name: string): Uint8Array => sha256(text(name)).slice(0, 8);

export function grant(change: Partial<Grant> = {}): Grant {
	return {
		fleet: "demo",
		light: LIGHT,
		epoch: 1_749_990_000,
		seq: 7,
		stars: 5,
		issuedAt: unixSeconds(ISSUED),
		notAfter: unixSeconds(ISSUED + 3600),
		leaseS: seconds(3600),
		resumes: 0,
		resumeS: seconds(0),
		asOf: unixSeconds(ISSUED - 86_400),
		policy: token("policy"),
		trace: token("trace"),
		ask: token("ask"),
		...change,
	};
}

/** Keys in ascending order, as the wire wants them. */
export const sorted = (...keys: readonly Uint8Array[]): Uint8Array[] => keys.map(hex).toSorted().map(unhex);

/** A full and a bare message of each kind. */
export const SAMPLES: { readonly [K in Kind]: readonly { readonly name: string; readonly message: Messages[K] }[] } = {
	grant: [
		{ name: "five stars, default lease", message: grant() },
		{ name: "no star, no ask heard yet", message: grant({ stars: 0, ask: null, epoch: 1, seq: 1 }) },
		{
			name: "three resumes, notAfter at its bound, large numbers",
			message: grant({
				stars: 1,
				epoch: 0xffff_ffff,
				seq: 0xffff_fffe,
				resumes: 3,
				resumeS: seconds(600),
				notAfter: unixSeconds(ISSUED + 3600 + 1800),
				asOf: unixSeconds(0),
			}),
		},
		{ name: "the other light, a fleet of 32", message: grant({ light: OTHER_LIGHT, fleet: `${"a-9".repeat(10)}xy` }) },
	],
	notice: [
		{
			name: "blanks the fleet",
			message: { fleet: "demo", epoch: 1_750_000_100, issuedAt: unixSeconds(1_750_000_100) },
		},
	],
	keys: [
		{ name: "one key", message: { fleet: "demo", version: 1_749_000_000, keys: [PUBLIC.depot] } },
		{
			name: "overlap of two keys",
			message: { fleet: "demo", version: 1_749_500_000, keys: sorted(PUBLIC.depot, PUBLIC.next) },
		},
	],
	job: [
		{
			name: "identify, no parameters",
			message: { fleet: "demo", light: LIGHT, ask: token("ask"), what: "identify", parameters: null },
		},
		{
			name: "configure, with parameters",
			message: {
				fleet: "demo",
				light: LIGHT,
				ask: token("ask"),
				what: "configure",
				parameters: { reportS: 600, label: "一号车", quiet: true, z: -24, aa: "" },
			},
		},
	],
	state: [
		{
			name: "bare, just started",
			message: {
				fleet: "demo",
				light: LIGHT,
				session: 1,
				counter: 1,
				ask: token("ask"),
				shown: 0,
				pattern: "neutral",
				sensed: false,
				epoch: 0,
				seq: 0,
			},
		},
		{
			name: "all there is",
			message: {
				fleet: "demo",
				light: LIGHT,
				session: 12,
				counter: 70_000,
				ask: token("ask 2"),
				shown: 5,
				pattern: "stars",
				sensed: true,
				epoch: 1_749_990_000,
				seq: 7,
				grant: token("grant"),
				asOf: unixSeconds(ISSUED - 86_400),
				leaseLeftS: 3599,
				resumesLeft: 0,
				keysVersion: 1_749_500_000,
				noticeEpoch: 1_749_990_000,
				refused: { code: "not-fresh", kind: "grant", epoch: 1_749_990_000, seq: 6 },
				lamps: ["ok", "ok", "ok", "ok", "unknown"],
				operating: 1,
				firmware: "liangxing-light 0.1.0",
				uptimeS: 86_400,
				supplyMv: 12_600,
				link: { linkUps: 3, refused: 1, queueDropped: 0 },
			},
		},
	],
	event: [
		{
			name: "a lamp failed",
			message: {
				fleet: "demo",
				light: LIGHT,
				session: 12,
				counter: 70_001,
				what: "lamp-fault",
				uptimeS: 86_401,
				detail: { lamp: 3, state: "open", sensed: true },
			},
		},
	],
	duty: [
		{
			name: "signs in",
			message: {
				fleet: "demo",
				vehicle: "V000001",
				number: 41,
				what: "in",
				driver: "D000123",
				at: unixSeconds(ISSUED),
			},
		},
		{
			name: "signs out",
			message: {
				fleet: "demo",
				vehicle: "V000001",
				number: 42,
				what: "out",
				driver: "D000123",
				at: unixSeconds(ISSUED + 28_800),
			},
		},
	],
};
