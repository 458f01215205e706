import { sql } from "kysely";
import type { Migration } from "./migration.ts";

/** Typed cells: a number in a text column is an error at once, not a surprise at the next load. */
const strict = sql`strict`;
/** The key is the table: half the pages for tables that are read whole and written by key. */
const byKey = sql`strict, without rowid`;

/** The store of the first version. */
export const initial: Migration = {
	version: 1,
	up: (schema) => [
		schema
			.createTable("meta")
			.addColumn("id", "integer", (c) => c.primaryKey().check(sql`id = 1`))
			.addColumn("fleet", "text", (c) => c.notNull())
			.addColumn("epoch", "integer", (c) => c.notNull())
			.addColumn("epoch_taken_at", "integer", (c) => c.notNull())
			.addColumn("stored_time", "integer", (c) => c.notNull())
			.addColumn("notice_epoch", "integer")
			.addColumn("notice_bytes", "blob")
			.addColumn("named_above", "text", (c) => c.notNull())
			.addColumn("next_driver", "integer", (c) => c.notNull())
			.addColumn("next_vehicle", "integer", (c) => c.notNull())
			.addColumn("next_duty", "integer", (c) => c.notNull())
			.addColumn("next_pull", "integer", (c) => c.notNull())
			.modifyEnd(strict),
		schema
			.createTable("drivers")
			.addColumn("key", "text", (c) => c.primaryKey().notNull())
			.addColumn("certificate", "text", (c) => c.notNull().unique())
			.modifyEnd(byKey),
		schema
			.createTable("ratings")
			.addColumn("driver", "text", (c) => c.primaryKey().notNull())
			.addColumn("grade", "text", (c) => c.notNull())
			.addColumn("score", "real")
			.addColumn("period", "text", (c) => c.notNull())
			.addColumn("as_of", "integer", (c) => c.notNull())
			.addColumn("pull", "text", (c) => c.notNull())
			.modifyEnd(byKey),
		schema
			.createTable("vehicles")
			.addColumn("key", "text", (c) => c.primaryKey().notNull())
			.addColumn("plate", "text", (c) => c.notNull())
			.addColumn("plate_colour", "integer", (c) => c.notNull())
			.addColumn("company", "text", (c) => c.notNull())
			.addColumn("terminal", "text", (c) => c.notNull())
			.addColumn("main", "text")
			.addColumn("deputy", "text")
			.modifyEnd(byKey),
		schema
			.createTable("duties")
			.addColumn("id", "text", (c) => c.primaryKey().notNull())
			.addColumn("vehicle", "text", (c) => c.notNull())
			.addColumn("driver", "text", (c) => c.notNull())
			.addColumn("from_ms", "integer", (c) => c.notNull())
			.addColumn("until_ms", "integer")
			.modifyEnd(byKey),
		// The history grows with every shift; a start reads only what is open.
		schema.createIndex("duties_open").on("duties").column("id").where(sql.ref("until_ms"), "is", null),
		// And the newest that ended, of each vehicle and driver.
		schema.createIndex("duties_of_vehicle").on("duties").columns(["vehicle", "until_ms"]),
		schema.createIndex("duties_of_driver").on("duties").columns(["driver", "until_ms"]),
		...lightTables(schema),
		...pullTables(schema),
	],
};

const lightTables: Migration["up"] = (schema) => [
	schema
		.createTable("lights")
		.addColumn("light", "text", (c) => c.primaryKey().notNull())
		.addColumn("public_key", "blob", (c) => c.notNull())
		.addColumn("vehicle", "text")
		.modifyEnd(byKey),
	schema
		.createTable("entries")
		.addColumn("light", "text", (c) => c.primaryKey().notNull())
		.addColumn("epoch", "integer", (c) => c.notNull())
		.addColumn("seq", "integer", (c) => c.notNull())
		.addColumn("stars", "integer", (c) => c.notNull().check(sql`stars between 0 and 5`))
		.addColumn("driver", "text")
		.addColumn("issued_at", "integer", (c) => c.notNull())
		.addColumn("not_after", "integer", (c) => c.notNull())
		.addColumn("lease_s", "integer", (c) => c.notNull())
		.addColumn("resumes", "integer", (c) => c.notNull())
		.addColumn("resume_s", "integer", (c) => c.notNull())
		.addColumn("as_of", "integer", (c) => c.notNull())
		.addColumn("policy", "blob", (c) => c.notNull())
		.addColumn("trace", "blob", (c) => c.notNull())
		.addColumn("ask", "blob")
		.addColumn("signed", "blob")
		.modifyEnd(byKey),
	schema
		.createTable("observed")
		.addColumn("light", "text", (c) => c.primaryKey().notNull())
		.addColumn("session", "integer", (c) => c.notNull())
		.addColumn("counter", "integer", (c) => c.notNull())
		.addColumn("ask", "blob", (c) => c.notNull())
		.addColumn("shown", "integer", (c) => c.notNull().check(sql`shown between 0 and 5`))
		.addColumn("pattern", "text", (c) => c.notNull())
		.addColumn("sensed", "integer", (c) => c.notNull())
		.addColumn("epoch", "integer", (c) => c.notNull())
		.addColumn("seq", "integer", (c) => c.notNull())
		.addColumn("grant", "blob")
		.addColumn("as_of", "integer")
		.addColumn("lease_left_s", "integer")
		.addColumn("resumes_left", "integer")
		.addColumn("keys_version", "integer")
		.addColumn("notice_epoch", "integer")
		.addColumn("refused", "text")
		.addColumn("lamps", "text")
		.addColumn("heard_at_ms", "integer", (c) => c.notNull())
		.modifyEnd(byKey),
];

const pullTables: Migration["up"] = (schema) => [
	schema
		.createTable("pulls")
		.addColumn("n", "integer", (c) => c.primaryKey().autoIncrement())
		.addColumn("id", "text", (c) => c.notNull().unique())
		.addColumn("source", "text", (c) => c.notNull())
		.addColumn("name", "text", (c) => c.notNull())
		.addColumn("content_hash", "text", (c) => c.notNull())
		.addColumn("at_ms", "integer", (c) => c.notNull())
		.addColumn("row_count", "integer", (c) => c.notNull())
		.addColumn("accepted", "integer", (c) => c.notNull())
		.addColumn("quarantined", "text", (c) => c.notNull())
		.addColumn("status", "text", (c) => c.notNull())
		.addColumn("added", "integer", (c) => c.notNull())
		.addColumn("changed", "integer", (c) => c.notNull())
		.addColumn("removed", "integer", (c) => c.notNull())
		.addColumn("lowered", "integer", (c) => c.notNull())
		.addColumn("held_for", "text", (c) => c.notNull())
		.modifyEnd(strict),
	schema
		.createTable("held_changes")
		.addColumn("pull", "text", (c) => c.primaryKey().notNull())
		.addColumn("changes", "text", (c) => c.notNull())
		.modifyEnd(strict),
];
