import { type UnixMs, unixMs } from "../../protocol/wire/units.ts";
import type { Prng } from "../random/prng.ts";

/** A driver as the platform has it. */
export interface PlatformRow {
	readonly certificate: string;
	readonly grade: "AAA" | "AA" | "A" | "B" | "未评定";
	readonly score: number | null;
	readonly period: string;
	/** Day of the assessment, `2026-01-15`. */
	readonly asOf: string;
}

/** A picture of the whole list; never changes once it is made. */
export interface PlatformSnapshot {
	readonly id: string;
	readonly asOf: UnixMs;
	readonly rows: readonly PlatformRow[];
}

/** What a table needs to go on after a restart. */
export interface TableState {
	/** Snapshots made so far: a name is never given to a second list. */
	readonly made: number;
	/** Invented drivers so far. */
	readonly invented: number;
	/** The newest snapshots, oldest first; at least one. */
	readonly kept: readonly PlatformSnapshot[];
}

/** A driver assessed anew; `score` null = not rated. */
export interface Assessment {
	readonly certificate: string;
	readonly score: number | null;
}

/** Least score of each grade, as the ministry's measure bands them. */
const BANDS = [
	["AAA", 20],
	["AA", 11],
	["A", 4],
	["B", 0],
] as const;
const DAY_MS = 86_400_000;
const SHANGHAI_MS = 8 * 3600 * 1000;
/** Snapshots whose pages can still be asked for. */
const KEPT = 8;
export const MOST_SCORE = 30;

/** The day in China, `2026-01-15`. */
export const dayOf = (at: number): string => new Date(at + SHANGHAI_MS).toISOString().slice(0, 10);
const gradeOf = (score: number): PlatformRow["grade"] => BANDS.find(([, least]) => score >= least)?.[0] ?? "B";
const graded = (score: number | null): Pick<PlatformRow, "grade" | "score"> => ({
	grade: score === null ? "未评定" : gradeOf(score),
	score,
});

/** A rating list that changes from snapshot to snapshot, the same for the same seed and the same instants. */
export class PlatformTable {
	private readonly random: Prng;
	private readonly kept: PlatformSnapshot[] = [];
	private made = 0;
	private invented = 0;

	/** `rows` given: begins with those in place of invented ones. `left` given: goes on where that table was. */
	constructor(
		random: Prng,
		drivers: number,
		at: UnixMs,
		rows: readonly PlatformRow[] | null = null,
		left: TableState | null = null,
	) {
		this.random = left === null ? random : random.split(`after ${left.made}`);
		if (left !== null) {
			this.made = left.made;
			this.invented = left.invented;
			this.kept.push(...left.kept);
			return;
		}
		const first = rows ?? Array.from({ length: drivers }, () => this.driver(at - 60 * DAY_MS));
		this.keep(first, at);
	}

	state(): TableState {
		return { made: this.made, invented: this.invented, kept: [...this.kept] };
	}

	/** The present list under a new name; the cursors of all names before are unknown from now on. */
	rename(at: UnixMs): PlatformSnapshot {
		const { rows } = this.newest;
		this.kept.length = 0;
		return this.keep(rows, at);
	}

	/** Makes the next snapshot with these assessments; null = a driver who is not on the list, and nothing changes. */
	assess(assessments: readonly Assessment[], at: UnixMs): PlatformSnapshot | null {
		const news = new Map(assessments.map((a) => [a.certificate, a.score]));
		const rows = this.newest.rows.map((row) => {
			const score = news.get(row.certificate);
			return score === undefined || !news.delete(row.certificate) ? row : { ...row, ...graded(score), asOf: dayOf(at) };
		});
		return news.size > 0 ? null : this.keep(rows, at);
	}

	get newest(): PlatformSnapshot {
		return this.kept.at(-1) as PlatformSnapshot; // the constructor keeps one
	}

	/** The one before the newest, as a platform restored from a backup would have it; the newest where there is none. */
	get older(): PlatformSnapshot {
		return this.kept.at(-2) ?? this.newest;
	}

	find(id: string): PlatformSnapshot | null {
		return this.kept.find((snapshot) => snapshot.id === id) ?? null;
	}

	/** Makes the next snapshot: about one driver in twenty assessed anew, now and then one more or one less. */
	advance(at: UnixMs): PlatformSnapshot {
		const rows = this.newest.rows.map((row) =>
			this.random.chance(0.05) ? { ...row, ...this.assessment(), asOf: dayOf(at) } : row,
		);
		if (this.random.chance(0.3)) rows.push(this.driver(at));
		if (rows.length > 1 && this.random.chance(0.3)) rows.splice(this.random.int(0, rows.length - 1), 1);
		return this.keep(rows, at);
	}

	private keep(rows: readonly PlatformRow[], at: UnixMs): PlatformSnapshot {
		const snapshot = { id: `s${++this.made}`, asOf: unixMs(at), rows };
		this.kept.push(snapshot);
		if (this.kept.length > KEPT) this.kept.shift();
		return snapshot;
	}

	private driver(at: number): PlatformRow {
		const certificate = `4104${String(++this.invented).padStart(15, "0")}`;
		return { certificate, ...this.assessment(), period: "2025年度", asOf: dayOf(at) };
	}

	private assessment(): Pick<PlatformRow, "grade" | "score"> {
		if (this.random.chance(0.03)) return graded(null);
		// Most drivers are good ones.
		return graded(this.random.chance(0.7) ? this.random.int(20, MOST_SCORE) : this.random.int(0, 19));
	}
}
