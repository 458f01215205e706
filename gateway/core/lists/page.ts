/** Which rows of a list are asked for. */
export interface PageAsked {
	/** Rows at most. */
	readonly limit: number;
	/** Key of the last row of the page before; null = the first page. */
	readonly after: string | null;
}

export interface Page<T> {
	readonly rows: readonly T[];
	/** Key of the last row where more follow; null = this was the last page. */
	readonly next: string | null;
}

/** Order of internal keys: their numbers grow, and get longer once a million are used up. */
export const keyOrder = (a: string, b: string): number => a.length - b.length || (a < b ? -1 : a > b ? 1 : 0);

/**
 * One page in the order of keys. Stable under change: a row is on the page of its key whatever is added or removed meanwhile. Records
 * stand in that order already for the most part, which a sort costs little.
 */
export function pageOf<T>(all: Iterable<T>, keyOf: (row: T) => string, { limit, after }: PageAsked): Page<T> {
	const rest: T[] = [];
	for (const row of all) if (after === null || keyOrder(keyOf(row), after) > 0) rest.push(row);
	rest.sort((a, b) => keyOrder(keyOf(a), keyOf(b)));
	const rows = rest.slice(0, limit);
	const last = rows.at(-1);
	return { rows, next: rest.length > limit && last !== undefined ? keyOf(last) : null };
}

/** One page of a list that does not change; the cursor is the number of rows before it. */
export function pageAt<T>(all: readonly T[], { limit, after }: PageAsked): Page<T> {
	const from = after === null ? 0 : Number(after);
	const to = from + limit;
	return { rows: all.slice(from, to), next: to < all.length ? String(to) : null };
}
