import type { Crypto } from "../../protocol/ports/crypto.ts";
import type { Random } from "../../protocol/ports/random.ts";
import type { Kind, RefusalCode } from "../../protocol/wire/messages.ts";
import type { LightId, MonoMs, Seconds, Stars, UnixMs, UnixSeconds } from "../../protocol/wire/units.ts";
import type { Change, Grade, QuarantinedRow } from "./model.ts";
import type { StarPolicy } from "./stars/policy.ts";

/** Settings the core needs; validated by the edge (`gateway/config`). */
export interface CoreConfig {
	readonly fleet: string;
	readonly policy: StarPolicy;
	readonly leaseS: Seconds;
	readonly resumes: number;
	readonly resumeS: Seconds;
	/** Report period of the lights; leaseS is at least 3 of them. */
	readonly reportS: Seconds;
	/** Sign-in of a driver whom the fleet file does not give to the vehicle. */
	readonly allowUnassigned: boolean;
	/** A pull that removes more than this share of drivers is held (0.02). */
	readonly heldRemovedShare: number;
	/** A pull that lowers the owed stars of more than this share of drivers is held (0.05). */
	readonly heldLoweredShare: number;
	/** How long a light may be silent before the console draws it so, seconds. */
	readonly silentAfterS: Seconds;
}

export interface CoreEnv {
	readonly crypto: Crypto;
	/** For trace ids. */
	readonly random: Random;
	/** Raw 32-byte public key of the depot's signing key: its key id goes into each grant. */
	readonly signingKey: Uint8Array;
	/** The root-signed `keys` message as published. */
	readonly keysMessage: Uint8Array;
}

/** Both clocks at the time of an event. */
export interface Now {
	readonly unix: UnixMs;
	readonly mono: MonoMs;
}

/** A row of a rating file as validated by `ratings/validate.ts`. */
export interface RatedRow {
	readonly row: number;
	readonly certificate: string;
	readonly grade: Grade;
	readonly score: number | null;
	readonly period: string;
	readonly asOf: UnixSeconds;
}

/** A fleet file's row as validated by `fleet/validate.ts`. Certificates are folded as in ratings; "" = none. */
export interface FleetRow {
	readonly row: number;
	readonly plate: string;
	readonly plateColour: number;
	readonly company: string;
	readonly terminal: string;
	readonly main: string;
	readonly deputy: string;
}

/** What a person or a program asks of the depot; each is answered once, after its commit. */
export type Command =
	| {
			readonly what: "ratings-pull";
			readonly source: string;
			readonly name: string;
			readonly contentHash: string;
			/** When a platform took the picture of its list: an older one than the newest taken is held. */
			readonly asOf?: UnixSeconds;
			readonly rows: number;
			readonly accepted: readonly RatedRow[];
			/** Quarantined rows, with the certificate where one could be read: its driver keeps the former rating. */
			readonly quarantined: readonly { readonly row: number; readonly reason: string; readonly certificate: string }[];
			/** Only say what would come of it. */
			readonly dryRun?: boolean;
	  }
	| { readonly what: "held-accept"; readonly pull: string }
	| { readonly what: "held-reject"; readonly pull: string }
	| {
			readonly what: "fleet-import";
			readonly rows: readonly FleetRow[];
			/** Plates of rows that could not be taken: their vehicles stay as they are. */
			readonly keep?: readonly string[];
			readonly dryRun: boolean;
	  }
	| { readonly what: "light-add"; readonly light: LightId; readonly publicKey: Uint8Array }
	/** `plate` null unbinds. */
	| { readonly what: "light-bind"; readonly light: LightId; readonly plate: string | null }
	| {
			readonly what: "sign-in";
			readonly vehicle: { readonly key: string } | { readonly plate: string };
			readonly driver: { readonly key: string } | { readonly certificate: string };
			readonly at: UnixMs | null;
	  }
	| {
			readonly what: "sign-out";
			readonly vehicle: { readonly key: string } | { readonly plate: string };
			readonly driver: { readonly key: string } | { readonly certificate: string } | null;
			readonly at: UnixMs | null;
	  }
	/** Blanks the whole fleet with a notice in a new epoch. */
	| { readonly what: "blank-fleet" }
	| { readonly what: "clock-accept" }
	/** `dryRun` = hash of the dry run that was looked at, 32 bytes. */
	| { readonly what: "policy-activate"; readonly policy: StarPolicy; readonly dryRun: Uint8Array };

export type CommandAnswer =
	| { readonly ok: true; readonly value: Readonly<Record<string, unknown>> }
	| { readonly ok: false; readonly code: string; readonly message: string; readonly next: string };

export type CoreEvent =
	/** First event: publishes `keys`, the newest notice and the newest grants, decides anew what crashed unsigned. */
	| { readonly type: "start" /** The store failed under the core before this one. */; readonly afterFailure?: boolean }
	| { readonly type: "command"; readonly id: string; readonly command: Command }
	/** A message from a light, as it came from the broker. `publisher` = the connection's light id where the broker knows it. */
	| { readonly type: "message"; readonly topic: string; readonly bytes: Uint8Array; readonly publisher: string | null }
	| { readonly type: "committed"; readonly tx: number }
	| { readonly type: "commit-failed"; readonly tx: number; readonly reason: string }
	/** Answer to `sign`. */
	| { readonly type: "signed"; readonly job: number; readonly signature: Uint8Array }
	/** A broker that runs by itself is there (again), and may have lost what it kept: keys, notice and grants go out anew. */
	| { readonly type: "broker-up" }
	/** The last event before an orderly stop: what waits to be stored is stored now. */
	| { readonly type: "stop" }
	| { readonly type: "tick" };

export type CoreEffect =
	/** Store all or none; answer `committed` or `commit-failed` with the same tx. Commits take effect in order. */
	| { readonly type: "commit"; readonly tx: number; readonly changes: readonly Change[] }
	/** Sign these bytes with the depot's signing key; answer `signed`. At once in virtual time, in batches of at most 5 ms at the edge. */
	| { readonly type: "sign"; readonly job: number; readonly toBeSigned: Uint8Array }
	/** Hand to the broker. `retain` as in the protocol's table. */
	| { readonly type: "publish"; readonly topic: string; readonly bytes: Uint8Array; readonly retain: boolean }
	| { readonly type: "answer"; readonly id: string; readonly answer: CommandAnswer }
	/** This light's row in a list changed; the console's stream batches these. */
	| { readonly type: "changed"; readonly light: LightId }
	| { readonly type: "wake"; readonly at: MonoMs }
	| {
			readonly type: "log";
			readonly level: "debug" | "info" | "warn" | "error";
			readonly code: string;
			readonly fields: Readonly<Record<string, string | number | boolean>>;
	  };

/** Status of a light for people, in the console's words. */
export type LightStatus = "right" | "acked" | "moving" | "differs" | "refused" | "silent" | "fault";

/** One light as lists and the console show it; holds no certificate number. */
export interface LightView {
	readonly light: LightId;
	readonly plate: string | null;
	readonly company: string | null;
	readonly channel: "mqtt";
	readonly desired: Stars;
	/** Stars of the newest grant that the light answered as taken; null = none yet. */
	readonly acked: Stars | null;
	/** What a verified state says is shown; null = never heard, or silent. */
	readonly observed: Stars | null;
	/** Age of truth: seconds since the as-of time of the rating behind the desired stars; null with 0 stars for nobody on duty. */
	readonly ageS: number | null;
	readonly status: LightStatus;
	/** Code behind `differs`, `refused`, `fault`, `silent`; null otherwise. */
	readonly reason: string | null;
	readonly leaseLeftS: number | null;
	readonly onDuty: boolean;
	readonly heardAt: UnixMs | null;
	/** Trace id of the newest change, hex. */
	readonly trace: string | null;
	/** States of the lamps from left to right where one of them is broken; null = none is, or it is not known. */
	readonly lamps: readonly string[] | null;
	/** JT/T 905 operating state as the light last said it; null = it does not say, or is silent. */
	readonly operating: number | null;
	/** The newest refusal of this light since the gateway's start that is not what every start of a light brings; null = none. */
	readonly refused: LastRefusal | null;
}

/** What a light refused last, and when the depot heard of it. */
export interface LastRefusal {
	readonly code: RefusalCode;
	readonly kind: Kind;
	readonly at: UnixMs;
}

/** What `/readyz` and the console say of the depot. */
export interface DepotView {
	readonly fleet: string;
	readonly epoch: number;
	/** null = the clock is trusted; otherwise why signing is refused (`clock-behind`, `clock-ahead`). */
	readonly clock: null | {
		readonly code: "clock-behind" | "clock-ahead";
		readonly storedTime: UnixSeconds;
		readonly now: UnixSeconds;
	};
	/** `maxAgeDays`: the limit of an age of truth. */
	readonly policy: { readonly name: string; readonly hash: string; readonly maxAgeDays: number };
	readonly lights: number;
	readonly drivers: number;
	readonly vehicles: number;
	readonly held: number;
	/** Key of the newest pull: another one tells lists of pulls to look again. null = there was none. */
	readonly lastPull: string | null;
	/** Since the start, by code: what lights refused, and messages that the depot did not believe. */
	readonly refusals: Readonly<Record<string, number>>;
	readonly dropped: Readonly<Record<string, number>>;
}

/** The depot as the console's stream carries it: the core's view, and what the broker turned away since its start, by code. */
export interface StreamedDepot extends DepotView {
	readonly broker: Readonly<Record<string, number>>;
}

export type { QuarantinedRow };
