import type Database from "libsql";
import type { Stage } from "../core/pull/types.ts";
import type { JsonRow } from "../core/ratings/json-row.ts";
import { builder, hole, holes, prepareWrite, readRows, type Write } from "./query.ts";
import type { PullFactsTable, PullPagesTable } from "./schema.ts";

/** The stage of a pull and whose it is: a list of another address, or read by other rules, is not gone on with. */
export interface StoredStage {
	readonly stage: Stage;
	/** Hash of the address; differs = throw away. */
	readonly context: string;
	/** Unix milliseconds of its first page. */
	readonly beganAt: number;
	/** Size of all pages as stored, in characters. */
	readonly characters: number;
}

/** A list that became a pull. */
export interface TakenList {
	/** Hash of the address and of what the rows are judged by. */
	readonly context: string;
	readonly etag: string | null;
	/** SHA-256 of its rows, hex. */
	readonly contentHash: string;
	/** Id of the pull. */
	readonly pull: string;
	/** Some row becomes right by waiting: its date is in the future. */
	readonly waiting: boolean;
}

/** What became of the last pull; told after a restart too. */
export interface LastPull {
	/** Unix milliseconds. */
	readonly at: number;
	readonly outcome: "applied" | "held" | "unchanged" | "failed";
	/** Of a failed one. */
	readonly failure: { readonly code: string; readonly message: string; readonly next: string } | null;
	/** Unix milliseconds of the last one that did not fail. */
	readonly goodAt: number | null;
	/** The list taken last, and the pull that it became; it is not asked for again while nothing else changed. */
	readonly taken: TakenList | null;
}

/** What a pull keeps while it runs. Each call is one durable transaction. */
export interface PullStage {
	load(): StoredStage | null;
	/** The rows of all pages in order, page by page. */
	pages(): Iterable<readonly JsonRow[]>;
	/** Adds the newest page of `stored.stage` and the stage with it. */
	add(stored: StoredStage, rows: string): void;
	clear(): void;
	last(): LastPull | null;
	setLast(last: LastPull): void;
	/** `setLast` and `clear` in one: the list was taken. */
	finish(last: LastPull): void;
}

/** As kept: the pages have a table of their own. */
type StoredFact = Omit<StoredStage, "stage"> & { readonly stage: Omit<Stage, "pages"> };

type Transaction = <T>(work: () => T) => T;

/** The stage in the depot's own store: one file, one lock, one way of being durable. */
export class SqlitePullStage implements PullStage {
	private readonly db: Database.Database;
	private readonly transaction: Transaction;
	private readonly putPage: Write<PullPagesTable>;
	private readonly putFact: Write<PullFactsTable>;
	private readonly dropPages: Write<object>;
	private readonly dropFact: Write<{ readonly name: string }>;

	/** `transaction` runs work all or not, durable, and throws the store's coded errors. */
	constructor(db: Database.Database, transaction: Transaction) {
		this.db = db;
		this.transaction = transaction;
		this.putPage = prepareWrite(
			db,
			builder.insertInto("pull_pages").values(holes("n", "cursor", "digest", "rows") as never), // each column its hole
		);
		this.putFact = prepareWrite(
			db,
			builder
				.insertInto("pull_facts")
				.values(holes("name", "value") as never) // each column its hole
				.onConflict((c) => c.column("name").doUpdateSet((eb) => ({ value: eb.ref("excluded.value") }))),
		);
		this.dropPages = prepareWrite(db, builder.deleteFrom("pull_pages"));
		this.dropFact = prepareWrite(db, builder.deleteFrom("pull_facts").where("name", "=", hole<never>("name")));
	}

	load(): StoredStage | null {
		const stored = this.fact<StoredFact>("stage");
		if (stored === null) return null;
		const query = builder.selectFrom("pull_pages").select(["cursor", "digest"]).orderBy("n");
		const pages = readRows(this.db, query).map(([cursor, digest]) => ({
			cursor: cursor == null ? null : String(cursor),
			digest: String(digest),
		}));
		return { ...stored, stage: { ...stored.stage, pages } };
	}

	*pages(): Iterable<readonly JsonRow[]> {
		const count = this.load()?.stage.pages.length ?? 0;
		for (let n = 0; n < count; n++) {
			const page = builder.selectFrom("pull_pages").select("rows").where("n", "=", n);
			yield JSON.parse(String(readRows(this.db, page)[0]?.[0] ?? "[]")) as JsonRow[]; // as `add` wrote it
		}
	}

	add(stored: StoredStage, rows: string): void {
		const n = stored.stage.pages.length - 1;
		const page = stored.stage.pages[n];
		if (page === undefined) return;
		this.transaction(() => {
			if (n === 0) this.dropPages({});
			this.putPage({ n, ...page, rows });
			const { pages: _inTheirOwnTable, ...stage } = stored.stage;
			const fact: StoredFact = { ...stored, stage };
			this.putFact({ name: "stage", value: JSON.stringify(fact) });
		});
	}

	clear(): void {
		this.transaction(() => this.drop());
	}

	last(): LastPull | null {
		return this.fact("last");
	}

	setLast(last: LastPull): void {
		this.transaction(() => this.putFact({ name: "last", value: JSON.stringify(last) }));
	}

	finish(last: LastPull): void {
		this.transaction(() => {
			this.drop();
			this.putFact({ name: "last", value: JSON.stringify(last) });
		});
	}

	private drop(): void {
		this.dropPages({});
		this.dropFact({ name: "stage" });
	}

	private fact<T>(name: PullFactsTable["name"]): T | null {
		const row = readRows(this.db, builder.selectFrom("pull_facts").select("value").where("name", "=", name))[0];
		return row === undefined ? null : (JSON.parse(String(row[0])) as T); // as `putFact` wrote it
	}
}
