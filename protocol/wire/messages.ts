import type { LightId, Seconds, Stars, UnixSeconds } from "./units.ts";

/** Kinds of signed messages; `external_aad` is `liangxing/1/<kind>` (docs: protocol section 1). */
export type Kind = "grant" | "notice" | "keys" | "job" | "state" | "event" | "duty";
export const KINDS: readonly Kind[] = ["grant", "notice", "keys", "job", "state", "event", "duty"];

/** A star grant (亮星凭证): a signed, expiring order "this light shows n stars". */
export interface Grant {
	readonly fleet: string;
	readonly light: LightId;
	/** The depot's, uint32. */
	readonly epoch: number;
	/** One more for each grant of this light in this epoch, uint32. */
	readonly seq: number;
	readonly stars: Stars;
	readonly issuedAt: UnixSeconds;
	/** After issuedAt, at most issuedAt + leaseS + resumes * resumeS. */
	readonly notAfter: UnixSeconds;
	/** Seconds of monotonic time it may be shown, counted from the drawing of `ask`. */
	readonly leaseS: Seconds;
	/** 0..255: how often it may be shown again after a loss of power or of monotonic time. */
	readonly resumes: number;
	/** 0..leaseS, seconds each such time. */
	readonly resumeS: Seconds;
	/** As-of time of the rating behind it ("age of truth"). */
	readonly asOf: UnixSeconds;
	/** 8 bytes: start of the policy's hash. */
	readonly policy: Uint8Array;
	/** 8 bytes: trace id. */
	readonly trace: Uint8Array;
	/** 8 bytes: the light's newest ask that the depot has heard; null only for 0 stars when the depot has heard none. */
	readonly ask: Uint8Array | null;
}

/** Blanks the whole fleet; each notice begins a new epoch. */
export interface Notice {
	readonly fleet: string;
	readonly epoch: number;
	readonly issuedAt: UnixSeconds;
}

/** The trusted signing keys, signed by the root key. */
export interface Keys {
	readonly fleet: string;
	/** Unix seconds of signing, at least the last + 1. */
	readonly version: number;
	/** 1 to 8 raw 32-byte keys in ascending order. */
	readonly keys: readonly Uint8Array[];
}

export type JobWhat = "identify" | "self-test" | "configure" | "update" | "renew" | "retire";

/** Something to do once; needs a live ask, so none can be replayed. */
export interface Job {
	readonly fleet: string;
	readonly light: LightId;
	readonly ask: Uint8Array;
	readonly what: JobWhat;
	readonly parameters: Readonly<Record<string, string | number | boolean>> | null;
}

export type Pattern = "stars" | "neutral" | "fault" | "identify" | "self-test";
export type LampState = "ok" | "open" | "short" | "stuck-on" | "stuck-off" | "unknown";

/** Each refusal's code, in the order of acceptance (`retired-light` is not one of them: a retired light answers nothing). */
export type RefusalCode =
	| "malformed"
	| "unknown-key"
	| "bad-signature"
	| "wrong-fleet"
	| "wrong-light"
	| "stale"
	| "conflict"
	| "not-fresh"
	| "void"
	| "expired";

/** The last refusal since the last `state`. epoch and seq are 0 where the message names none or could not be read. */
export interface Refusal {
	readonly code: RefusalCode;
	readonly kind: Kind;
	readonly epoch: number;
	readonly seq: number;
}

/** What a light says of itself; signed by the light. Absent = none or not known. */
export interface LightReport {
	readonly fleet: string;
	readonly light: LightId;
	/** uint32, one more at each start. */
	readonly session: number;
	/** uint32, one more at each `state` or `event`, never falling. */
	readonly counter: number;
	/** 8 bytes, the newest. */
	readonly ask: Uint8Array;
	/** What the lamps show, 0..5. */
	readonly shown: Stars;
	readonly pattern: Pattern;
	/** Whether `shown` rests on sensed currents. */
	readonly sensed: boolean;
	/** The stored pair, (0, 0) if none. */
	readonly epoch: number;
	readonly seq: number;
	/** 8 bytes, start of SHA-256 over the stored grant's bytes. */
	readonly grant?: Uint8Array;
	/** Of the grant shown. */
	readonly asOf?: UnixSeconds;
	readonly leaseLeftS?: number;
	readonly resumesLeft?: number;
	readonly keysVersion?: number;
	readonly noticeEpoch?: number;
	readonly refused?: Refusal;
	/** From left to right. */
	readonly lamps?: readonly LampState[];
	/** JT/T 905 operating state. */
	readonly operating?: number;
	readonly firmware?: string;
	readonly uptimeS?: number;
	readonly supplyMv?: number;
	/** Counters of the link: reconnects, dropped, ... */
	readonly link?: Readonly<Record<string, number>>;
}

/** Something that happened on a light; signed by the light. */
export interface LightEvent {
	readonly fleet: string;
	readonly light: LightId;
	readonly session: number;
	readonly counter: number;
	readonly what: string;
	readonly uptimeS: number;
	readonly detail: Readonly<Record<string, string | number | boolean>>;
}

/** A vehicle gateway's sign-in or sign-out; signed by the vehicle gateway's key. */
export interface DutyMessage {
	readonly fleet: string;
	/** An opaque id, never a plate. */
	readonly vehicle: string;
	/** Only rises, kept across restarts. */
	readonly number: number;
	readonly what: "in" | "out";
	/** Driver key or card. */
	readonly driver: string;
	readonly at: UnixSeconds;
}

/** What each kind carries. */
export interface Messages {
	grant: Grant;
	notice: Notice;
	keys: Keys;
	job: Job;
	state: LightReport;
	event: LightEvent;
	duty: DutyMessage;
}

/** Protocol defaults (section 1): lease 3600 s, renewed at half; report period 600 s; leaseS at least 3 report periods. */
export const DEFAULT_LEASE_S = 3600 as Seconds;
export const DEFAULT_REPORT_S = 600 as Seconds;
