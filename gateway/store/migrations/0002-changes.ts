import { type CreateTableBuilder, type SchemaModule, sql } from "kysely";
import type { Migration } from "./migration.ts";

const strict = sql`strict`;
const byKey = sql`strict, without rowid`;

/** The columns of a change but its key. */
const changeColumns = <T extends string>(table: CreateTableBuilder<T>): CreateTableBuilder<T> =>
	table
		.addColumn("before", "integer")
		.addColumn("trace", "blob", (c) => c.notNull())
		.addColumn("vehicle", "text")
		.addColumn("driver", "text")
		.addColumn("stars", "integer", (c) => c.notNull().check(sql`stars between 0 and 5`))
		.addColumn("reason", "text", (c) => c.notNull())
		.addColumn("as_of", "integer", (c) => c.notNull())
		.addColumn("pull", "text")
		.addColumn("duty", "text")
		.addColumn("policy", "blob", (c) => c.notNull())
		.addColumn("opened_at_ms", "integer", (c) => c.notNull())
		.addColumn("end_what", "text")
		.addColumn("end_by", "text")
		.addColumn("end_at_ms", "integer") as CreateTableBuilder<T>;

const changeTables = (schema: SchemaModule) => [
	changeColumns(
		schema
			.createTable("changes")
			.addColumn("light", "text", (c) => c.primaryKey().notNull())
			.addColumn("n", "integer", (c) => c.notNull()),
	).modifyEnd(byKey),
	// Only ever appended to, in the order of `n`: a shift change of a whole fleet touches a few pages, not one a light.
	changeColumns(
		schema
			.createTable("change_history")
			.addColumn("n", "integer", (c) => c.primaryKey())
			.addColumn("light", "text", (c) => c.notNull()),
	).modifyEnd(strict),
];

/** Changes of stars from cause to end, activated policies, and the mark of a store that came back from a backup. */
export const changes: Migration = {
	version: 2,
	up: (schema) => [
		schema.alterTable("meta").addColumn("blank_due", "integer", (c) => c.notNull().defaultTo(0)),
		...changeTables(schema),
		schema
			.createTable("policies")
			.addColumn("n", "integer", (c) => c.primaryKey().autoIncrement())
			.addColumn("hash", "blob", (c) => c.notNull())
			.addColumn("body", "text", (c) => c.notNull())
			.addColumn("activated_at_ms", "integer", (c) => c.notNull())
			.modifyEnd(strict),
	],
};
