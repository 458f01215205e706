import type { StarPolicy } from "../../gateway/core/stars/policy.ts";
import type { CoreConfig, FleetRow, RatedRow } from "../../gateway/core/types.ts";
import type { Signer } from "../../protocol/ports/crypto.ts";
import { compareBytes, utf8Encode } from "../../protocol/wire/bytes.ts";
import { makeLightId } from "../../protocol/wire/light-id.ts";
import { seal } from "../../protocol/wire/seal.ts";
import { type LightId, seconds, unixSeconds } from "../../protocol/wire/units.ts";
import type { Prng } from "../random/prng.ts";
import type { SimCrypto } from "./parts.ts";
import { gradeOfScore } from "./star-table.ts";

/** Wall time at true time 0: 2026-03-01T00:00:00Z. */
export const START_UNIX_S = 1_772_323_200;
export const FLEET = "sim";
export const LIGHTS = 50;
/** Two drivers a vehicle and some that no vehicle has. */
const DRIVERS = 120;
const DAY_S = 86_400;
export const MAX_AGE_DAYS = 550;
/** Short, so that many leases fit into few steps; three report periods, as configuration demands. */
const LEASE_S = 300;
const REPORT_S = 100;
const RESUME_S = 50;

/** A taxi with its light: who it is and which plate it is bound to. */
export interface Taxi {
	readonly light: LightId;
	readonly signer: Signer;
	readonly plate: string;
	readonly main: string;
	readonly deputy: string;
}

/** Everything that a seed fixes before the first step. */
export interface Setup {
	readonly root: Signer;
	/** The depot's signing key, and those it is changed to. */
	readonly signing: readonly Signer[];
	readonly taxis: readonly Taxi[];
	readonly certificates: readonly string[];
	readonly fleetRows: readonly FleetRow[];
	readonly ratings: readonly RatedRow[];
	readonly config: CoreConfig;
}

const digits = (n: number, width: number): string => String(n).padStart(width, "0");

function policyOf(crypto: SimCrypto): StarPolicy {
	return {
		name: "simulated",
		version: 1,
		by: "score",
		scoreBands: [
			{ from: 20, stars: 5 },
			{ from: 11, stars: 4 },
			{ from: 7, stars: 3 },
			{ from: 4, stars: 2 },
			{ from: 0, stars: 1 },
		],
		gradeStars: { AAA: 5, AA: 4, A: 3, B: 1, unrated: 0 },
		gradeBands: { AAA: 20, AA: 11, A: 4, B: 0 },
		scoreRange: [0, 30],
		maxAgeDays: MAX_AGE_DAYS,
		hash: crypto.sha256(utf8Encode("simulated policy 1")),
	};
}

/** Ratings that come of age while the simulation runs do so within this time, seconds. */
const AGES_WITHIN_S = [60, 600] as const;

/** A rating with stars for most, whose age limit for a few comes while the simulation runs. */
export function drawRating(random: Prng, certificate: string, row: number, nowS: number): RatedRow {
	const unrated = random.chance(0.04);
	const score = unrated ? null : random.int(0, 60) / 2;
	const ageS = random.chance(0.12) ? MAX_AGE_DAYS * DAY_S - random.int(...AGES_WITHIN_S) : random.int(1, 500) * DAY_S;
	return {
		row,
		certificate,
		grade: score === null ? "unrated" : gradeOfScore(score),
		score,
		period: "2025",
		asOf: unixSeconds(nowS - ageS),
	};
}

/** The fleet, the drivers, the keys and the settings of one seed. */
export function makeSetup(random: Prng, crypto: SimCrypto, lights = LIGHTS): Setup {
	const certificates = Array.from({ length: DRIVERS }, (_, i) => `C${digits(i + 1, 8)}`);
	const keys = random.split("keys");
	const taxis = Array.from(
		{ length: lights },
		(_, i): Taxi => ({
			light: makeLightId(`S${digits(i + 1, 10)}`),
			signer: crypto.signerFromSeed(keys.bytes(32)),
			plate: `SIM-${digits(i + 1, 4)}`,
			main: certificates[2 * i] ?? "",
			deputy: certificates[2 * i + 1] ?? "",
		}),
	);
	const ratings = random.split("ratings");
	const resumes = random.split("resumes").pick([0, 0, 1, 2]);
	return {
		root: crypto.signerFromSeed(keys.bytes(32)),
		signing: Array.from({ length: 8 }, () => crypto.signerFromSeed(keys.bytes(32))),
		taxis,
		certificates,
		fleetRows: taxis.map((taxi, i) => ({
			row: i + 1,
			plate: taxi.plate,
			plateColour: 1,
			company: "Simulated Taxis",
			terminal: "",
			main: taxi.main,
			deputy: taxi.deputy,
		})),
		ratings: certificates.map((c, i) => drawRating(ratings, c, i + 1, START_UNIX_S)),
		config: {
			fleet: FLEET,
			policy: policyOf(crypto),
			leaseS: seconds(LEASE_S),
			resumes,
			resumeS: seconds(resumes === 0 ? 0 : RESUME_S),
			reportS: seconds(REPORT_S),
			allowUnassigned: random.split("assigned").chance(0.5),
			heldRemovedShare: 0.02,
			heldLoweredShare: 0.05,
			silentAfterS: seconds(3 * REPORT_S),
		},
	};
}

/** A root-signed `keys` message. */
export function keysMessage(setup: Setup, version: number, trusted: readonly Signer[], crypto: SimCrypto): Uint8Array {
	const keys = trusted.map((s) => s.publicKey).sort(compareBytes);
	return seal("keys", { fleet: FLEET, version, keys }, setup.root, crypto);
}
