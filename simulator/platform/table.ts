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

const dayOf = (at: number): string => new Date(at + SHANGHAI_MS).toISOString().slice(0, 10);
const gradeOf = (score: number): PlatformRow["grade"] => BANDS.find(([, least]) => score >= least)?.[0] ?? "B";

/** A rating list that changes from snapshot to snapshot, the same for the same seed and the same instants. */
export class PlatformTable {
	private readonly random: Prng;
	private readonly kept: PlatformSnapshot[] = [];
	private made = 0;
	private nextDriver = 1;

	/** `rows` given: begins with those in place of invented ones. */
	constructor(random: Prng, drivers: number, at: UnixMs, rows: readonly PlatformRow[] | null = null) {
		this.random = random;
		const first = rows ?? Array.from({ length: drivers }, () => this.driver(at - 60 * DAY_MS));
		this.keep(first, at);
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
		const certificate = `4104${String(this.nextDriver++).padStart(15, "0")}`;
		return { certificate, ...this.assessment(), period: "2025年度", asOf: dayOf(at) };
	}

	private assessment(): Pick<PlatformRow, "grade" | "score"> {
		if (this.random.chance(0.03)) return { grade: "未评定", score: null };
		// Most drivers are good ones.
		const score = this.random.chance(0.7) ? this.random.int(20, 30) : this.random.int(0, 19);
		return { grade: gradeOf(score), score };
	}
}
