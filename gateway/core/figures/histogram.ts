/** A histogram as it stands: `counts[i]` values were at most `bounds[i]` and more than the bound before; the last count has no bound. */
export interface HistogramView {
	readonly bounds: readonly number[];
	readonly counts: readonly number[];
	readonly sum: number;
	readonly count: number;
}

/** Counts values into fixed buckets: its size does not depend on how many came. */
export class Histogram {
	private readonly bounds: readonly number[];
	private readonly counts: number[];
	private sum = 0;
	private count = 0;

	/** `bounds` ascending; values are in their unit. */
	constructor(bounds: readonly number[]) {
		this.bounds = bounds;
		this.counts = Array.from({ length: bounds.length + 1 }, () => 0);
	}

	observe(value: number): void {
		const place = this.bounds.findIndex((bound) => value <= bound);
		const at = place < 0 ? this.bounds.length : place;
		this.counts[at] = (this.counts[at] ?? 0) + 1;
		this.sum += value;
		this.count += 1;
	}

	view(): HistogramView {
		return { bounds: this.bounds, counts: [...this.counts], sum: this.sum, count: this.count };
	}
}
