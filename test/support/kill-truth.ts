import type { RatedRow } from "../../gateway/core/types.ts";
import type { Stars } from "../../protocol/wire/units.ts";
import { makeTruth, starsOf, type Truth } from "../../simulator/fleet/truth.ts";
import type { PlatformRow } from "../../simulator/platform/table.ts";

/** What each taxi owes by what was asked for and confirmed, and what its glass may show at all meanwhile. */
export class KillTruth {
	private readonly rows = new Map<string, PlatformRow>();
	private readonly nowS: () => number;
	private readonly plates: readonly string[];
	private duty: Truth;
	private onDuty = new Map<string, string>();
	/** Since the trial before this one began: who may have been on duty where, and stars that each driver may have been owed. */
	private mayDrive = new Map<string, Set<string>>();
	private mayBeOwed = new Map<string, Set<Stars>>();
	private before: ReadonlyMap<string, ReadonlySet<Stars>> = new Map();

	constructor(rows: readonly PlatformRow[], plates: readonly string[], nowS: () => number) {
		for (const row of rows) this.rows.set(row.certificate, row);
		this.plates = plates;
		this.nowS = nowS;
		this.duty = makeTruth([...this.rows.values()].map(ratedOf), nowS);
		this.begin();
	}

	/** The list that the platform confirmed. */
	list(): readonly PlatformRow[] {
		return [...this.rows.values()];
	}

	due(plate: string): Stars {
		return this.duty.due(plate);
	}

	/** A trial begins; everything is right. What the one before allowed stays allowed: orders may come late. */
	begin(): void {
		this.before = new Map(this.plates.map((plate) => [plate, this.allowedNow(plate)]));
		this.mayBeOwed = new Map(this.list().map((row) => [row.certificate, new Set([this.owed(row)])]));
		this.mayDrive = new Map(this.plates.map((plate) => [plate, new Set(this.driverOf(plate))]));
	}

	/** Whether the glass may show this: neutral always, else only what somebody who may be on duty there may be owed. */
	allows(plate: string, stars: Stars): boolean {
		return this.allowedNow(plate).has(stars) || this.before.get(plate)?.has(stars) === true;
	}

	/** About to be asked for. */
	triesSignIn(plate: string, certificate: string): void {
		this.mayDrive.get(plate)?.add(certificate);
	}
	triesScore(certificate: string, score: number | null): void {
		const row = this.rows.get(certificate);
		if (row !== undefined) this.mayBeOwed.get(certificate)?.add(this.owed({ ...row, ...graded(score) }));
	}

	signIn(plate: string, certificate: string): void {
		this.duty.signIn(plate, certificate);
		for (const [other, driver] of this.onDuty) if (driver === certificate) this.onDuty.delete(other);
		this.onDuty.set(plate, certificate);
	}
	signOut(plate: string, certificate: string): void {
		this.duty.signOut(plate, certificate);
		if (this.onDuty.get(plate) === certificate) this.onDuty.delete(plate);
	}

	/** The platform confirmed this score. */
	rate(certificate: string, score: number | null): void {
		const row = this.rows.get(certificate);
		if (row === undefined) return;
		this.rows.set(certificate, { ...row, ...graded(score) });
		this.duty = makeTruth(this.list().map(ratedOf), this.nowS);
		for (const [plate, driver] of this.onDuty) this.duty.signIn(plate, driver);
	}

	private driverOf(plate: string): string[] {
		const driver = this.onDuty.get(plate);
		return driver === undefined ? [] : [driver];
	}

	private owed(row: PlatformRow): Stars {
		return starsOf(ratedOf(row), this.nowS());
	}

	private allowedNow(plate: string): Set<Stars> {
		const allowed = new Set<Stars>([0]);
		for (const driver of this.mayDrive.get(plate) ?? [])
			for (const stars of this.mayBeOwed.get(driver) ?? []) allowed.add(stars);
		return allowed;
	}
}

/** Grades by the ministry's bands, in this judge's own words. */
function graded(score: number | null): Pick<PlatformRow, "grade" | "score"> {
	if (score === null) return { grade: "未评定", score };
	return { grade: score >= 20 ? "AAA" : score >= 11 ? "AA" : score >= 4 ? "A" : "B", score };
}

const ratedOf = (row: PlatformRow): RatedRow => ({
	row: 1,
	certificate: row.certificate,
	grade: row.grade === "未评定" ? "unrated" : row.grade,
	score: row.score,
	period: row.period,
	// To the second is not asked: only ratings older than the limit owe nothing, and these are young.
	asOf: Math.floor(Date.parse(`${row.asOf}T00:00:00+08:00`) / 1000) as RatedRow["asOf"],
});
