import type { RatedRow } from "../../gateway/core/types.ts";
import type { Stars } from "../../protocol/wire/units.ts";
import { starsOf } from "./star-table.ts";

/** Who is signed in, by plate; null = nobody. */
export type DutyPicture = ReadonlyMap<string, string | null>;

/** A call on its way: what will be true once it has been answered. Until then both are. */
interface PendingDuty {
	readonly id: number;
	readonly change: DutyPicture;
}

/** A copy of the truth, kept beside a copy of the store. */
export interface TruthCopy {
	readonly duty: DutyPicture;
	readonly ratings: ReadonlyMap<string, RatedRow>;
	readonly held: ReadonlyMap<string, ReadonlyMap<string, RatedRow | null>>;
}

/**
 * The simulator's own truth: what callers were told is accepted, and nothing that the gateway believes. While a call is on its
 * way, the state before and the state after are both right.
 */
export class Truth {
	private duty = new Map<string, string | null>();
	private ratings = new Map<string, RatedRow>();
	private held = new Map<string, ReadonlyMap<string, RatedRow | null>>();
	private readonly pending = new Map<number, PendingDuty>();
	private pendingRatings: ReadonlyMap<string, RatedRow | null> | null = null;
	private readonly maxAgeDays: number;
	private calls = 0;

	constructor(plates: readonly string[], maxAgeDays: number) {
		for (const plate of plates) this.duty.set(plate, null);
		this.maxAgeDays = maxAgeDays;
	}

	/** The driver who is surely on duty there; undefined while a call about it is on its way. */
	driverOn(plate: string): string | null | undefined {
		return this.isOpen(plate) ? undefined : (this.duty.get(plate) ?? null);
	}

	/** The plate on which a driver is on duty, as far as it is settled; null = none. */
	plateOf(certificate: string): string | null {
		for (const [plate, driver] of this.duty) if (driver === certificate) return plate;
		return null;
	}

	isOpen(plate: string): boolean {
		for (const p of this.pending.values()) if (p.change.has(plate)) return true;
		return false;
	}

	/** Drivers that the open calls about a plate name. */
	openDrivers(plate: string): ReadonlySet<string | null> {
		const out = new Set<string | null>();
		for (const p of this.pending.values()) {
			const driver = p.change.get(plate);
			if (driver !== undefined) out.add(driver);
		}
		return out;
	}

	anyOpen(): boolean {
		return this.pending.size > 0 || this.pendingRatings !== null;
	}

	/** A sign-in, swap or sign-out is on its way; `settleDuty` ends it. */
	openDuty(change: DutyPicture): number {
		const id = ++this.calls;
		this.pending.set(id, { id, change });
		return id;
	}

	settleDuty(id: number, applied: boolean): void {
		const pending = this.pending.get(id);
		this.pending.delete(id);
		if (applied) for (const [plate, driver] of pending?.change ?? []) this.duty.set(plate, driver);
	}

	rating(certificate: string): RatedRow | null {
		return this.ratings.get(certificate) ?? null;
	}

	allRatings(): ReadonlyMap<string, RatedRow> {
		return this.ratings;
	}

	ratingsOpen(): boolean {
		return this.pendingRatings !== null;
	}

	openRatings(changes: ReadonlyMap<string, RatedRow | null>): void {
		this.pendingRatings = changes;
	}

	settleRatings(applied: boolean): void {
		const changes = this.pendingRatings;
		this.pendingRatings = null;
		if (!applied) return;
		for (const [certificate, row] of changes ?? []) {
			if (row === null) this.ratings.delete(certificate);
			else this.ratings.set(certificate, row);
		}
	}

	/** What a change means, against the present ratings. */
	starsNow(certificate: string, nowS: number): Stars {
		return starsOf(this.rating(certificate), nowS, this.maxAgeDays);
	}

	/** A pull that waits for a person. */
	hold(pull: string, changes: ReadonlyMap<string, RatedRow | null>): void {
		this.held.set(pull, changes);
	}

	heldPulls(): ReadonlyMap<string, ReadonlyMap<string, RatedRow | null>> {
		return this.held;
	}

	dropHeld(pull: string): void {
		this.held.delete(pull);
	}

	/**
	 * Stars that may be owed on a plate at depot time `fromS` .. `toS` (unix seconds): more than one while a call is on its way or
	 * a rating comes of age in between.
	 */
	owed(plate: string, fromS: number, toS: number): ReadonlySet<Stars> {
		const drivers = new Set<string | null>([this.duty.get(plate) ?? null]);
		for (const p of this.pending.values()) {
			const next = p.change.get(plate);
			if (next !== undefined) drivers.add(next);
		}
		const out = new Set<Stars>();
		for (const driver of drivers) {
			for (const row of this.rowsOf(driver)) {
				out.add(starsOf(row, fromS, this.maxAgeDays));
				out.add(starsOf(row, toS, this.maxAgeDays));
			}
		}
		return out;
	}

	/** Newest as-of time that a grant for this plate may rest on: the ratings that its stars may come from. */
	rowsOn(plate: string): readonly (RatedRow | null)[] {
		const drivers = new Set<string | null>([this.duty.get(plate) ?? null]);
		for (const p of this.pending.values()) if (p.change.has(plate)) drivers.add(p.change.get(plate) ?? null);
		return [...drivers].flatMap((d) => this.rowsOf(d));
	}

	copy(): TruthCopy {
		return { duty: new Map(this.duty), ratings: new Map(this.ratings), held: new Map(this.held) };
	}

	/** An operator put an older copy of the store back: what came later is lost, and known to be. */
	restore(copy: TruthCopy): void {
		this.duty = new Map(copy.duty);
		this.ratings = new Map(copy.ratings);
		this.held = new Map(copy.held);
		this.pending.clear();
		this.pendingRatings = null;
	}

	private rowsOf(driver: string | null): readonly (RatedRow | null)[] {
		if (driver === null) return [null];
		const rows: (RatedRow | null)[] = [this.rating(driver)];
		const next = this.pendingRatings?.get(driver);
		if (next !== undefined) rows.push(next);
		return rows;
	}
}
