import type { Pattern, Refusal } from "../../protocol/wire/messages.ts";
import type { LightId, Seconds, Stars, UnixMs, UnixSeconds } from "../../protocol/wire/units.ts";
import type { Grade, StarPolicy } from "./stars/policy.ts";

/** Internal key of a driver, e.g. `D000123`. The certificate number is personal data and stays behind it. */
export type DriverKey = string & { readonly __driver?: never };
/** Internal, opaque key of a vehicle, e.g. `V000123`; never a plate. */
export type VehicleKey = string & { readonly __vehicle?: never };

export type { Grade };

/** A driver's rating as accepted from a source. */
export interface Rating {
	readonly grade: Grade;
	/** 0..30, may have decimals; null only for `unrated` without one. */
	readonly score: number | null;
	/** As the source words it, e.g. `2025年度`. */
	readonly period: string;
	readonly asOf: UnixSeconds;
	/** Which pull brought it. */
	readonly pull: string;
}

export interface Driver {
	readonly key: DriverKey;
	/** 从业资格证号, folded; opaque, at most 19 characters. Personal data. */
	readonly certificate: string;
}

export interface Vehicle {
	readonly key: VehicleKey;
	readonly plate: string;
	/** JT/T 697.7: 1 blue, 2 yellow, 3 black, 4 white, 5 green, 9 other. */
	readonly plateColour: number;
	readonly company: string;
	/** Terminal (ISU) number; may be empty. */
	readonly terminal: string;
	readonly main: DriverKey | null;
	readonly deputy: DriverKey | null;
}

/** A driver signed in on a vehicle (当班). `until` null = on duty now. */
export interface Duty {
	readonly id: string;
	readonly vehicle: VehicleKey;
	readonly driver: DriverKey;
	readonly from: UnixMs;
	readonly until: UnixMs | null;
}

/** A light as registered: its identity and where it is bound. */
export interface LightRecord {
	readonly light: LightId;
	/** Raw 32 bytes. */
	readonly publicKey: Uint8Array;
	readonly vehicle: VehicleKey | null;
}

/** The newest outbox entry of a light: what `reserve` stored in one transaction, and what became of it. */
export interface OutboxEntry {
	readonly light: LightId;
	readonly epoch: number;
	readonly seq: number;
	readonly stars: Stars;
	/** Whose stars they are; null = nobody on duty, or an unbound light. Not part of the grant. */
	readonly driver: DriverKey | null;
	readonly issuedAt: UnixSeconds;
	readonly notAfter: UnixSeconds;
	readonly leaseS: Seconds;
	readonly resumes: number;
	readonly resumeS: Seconds;
	readonly asOf: UnixSeconds;
	/** 8 bytes. */
	readonly policy: Uint8Array;
	/** 8 bytes. */
	readonly trace: Uint8Array;
	/** 8 bytes, or null for 0 stars to a light never heard. */
	readonly ask: Uint8Array | null;
	/** The signed bytes, once signed; an entry without them after a crash is decided anew with a new seq. */
	readonly signed: Uint8Array | null;
}

/** What a light last said, verified. Only this makes `observed`. */
export interface Observed {
	readonly light: LightId;
	readonly session: number;
	readonly counter: number;
	readonly ask: Uint8Array;
	readonly shown: Stars;
	readonly pattern: Pattern;
	readonly sensed: boolean;
	readonly epoch: number;
	readonly seq: number;
	/** 8 bytes or null. */
	readonly grant: Uint8Array | null;
	readonly asOf: UnixSeconds | null;
	readonly leaseLeftS: number | null;
	readonly resumesLeft: number | null;
	readonly keysVersion: number | null;
	readonly noticeEpoch: number | null;
	readonly refused: Refusal | null;
	readonly lamps: readonly string[] | null;
	/** JT/T 905 operating state. Not stored: the next report brings it again. Left out = the light does not say. */
	readonly operating?: number;
	/** Depot wall time at which it was heard. */
	readonly heardAt: UnixMs;
}

/** One line of a rating file that was not taken; the certificate number stays out of it. */
export interface QuarantinedRow {
	/** Number of the data row, counted from 1 after the header. */
	readonly row: number;
	readonly reason: string;
	/** The driver, where the certificate is readable and known. */
	readonly driver: DriverKey | null;
}

/** One pull of a source, what it changed, and whether a person must decide. */
export interface Pull {
	readonly id: string;
	/** `csv` or `http`. */
	readonly source: string;
	/** The file's name without folders, or the platform's name. */
	readonly name: string;
	/** SHA-256 of the content, hex: the same file twice changes nothing. */
	readonly contentHash: string;
	readonly at: UnixMs;
	readonly rows: number;
	readonly accepted: number;
	readonly quarantined: readonly QuarantinedRow[];
	readonly status: "applied" | "held" | "accepted" | "rejected" | "unchanged";
	/** Drivers added, changed, removed, and whose owed stars fall. */
	readonly added: number;
	readonly changed: number;
	readonly removed: number;
	readonly lowered: number;
	/** Why it is held: codes `removes-too-many`, `lowers-too-many`, `goes-back`. */
	readonly heldFor: readonly string[];
	/** When a platform took the picture of its list; a file does not say. */
	readonly asOf?: UnixSeconds;
}

/** One driver's change in a pull; a held pull keeps its list until accepted or rejected. */
export type RatingChange =
	| { readonly op: "put"; readonly certificate: string; readonly rating: Rating }
	| { readonly op: "remove"; readonly certificate: string };

/** Why a light owes what it owes. */
export type DecisionReason = "rated" | "unbound" | "no-duty" | "unrated" | "rating-too-old";

/**
 * How a change of a star ended (design, "How a star gets to the glass"). `shown`: a verified state shows it; `acked`: a plain light
 * answered it; `refused`: the light will not take it; `expired`: a lease went by without it; `superseded`: another star became due
 * first; `not-due`: the driver went off duty first; `revoked`: the light was taken off its vehicle first.
 */
export type EndWord = "shown" | "refused" | "acked" | "expired" | "superseded" | "not-due" | "revoked";

export interface ChangeEnd {
	readonly what: EndWord;
	/** The refusal's code, why it was not shown, or the trace id (hex) of what came first; null with `shown`. */
	readonly by: string | null;
	readonly at: UnixMs;
}

/** One change of what a light owes, from rating to glass under one trace id. */
export interface StarChange {
	/** Counts all changes of the depot. */
	readonly n: number;
	/** The light's change before this one; null = the first. */
	readonly before: number | null;
	/** 8 bytes. */
	readonly trace: Uint8Array;
	readonly light: LightId;
	readonly vehicle: VehicleKey | null;
	readonly driver: DriverKey | null;
	readonly stars: Stars;
	readonly reason: DecisionReason;
	/** What it rests on: as-of time and pull of the rating (0, null = none), the duty, the start of the policy's hash. */
	readonly asOf: UnixSeconds;
	readonly pull: string | null;
	readonly duty: string | null;
	/** 8 bytes. */
	readonly policy: Uint8Array;
	readonly openedAt: UnixMs;
	/** null = under way. */
	readonly end: ChangeEnd | null;
}

/** The star policy that a person activated. */
export interface ActivePolicy {
	readonly policy: StarPolicy;
	readonly activatedAt: UnixMs;
}

/** Facts of the depot itself. */
export interface DepotMeta {
	readonly fleet: string;
	/** The store's epoch; 0 = none taken yet. */
	readonly epoch: number;
	/** Unix seconds at which the present epoch was taken (at most one a minute). */
	readonly epochTakenAt: UnixSeconds;
	/** The newest time stored; commits carry it on. */
	readonly storedTime: UnixSeconds;
	/** Newest signed notice, or null. */
	readonly notice: { readonly epoch: number; readonly bytes: Uint8Array } | null;
	/** The store came back from a backup: the whole fleet is blanked before anything else is signed. */
	readonly blankDue: boolean;
	/** The pairs and notice epochs for which an epoch was already taken ("once for each so named"), bounded. */
	readonly namedAbove: readonly string[];
	/** Counters for internal keys. */
	readonly nextDriver: number;
	readonly nextVehicle: number;
	readonly nextDuty: number;
	readonly nextPull: number;
}

/** Everything that is durable. Maps are keyed by the record's own key. */
export interface Snapshot {
	readonly meta: DepotMeta;
	readonly drivers: ReadonlyMap<DriverKey, Driver>;
	readonly ratings: ReadonlyMap<DriverKey, Rating>;
	readonly vehicles: ReadonlyMap<VehicleKey, Vehicle>;
	/** Only duties that have not ended; ended ones stay in the store as history. */
	readonly duties: ReadonlyMap<string, Duty>;
	/**
	 * The newest ended duty of each vehicle and of each driver (a duty may be there once for both), so that a late sign-in stays
	 * refused after a restart. A store that cannot tell leaves it out.
	 */
	readonly ended?: readonly Duty[];
	readonly lights: ReadonlyMap<LightId, LightRecord>;
	readonly entries: ReadonlyMap<LightId, OutboxEntry>;
	readonly observed: ReadonlyMap<LightId, Observed>;
	/** The newest pulls (at most 50) and the held ones with their changes. */
	readonly pulls: readonly Pull[];
	readonly heldChanges: ReadonlyMap<string, readonly RatingChange[]>;
	/** The newest change of each light; those before are history in the store. */
	readonly changes: ReadonlyMap<LightId, StarChange>;
	/** The policy activated last; null = the settings' one. */
	readonly policy: ActivePolicy | null;
}

/** One row written. A commit is an array of these, all or none. */
export type Change =
	| { readonly type: "meta"; readonly meta: DepotMeta }
	| { readonly type: "driver"; readonly driver: Driver }
	| { readonly type: "rating"; readonly driver: DriverKey; readonly rating: Rating }
	| { readonly type: "rating-removed"; readonly driver: DriverKey }
	| { readonly type: "vehicle"; readonly vehicle: Vehicle }
	| { readonly type: "vehicle-removed"; readonly vehicle: VehicleKey }
	| { readonly type: "duty"; readonly duty: Duty }
	| { readonly type: "light"; readonly light: LightRecord }
	| { readonly type: "entry"; readonly entry: OutboxEntry }
	| { readonly type: "observed"; readonly observed: Observed }
	| { readonly type: "pull"; readonly pull: Pull; readonly changes: readonly RatingChange[] | null }
	/** The newest change of its light, and the one that it follows (ended; goes to the history) where it is a new one. */
	| { readonly type: "star-change"; readonly change: StarChange; readonly follows: StarChange | null }
	/** History older than this may go. */
	| { readonly type: "history-pruned"; readonly before: UnixMs }
	| { readonly type: "policy"; readonly active: ActivePolicy };
