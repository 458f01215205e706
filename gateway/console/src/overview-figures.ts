import type { LightStatus, LightView } from "../../core/types.ts";
import { STATUSES } from "./row.ts";

/** What the overview says of all lights, from their rows. */
export interface Summary {
	readonly lights: number;
	readonly status: Readonly<Record<LightStatus, number>>;
	/** Lights whose glass can be observed: all but those that only answer. */
	readonly observable: number;
	readonly onDuty: number;
	/** Those of them that show exactly what is owed. */
	readonly onDutyRight: number;
	/** Lights that owe at least a star. */
	readonly owing: number;
	/** Why lights are silent or need a person, by code, the most frequent first. */
	readonly reasons: readonly (readonly [string, number])[];
	/** How many lights owe 0..5 stars. */
	readonly stars: readonly number[];
	/** Ages of truth in seconds, ascending. */
	readonly ages: readonly number[];
}

const NEEDS: readonly LightStatus[] = ["silent", "differs", "refused", "fault"];

export function summaryOf(views: Iterable<LightView>): Summary {
	const status = Object.fromEntries(STATUSES.map((s) => [s, 0])) as Record<LightStatus, number>;
	const reasons = new Map<string, number>();
	const stars = [0, 0, 0, 0, 0, 0];
	const ages: number[] = [];
	let lights = 0;
	let onDuty = 0;
	let onDutyRight = 0;
	for (const view of views) {
		lights += 1;
		status[view.status] += 1;
		stars[view.desired] = (stars[view.desired] ?? 0) + 1;
		if (view.ageS !== null) ages.push(view.ageS);
		if (view.onDuty) onDuty += 1;
		if (view.onDuty && view.status === "right") onDutyRight += 1;
		if (NEEDS.includes(view.status) && view.reason !== null)
			reasons.set(view.reason, (reasons.get(view.reason) ?? 0) + 1);
	}
	ages.sort((a, b) => a - b);
	return {
		lights,
		status,
		observable: lights - status.acked,
		onDuty,
		onDutyRight,
		owing: lights - (stars[0] ?? 0),
		reasons: [...reasons].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1)),
		stars,
		ages,
	};
}

/** The share as it is printed: one decimal, and never 100 while one is missing. `—` of nothing. */
export function shareText(right: number, of: number): string {
	if (of === 0) return "—";
	const share = (right / of) * 100;
	return right === of ? "100" : Math.min(99.9, Math.floor(share * 10) / 10).toFixed(1);
}

/** The value at a share of ascending values; null of none. */
export const quantile = (ascending: readonly number[], share: number): number | null =>
	ascending[Math.max(0, Math.ceil(ascending.length * share) - 1)] ?? null;

/** Counts of values in `bins` equal parts up to `limit`, and those beyond it last. */
export function binned(values: readonly number[], limit: number, bins: number): readonly number[] {
	const counts = Array.from({ length: bins + 1 }, () => 0);
	for (const value of values) {
		const place = value > limit ? bins : Math.min(bins - 1, Math.floor((value / limit) * bins));
		counts[place] = (counts[place] ?? 0) + 1;
	}
	return counts;
}

/** The bound below which at least this share of a histogram's values lies; null = beyond the last bound, or no values. */
export function boundAt(bounds: readonly number[], counts: readonly number[], share: number): number | null {
	const wanted = counts.reduce((a, b) => a + b, 0) * share;
	if (wanted === 0) return null;
	let sum = 0;
	for (const [i, bound] of bounds.entries()) {
		sum += counts[i] ?? 0;
		if (sum >= wanted) return bound;
	}
	return null;
}
