import type { Generated } from "kysely";

/** One row: facts of the depot itself. */
export interface MetaTable {
	/** Always 1. */
	readonly id: number;
	readonly fleet: string;
	readonly epoch: number;
	readonly epoch_taken_at: number;
	readonly stored_time: number;
	readonly notice_epoch: number | null;
	readonly notice_bytes: Uint8Array | null;
	/** 1 = blank the fleet first. */
	readonly blank_due: number;
	/** JSON array of text. */
	readonly named_above: string;
	readonly next_driver: number;
	readonly next_vehicle: number;
	readonly next_duty: number;
	readonly next_pull: number;
}

export interface DriversTable {
	readonly key: string;
	/** Personal data; unique. */
	readonly certificate: string;
}

export interface RatingsTable {
	readonly driver: string;
	readonly grade: string;
	readonly score: number | null;
	readonly period: string;
	readonly as_of: number;
	readonly pull: string;
}

export interface VehiclesTable {
	readonly key: string;
	readonly plate: string;
	readonly plate_colour: number;
	readonly company: string;
	readonly terminal: string;
	readonly main: string | null;
	readonly deputy: string | null;
}

/** Ended ones stay as history. Milliseconds since 1970. */
export interface DutiesTable {
	readonly id: string;
	readonly vehicle: string;
	readonly driver: string;
	readonly from_ms: number;
	readonly until_ms: number | null;
}

export interface LightsTable {
	readonly light: string;
	readonly public_key: Uint8Array;
	readonly vehicle: string | null;
}

/** The newest outbox entry of each light. */
export interface EntriesTable {
	readonly light: string;
	readonly epoch: number;
	readonly seq: number;
	readonly stars: number;
	readonly driver: string | null;
	readonly issued_at: number;
	readonly not_after: number;
	readonly lease_s: number;
	readonly resumes: number;
	readonly resume_s: number;
	readonly as_of: number;
	readonly policy: Uint8Array;
	readonly trace: Uint8Array;
	readonly ask: Uint8Array | null;
	readonly signed: Uint8Array | null;
}

/** What each light last said, verified. */
export interface ObservedTable {
	readonly light: string;
	readonly session: number;
	readonly counter: number;
	readonly ask: Uint8Array;
	readonly shown: number;
	readonly pattern: string;
	readonly sensed: number;
	readonly epoch: number;
	readonly seq: number;
	readonly grant: Uint8Array | null;
	readonly as_of: number | null;
	readonly lease_left_s: number | null;
	readonly resumes_left: number | null;
	readonly keys_version: number | null;
	readonly notice_epoch: number | null;
	/** JSON map or null. */
	readonly refused: string | null;
	/** JSON array of text or null. */
	readonly lamps: string | null;
	readonly heard_at_ms: number;
}

export interface PullsTable {
	/** Order of arrival. */
	readonly n: Generated<number>;
	readonly id: string;
	readonly source: string;
	readonly name: string;
	readonly content_hash: string;
	readonly at_ms: number;
	readonly row_count: number;
	readonly accepted: number;
	/** JSON array; holds no certificate number. */
	readonly quarantined: string;
	readonly status: string;
	readonly added: number;
	readonly changed: number;
	readonly removed: number;
	readonly lowered: number;
	/** JSON array of codes. */
	readonly held_for: string;
	/** Of a platform's snapshot; a file has none. */
	readonly as_of: number | null;
}

/** The pages of a platform's snapshot while it is fetched. */
export interface PullPagesTable {
	readonly n: number;
	readonly cursor: string | null;
	readonly digest: string;
	/** JSON of the rows as read. Personal data; gone once the list is taken. */
	readonly rows: string;
}

/** One row each: the snapshot being fetched, and what became of the last pull. JSON. */
export interface PullFactsTable {
	readonly name: "stage" | "last";
	readonly value: string;
}

/** What a held pull would change, until a person decides. */
export interface HeldChangesTable {
	readonly pull: string;
	/** JSON array of `RatingChange`. Personal data. */
	readonly changes: string;
}

/** The newest change of each light, and in `change_history` those that it followed. */
export interface ChangesTable {
	readonly n: number;
	readonly before: number | null;
	readonly trace: Uint8Array;
	readonly light: string;
	readonly vehicle: string | null;
	readonly driver: string | null;
	readonly stars: number;
	readonly reason: string;
	readonly as_of: number;
	readonly pull: string | null;
	readonly duty: string | null;
	readonly policy: Uint8Array;
	readonly opened_at_ms: number;
	readonly end_what: string | null;
	readonly end_by: string | null;
	readonly end_at_ms: number | null;
}

/** Policies in the order of their activation. */
export interface PoliciesTable {
	readonly n: Generated<number>;
	readonly hash: Uint8Array;
	/** JSON of the table, without its hash. */
	readonly body: string;
	readonly activated_at_ms: number;
}

/** Every table of the store, for the query builder. */
export interface StoreSchema {
	readonly meta: MetaTable;
	readonly drivers: DriversTable;
	readonly ratings: RatingsTable;
	readonly vehicles: VehiclesTable;
	readonly duties: DutiesTable;
	readonly lights: LightsTable;
	readonly entries: EntriesTable;
	readonly observed: ObservedTable;
	readonly pulls: PullsTable;
	readonly held_changes: HeldChangesTable;
	readonly changes: ChangesTable;
	readonly change_history: ChangesTable;
	readonly policies: PoliciesTable;
	readonly pull_pages: PullPagesTable;
	readonly pull_facts: PullFactsTable;
}
