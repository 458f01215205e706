import {
	type Compilable,
	DummyDriver,
	Kysely,
	type RawBuilder,
	SqliteAdapter,
	SqliteIntrospector,
	SqliteQueryCompiler,
	sql,
} from "kysely";
import type Database from "libsql";
import { CodedError } from "../../protocol/wire/errors.ts";
import type { StoreSchema } from "./schema.ts";

/** What SQLite holds in one cell. */
export type Cell = string | number | Uint8Array | null;

/**
 * Builds queries, runs none: building one costs 30-80 us, so each is compiled once at the opening and its prepared statement is
 * run as often as needed. Another SQL database takes the same queries with its own compiler here.
 */
export const builder = new Kysely<StoreSchema>({
	dialect: {
		createAdapter: () => new SqliteAdapter(),
		createDriver: () => new DummyDriver(),
		createIntrospector: (db) => new SqliteIntrospector(db),
		createQueryCompiler: () => new SqliteQueryCompiler(),
	},
});

/** Stands in a query where a value of the row called `name` goes. */
class Hole {
	readonly name: string;
	constructor(name: string) {
		this.name = name;
	}
}

/** A place to fill, by name, at each run of a compiled query. */
export const hole = <T extends Cell>(name: string): RawBuilder<T> => sql<T>`${new Hole(name)}`;

/** The holes of all columns named, for `values(...)`: each is called like its column. */
export function holes<Names extends readonly string[]>(...names: Names): Record<Names[number], RawBuilder<never>> {
	return Object.fromEntries(names.map((name) => [name, hole(name)])) as unknown as Record<
		Names[number],
		RawBuilder<never> // `never` fits each column's type; what is bound is checked by the writer's own row type.
	>;
}

/** Runs a compiled write with the values of `row`, each at its hole; answers how many rows it touched. */
export type Write<Row> = (row: Row) => number;

/** Prepares a write whose holes are named after the fields of `Row`. */
export function prepareWrite<Row extends object>(db: Database.Database, query: Compilable): Write<Row> {
	const compiled = query.compile();
	const statement = db.prepare(compiled.sql);
	const names = compiled.parameters.map((parameter) => (parameter instanceof Hole ? parameter.name : null));
	const fixed = compiled.parameters as readonly Cell[];
	return (row) => {
		const values = row as Readonly<Record<string, Cell | undefined>>;
		const bound: Cell[] = [];
		for (let i = 0; i < names.length; i++) {
			const name = names[i] ?? null;
			const value = name === null ? fixed[i] : values[name];
			if (value === undefined) throw missing(name);
			bound.push(value);
		}
		return statement.run(bound).changes;
	};
}

/** Runs a compiled select and gives each row as an array of cells, in the order of its columns: half the cost of objects. */
export function readRows(db: Database.Database, query: Compilable): readonly Cell[][] {
	const compiled = query.compile();
	return db.prepare(compiled.sql).raw().all(compiled.parameters) as Cell[][];
}

const missing = (name: string | null): CodedError =>
	new CodedError("store-refused", `A value to be stored is missing: ${name ?? "a fixed one"}.`, {
		fault: "internal",
		next: "Report this with the log's lines; the store is unchanged.",
	});
