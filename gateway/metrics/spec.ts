import type { HistogramView } from "../core/figures/histogram.ts";
import type { MetricFacts } from "./facts.ts";

export type Labels = Readonly<Record<string, string>>;
export interface Sample {
	readonly labels: Labels;
	readonly value: number;
}

interface Described {
	/** `liangxing_<what>_<unit>`; counters end in `_total`. */
	readonly name: string;
	/** The written predicate or unit: what the number means and nothing softer. */
	readonly help: string;
	/** Each label with the values that it may take. Never an id, a plate, a name: the sets are ours and small. */
	readonly labels: Readonly<Record<string, string>>;
}

/** One metric: what it is called, what it means, and how it is read from the facts. An absent sample means "not known". */
export type MetricSpec = Described &
	(
		| { readonly type: "gauge" | "counter"; readonly read: (facts: MetricFacts) => readonly Sample[] }
		| {
				readonly type: "histogram";
				/** Upper bounds, of the unit in the name. */
				readonly read: (facts: MetricFacts) => readonly { readonly labels: Labels; readonly view: HistogramView }[];
		  }
	);

/** A single value without labels; null = not known, so nothing is shown rather than a 0 that looks fresh. */
export const one = (value: number | null): readonly Sample[] => (value === null ? [] : [{ labels: {}, value }]);

/** Every code from the start, at 0: of a counter that appears with its first event, no rate could be told. */
export const counted = (
	label: string,
	codes: readonly string[],
	values: Readonly<Partial<Record<string, number>>>,
): readonly Sample[] => codes.map((code) => ({ labels: { [label]: code }, value: values[code] ?? 0 }));

/** One sample for each key of a record. */
export const each = (label: string, values: Readonly<Record<string, number>>): readonly Sample[] =>
	Object.entries(values).map(([key, value]) => ({ labels: { [label]: key }, value }));
