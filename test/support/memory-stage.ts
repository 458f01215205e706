import type { JsonRow } from "../../gateway/core/ratings/json-row.ts";
import type { LastPull, PullStage, StoredStage } from "../../gateway/store/pull-stage.ts";

/** A pull's stage in memory, for tests in virtual time. */
export class MemoryStage implements PullStage {
	private stored: StoredStage | null = null;
	private rows: string[] = [];
	private known: LastPull | null = null;
	load(): StoredStage | null {
		return this.stored;
	}
	pages(): Iterable<readonly JsonRow[]> {
		return this.rows.map((text) => JSON.parse(text) as JsonRow[]);
	}
	add(stored: StoredStage, rows: string): void {
		if (stored.stage.pages.length === 1) this.rows = [];
		this.stored = stored;
		this.rows.push(rows);
	}
	clear(): void {
		this.stored = null;
		this.rows = [];
	}
	last(): LastPull | null {
		return this.known;
	}
	setLast(last: LastPull): void {
		this.known = last;
	}
	finish(last: LastPull): void {
		this.clear();
		this.known = last;
	}
}
