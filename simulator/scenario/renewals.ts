import type { LightReport } from "../../protocol/wire/messages.ts";
import type { LightId } from "../../protocol/wire/units.ts";
import { MAX_AGE_DAYS, START_UNIX_S } from "./setup.ts";
import type { Truth } from "./truth.ts";

const DAY_S = 86_400;
/** An answer is awaited for 10 s at most, a slow disk and a pause come on top. */
const RENEWED_WITHIN_MS = 20_000;
/** Well below half: what is rounded on the way does not count. */
const ROUNDED_S = 5;

interface Due {
	readonly untilMs: number;
	readonly plate: string;
	readonly stars: number;
}

/** Leases that a running depot has heard to be low: each must be renewed before long, or a star that is due goes dark. */
export class Renewals {
	private readonly due = new Map<LightId, Due>();
	private readonly leaseS: number;

	constructor(leaseS: number) {
		this.leaseS = leaseS;
	}

	/** The newest state of a light reached a depot that may sign. */
	heard(report: LightReport, plate: string, truth: Truth, depotS: number, nowMs: number): void {
		const { light, shown, pattern, leaseLeftS } = report;
		const driver = truth.driverOn(plate);
		const row = driver == null ? null : truth.rating(driver);
		// By whichever clock is ahead: shortly before a rating is too old a new grant would not last longer.
		const latestS = Math.max(depotS, START_UNIX_S + nowMs / 1000);
		const ages = row === null || row.asOf + MAX_AGE_DAYS * DAY_S < latestS + 2 * this.leaseS;
		const owed = truth.owed(plate, depotS, depotS + 1);
		const low = leaseLeftS !== undefined && leaseLeftS < this.leaseS / 2 - ROUNDED_S;
		if (pattern !== "stars" || !low || ages || owed.size !== 1 || !owed.has(shown)) this.due.delete(light);
		else if (!this.due.has(light)) this.due.set(light, { untilMs: nowMs + RENEWED_WITHIN_MS, plate, stars: shown });
	}

	isEmpty(): boolean {
		return this.due.size === 0;
	}

	signed(light: LightId): void {
		this.due.delete(light);
	}

	/** The process died or its store failed: it starts anew from what it hears next. */
	reset(): void {
		this.due.clear();
	}

	/** Its clock is not trusted, so it may not sign: it has its time from when it may again. */
	postpone(nowMs: number): void {
		for (const [light, due] of this.due) this.due.set(light, { ...due, untilMs: nowMs + RENEWED_WITHIN_MS });
	}

	/** A light that should have been renewed by now and for which the same stars are still owed; it is named once. */
	late(truth: Truth, depotS: number, nowMs: number): LightId | null {
		for (const [light, { untilMs, plate, stars }] of this.due) {
			if (nowMs < untilMs) continue;
			this.due.delete(light);
			const owed = truth.owed(plate, depotS, depotS + 1);
			if (owed.size === 1 && owed.has(stars as 0)) return light;
		}
		return null;
	}
}
