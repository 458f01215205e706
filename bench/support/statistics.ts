/** The value below which this share of the values lies (nearest rank); 0 where there are none. */
export function quantile(values: readonly number[], share: number): number {
	const sorted = [...values].sort((a, b) => a - b);
	return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(share * sorted.length) - 1))] ?? 0;
}

export const median = (values: readonly number[]): number => quantile(values, 0.5);

export const largest = (values: readonly number[]): number => values.reduce((a, b) => Math.max(a, b), 0);

/** Change of y for each unit of x by least squares; 0 with fewer than two points. */
export function slope(points: readonly { readonly x: number; readonly y: number }[]): number {
	const n = points.length;
	if (n < 2) return 0;
	const mx = points.reduce((sum, p) => sum + p.x, 0) / n;
	const my = points.reduce((sum, p) => sum + p.y, 0) / n;
	const top = points.reduce((sum, p) => sum + (p.x - mx) * (p.y - my), 0);
	const bottom = points.reduce((sum, p) => sum + (p.x - mx) ** 2, 0);
	return bottom === 0 ? 0 : top / bottom;
}

/** Rounded for a JSON line. */
export const round = (value: number, digits = 2): number => Number(value.toFixed(digits));
