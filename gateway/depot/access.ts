import type { WhyAnswer } from "../../protocol/schema/api-why.ts";
import type { LightId } from "../../protocol/wire/units.ts";
import type { PolicyTable } from "../core/stars/presets.ts";
import type { WhyQuery } from "../core/why/subject.ts";
import type { Lang } from "../core/why/words.ts";

/** A policy by name, or its table. */
export type PolicyNamed = string | PolicyTable;

export type Value = Readonly<Record<string, unknown>>;

/** How far a pull is. */
export interface PullAt {
	readonly rows: number;
	readonly total: number;
	/** Code of what it waits for, or null. */
	readonly waitsFor: string | null;
}

/** What the commands do to a depot, running or not. Refusals are thrown as coded errors. */
export interface Access {
	/** `running`: through the gateway's API; `store`: the store opened by this command under its lock. */
	readonly by: "running" | "store";
	/** Address for provisioning files; null where it is any free port and no gateway runs. */
	readonly broker: string | null;
	importRatings(bytes: Uint8Array, name: string, dryRun?: boolean): Promise<Value>;
	importFleet(bytes: Uint8Array, name: string, dryRun: boolean): Promise<Value>;
	/** Pulls ratings from the platform: from this address, or the configured one. Tells how far it is until it ends. */
	pullRatings(url: string | null, progress: (at: PullAt) => void): Promise<Value>;
	held(): Promise<readonly Value[]>;
	decideHeld(pull: string, verb: "accept" | "reject"): Promise<Value>;
	addLight(light: LightId, publicKey: Uint8Array): Promise<Value>;
	bindLight(light: LightId, plate: string | null): Promise<Value>;
	lights(): Promise<readonly Value[]>;
	acceptClock(): Promise<Value>;
	/** Throws `vehicle-unknown`, `light-unknown`, `driver-unknown`. */
	why(query: WhyQuery, lang: Lang): Promise<WhyAnswer>;
	/** A backup in the folder of the settings: `file`, `manifest`, `pauseMs`, `removed`. `keep` null removes none. */
	backup(keep: number | null): Promise<Value>;
	/** What is active and what can be named. */
	policy(): Promise<Value>;
	/** Throws `policy-unknown`. */
	policyDryRun(policy: PolicyNamed): Promise<Value>;
	/** `hash` = the dry run's. Throws `policy-unknown`, `policy-changed`. */
	policyActivate(policy: PolicyNamed, hash: string): Promise<Value>;
	close(): Promise<void>;
}
