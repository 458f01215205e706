/** Counters by code. The codes are ours, so there are few. */
export class Counters {
	private readonly counts = new Map<string, number>();

	add(code: string): void {
		this.counts.set(code, (this.counts.get(code) ?? 0) + 1);
	}

	view(): Readonly<Record<string, number>> {
		return Object.fromEntries([...this.counts].sort(([a], [b]) => (a < b ? -1 : 1)));
	}
}
