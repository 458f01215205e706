import type { Command, FleetRow, RatedRow } from "../../gateway/core/types.ts";
import { unixSeconds } from "../../protocol/wire/units.ts";

/** Two scores that owe different stars: each round gives every driver the other one. */
export const SCORES = { five: 20, four: 15 } as const;
export type Owed = keyof typeof SCORES;
export const starsOf = (owed: Owed): 4 | 5 => (owed === "five" ? 5 : 4);
export const other = (owed: Owed): Owed => (owed === "five" ? "four" : "five");

const pad = (n: number): string => String(n).padStart(6, "0");
/** 19 digits that count up: nobody's number. */
export const certificateOf = (n: number): string => `4104000011024${pad(n + 1)}`;
export const plateOf = (n: number): string => `豫DD${String(10_000 + n).padStart(5, "0")}`;

const fleetRow = (n: number): FleetRow => ({
	row: n + 1,
	plate: plateOf(n),
	plateColour: 5,
	company: "示例出租汽车有限公司",
	terminal: "",
	main: certificateOf(n),
	deputy: "",
});

/** An invented fleet: one driver a vehicle. */
export const fleetImport = (count: number): Command => ({
	what: "fleet-import",
	rows: Array.from({ length: count }, (_, n) => fleetRow(n)),
	dryRun: false,
});

/** Whole rating lists of that fleet, as a bureau sends them: every driver in each. */
export class Ratings {
	private readonly owed: Owed[];
	private readonly asOf: number;
	private serial = 0;

	/** @param nowS unix seconds */
	constructor(count: number, nowS: number) {
		this.owed = new Array<Owed>(count).fill("four");
		this.asOf = nowS - 30 * 86_400;
	}

	get count(): number {
		return this.owed.length;
	}

	/** What a driver's light owes by the newest list. */
	of(n: number): Owed {
		return this.owed[n] ?? "four";
	}

	/** The list in which every driver has this. */
	all(owed: Owed): Command {
		this.owed.fill(owed);
		return this.list();
	}

	/** The list in which one driver has the other score. */
	swapOne(n: number): Command {
		this.owed[n] = other(this.of(n));
		return this.list();
	}

	private list(): Command {
		const accepted = this.owed.map((owed, n) => this.row(owed, n));
		const contentHash = (++this.serial).toString(16).padStart(64, "0");
		const about = { source: "csv", name: "list.csv", contentHash, rows: accepted.length };
		return { what: "ratings-pull", ...about, accepted, quarantined: [] };
	}

	private row(owed: Owed, n: number): RatedRow {
		const grade = owed === "five" ? "AAA" : "AA";
		return {
			row: n + 1,
			certificate: certificateOf(n),
			grade,
			score: SCORES[owed],
			period: "2026年度",
			asOf: unixSeconds(this.asOf),
		};
	}
}
