import { equalBytes, toHex } from "../../../protocol/wire/bytes.ts";
import type { LightId, Stars, UnixMs } from "../../../protocol/wire/units.ts";
import { unixMs } from "../../../protocol/wire/units.ts";
import type { ClockReading } from "../lights/clock-guard.ts";
import type { LightState } from "../lights/light-state.ts";
import type { DriverKey, LightRecord, StarChange, Vehicle } from "../model.ts";
import type { Picture } from "../records.ts";
import type { CoreConfig, Now } from "../types.ts";
import type { LastSeen } from "./most.ts";
import type { WhyCode } from "./words-en.ts";

/** The links from a rating to the glass, in the order in which a star passes them. */
export const LINKS = ["rating", "policy", "duty", "grant", "delivery", "glass"] as const;
export type LinkName = (typeof LINKS)[number];

export type Fact = string | number;

/** One link: whether a star passes it, what is so, since when and under which id. */
export interface Link {
	readonly link: LinkName;
	readonly ok: boolean;
	/** Names the words for people (`words.ts`). */
	readonly code: WhyCode;
	/** When what it says came about, unix milliseconds. */
	readonly at: UnixMs | null;
	/** Pull, policy hash, duty, epoch/seq, or trace. */
	readonly id: string | null;
	readonly facts: Readonly<Record<string, Fact>>;
}

/** Who is asked about; the light may be missing (no light on the vehicle), and so may the vehicle. */
export interface Subject {
	readonly vehicle: Vehicle | null;
	readonly light: LightRecord | null;
	/** Asked for by the driver's key; null = whoever is on duty. */
	readonly driver: DriverKey | null;
}

/** Why a light shows what it shows. */
export interface Explanation {
	readonly plate: string | null;
	readonly light: LightId | null;
	readonly desired: Stars;
	readonly chain: readonly Link[];
	/** The first link that no star passes; null = all do. */
	readonly broken: LinkName | null;
	/** The newest change of this light, or null. */
	readonly change: StarChange | null;
	/** What the light last said of its glass; null = never heard, or no light. */
	readonly seen: LastSeen | null;
}

/** What the links are made of. */
export interface WhyView {
	readonly subject: Subject;
	readonly picture: Picture;
	readonly config: CoreConfig;
	/** null where there is no light. */
	readonly state: LightState | null;
	readonly time: ClockReading;
	readonly now: Now;
	/** A notice is under way: nothing is signed until it is out. */
	readonly blanking: boolean;
	/** The core was started: its gateway runs. False where a command looks at the store while no gateway does. */
	readonly running: boolean;
	/** The newest write to the store failed, and none has succeeded since. */
	readonly storeFailed: boolean;
}

/** Builds a link in one line. */
export const link = (
	name: LinkName,
	ok: boolean,
	code: WhyCode,
	facts: Readonly<Record<string, Fact>> = {},
	at: UnixMs | number | null = null,
	id: string | null = null,
): Link => ({ link: name, ok, code, at: at === null ? null : unixMs(at), id, facts });

/** The driver whose stars are asked about: the one asked for, else who is on duty. */
export function driverOf({ subject, picture }: WhyView): DriverKey | null {
	if (subject.driver !== null) return subject.driver;
	return subject.vehicle === null ? null : (picture.dutyOfVehicle.get(subject.vehicle.key)?.driver ?? null);
}

/** Whether an entry is for what is owed now. */
export const isOwed = (entry: { stars: number; trace: Uint8Array }, desired: { stars: number; trace: Uint8Array }) =>
	entry.stars === desired.stars && (entry.stars === 0 || equalBytes(entry.trace, desired.trace));

export const shortHash = (hash: Uint8Array): string => toHex(hash).slice(0, 16);
