interface Item<K> {
	readonly key: K;
	readonly at: number;
}

/**
 * Earliest deadline first: a binary heap with one place a key, so that what a light waits for costs the same whether there are ten
 * lights or ten thousand, and a deadline that moves leaves nothing behind.
 */
export class WakeQueue<K> {
	private readonly heap: Item<K>[] = [];
	private readonly places = new Map<K, number>();

	get size(): number {
		return this.heap.length;
	}

	/** Puts, moves or (null) removes the deadline of `key`. */
	set(key: K, at: number | null): void {
		const place = this.places.get(key);
		if (place === undefined) {
			if (at === null) return;
			this.heap.push({ key, at });
			this.places.set(key, this.heap.length - 1);
			this.rise(this.heap.length - 1);
		} else if (at === null) {
			this.remove(place);
		} else if (this.at(place) !== at) {
			this.heap[place] = { key, at };
			this.rise(place);
			this.sink(this.places.get(key) ?? place);
		}
	}

	/** The earliest deadline, or null. */
	next(): number | null {
		return this.heap[0]?.at ?? null;
	}

	/** Takes out the earliest key whose deadline is at or before `now`, or null. */
	takeDue(now: number): K | null {
		const top = this.heap[0];
		if (top === undefined || top.at > now) return null;
		this.remove(0);
		return top.key;
	}

	private remove(place: number): void {
		const gone = this.heap[place];
		const last = this.heap.pop();
		if (gone === undefined || last === undefined) return;
		this.places.delete(gone.key);
		if (place >= this.heap.length) return;
		this.heap[place] = last;
		this.places.set(last.key, place);
		this.rise(place);
		this.sink(this.places.get(last.key) ?? place);
	}

	private at(place: number): number {
		return this.heap[place]?.at ?? Number.POSITIVE_INFINITY;
	}

	private rise(from: number): void {
		let place = from;
		while (place > 0) {
			const parent = (place - 1) >> 1;
			if (this.at(parent) <= this.at(place)) return;
			this.swap(place, parent);
			place = parent;
		}
	}

	private sink(from: number): void {
		let place = from;
		for (;;) {
			const left = 2 * place + 1;
			const smaller = this.at(left + 1) < this.at(left) ? left + 1 : left;
			if (this.at(smaller) >= this.at(place)) return;
			this.swap(place, smaller);
			place = smaller;
		}
	}

	private swap(a: number, b: number): void {
		const first = this.heap[a];
		const second = this.heap[b];
		if (first === undefined || second === undefined) return;
		this.heap[a] = second;
		this.heap[b] = first;
		this.places.set(second.key, a);
		this.places.set(first.key, b);
	}
}
