import { sql } from "kysely";
import type { Migration } from "./migration.ts";

/** Pages of a platform's snapshot kept until it is whole, what became of the last pull, and how old each pull's picture was. */
export const pullStage: Migration = {
	version: 3,
	up: (schema) => [
		schema.alterTable("pulls").addColumn("as_of", "integer"),
		schema
			.createTable("pull_pages")
			.addColumn("n", "integer", (c) => c.primaryKey())
			.addColumn("cursor", "text")
			.addColumn("digest", "text", (c) => c.notNull())
			.addColumn("rows", "text", (c) => c.notNull())
			.modifyEnd(sql`strict`),
		schema
			.createTable("pull_facts")
			.addColumn("name", "text", (c) => c.primaryKey().notNull())
			.addColumn("value", "text", (c) => c.notNull())
			.modifyEnd(sql`strict, without rowid`),
	],
};
