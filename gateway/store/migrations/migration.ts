import type { Compilable, SchemaModule } from "kysely";

/** One step forward of the schema. A step that was released never changes; there is no way back but the backup. */
export interface Migration {
	/** Steps count from 1 without gaps; the store's `user_version` is the newest one made. */
	readonly version: number;
	readonly up: (schema: SchemaModule) => readonly Compilable[];
}
