import type {
	ChangesTable,
	DriversTable,
	DutiesTable,
	EntriesTable,
	HeldChangesTable,
	LightsTable,
	MetaTable,
	ObservedTable,
	PoliciesTable,
	PullsTable,
	RatingsTable,
	VehiclesTable,
} from "./schema.ts";

/** A pull's row as written: its place in the order comes from the table. */
export type PullRow = Omit<PullsTable, "n">;
/** The same of a policy. */
export type PolicyRow = Omit<PoliciesTable, "n">;

/** Columns of each table in the order in which writes name them and reads give them. */
export const META: readonly (keyof MetaTable)[] = [
	"id",
	"fleet",
	"epoch",
	"epoch_taken_at",
	"stored_time",
	"notice_epoch",
	"notice_bytes",
	"blank_due",
	"named_above",
	"next_driver",
	"next_vehicle",
	"next_duty",
	"next_pull",
];
export const RATING: readonly (keyof RatingsTable)[] = ["driver", "grade", "score", "period", "as_of", "pull"];
export const VEHICLE: readonly (keyof VehiclesTable)[] = [
	"key",
	"plate",
	"plate_colour",
	"company",
	"terminal",
	"main",
	"deputy",
];
export const ENTRY: readonly (keyof EntriesTable)[] = [
	"light",
	"epoch",
	"seq",
	"stars",
	"driver",
	"issued_at",
	"not_after",
	"lease_s",
	"resumes",
	"resume_s",
	"as_of",
	"policy",
	"trace",
	"ask",
	"signed",
];
export const OBSERVED: readonly (keyof ObservedTable)[] = [
	"light",
	"session",
	"counter",
	"ask",
	"shown",
	"pattern",
	"sensed",
	"epoch",
	"seq",
	"grant",
	"as_of",
	"lease_left_s",
	"resumes_left",
	"keys_version",
	"notice_epoch",
	"refused",
	"lamps",
	"heard_at_ms",
];
export const PULL: readonly (keyof PullRow)[] = [
	"id",
	"source",
	"name",
	"content_hash",
	"at_ms",
	"row_count",
	"accepted",
	"quarantined",
	"status",
	"added",
	"changed",
	"removed",
	"lowered",
	"held_for",
	"as_of",
];
export const DRIVER: readonly (keyof DriversTable)[] = ["key", "certificate"];
export const DUTY: readonly (keyof DutiesTable)[] = ["id", "vehicle", "driver", "from_ms", "until_ms"];
export const LIGHT: readonly (keyof LightsTable)[] = ["light", "public_key", "vehicle"];
export const HELD: readonly (keyof HeldChangesTable)[] = ["pull", "changes"];
export const CHANGE: readonly (keyof ChangesTable)[] = [
	"light",
	"n",
	"before",
	"trace",
	"vehicle",
	"driver",
	"stars",
	"reason",
	"as_of",
	"pull",
	"duty",
	"policy",
	"opened_at_ms",
	"end_what",
	"end_by",
	"end_at_ms",
];
export const POLICY: readonly (keyof PolicyRow)[] = ["hash", "body", "activated_at_ms"];
