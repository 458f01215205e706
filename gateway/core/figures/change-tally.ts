import type { EndWord, StarChange } from "../model.ts";
import { Histogram, type HistogramView } from "./histogram.ts";

/** Every word with which a change may end. */
export const END_WORDS: readonly EndWord[] = [
	"shown",
	"refused",
	"acked",
	"expired",
	"superseded",
	"not-due",
	"revoked",
];

/** From the best case of one box to a lease: seconds. */
export const CONVERGENCE_BOUNDS_S = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800, 3600, 21_600];

/** How changes ended since the core was built, and how long those took that were shown. */
export class ChangeTally {
	private readonly ends = new Map<EndWord, number>();
	private readonly convergence = new Histogram(CONVERGENCE_BOUNDS_S);

	/** The change has just got its end. One that expired and is shown after all counts under both words: both were true. */
	ended({ openedAt, end }: StarChange): void {
		if (end === null) return;
		this.ends.set(end.what, (this.ends.get(end.what) ?? 0) + 1);
		// A wall clock that was put back meanwhile must not make a negative duration.
		if (end.what === "shown") this.convergence.observe(Math.max(0, end.at - openedAt) / 1000);
	}

	view(): { readonly ends: Readonly<Record<EndWord, number>>; readonly convergenceS: HistogramView } {
		const ends = Object.fromEntries(END_WORDS.map((word) => [word, this.ends.get(word) ?? 0]));
		return { ends: ends as Record<EndWord, number>, convergenceS: this.convergence.view() };
	}
}
