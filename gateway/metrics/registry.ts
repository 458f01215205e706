import {
	Counter,
	Gauge,
	Histogram,
	type MetricObjectWithValues,
	type MetricType,
	type MetricValueWithName,
	Registry,
} from "prom-client";
import type { HistogramView } from "../core/figures/histogram.ts";
import type { MetricFacts } from "./facts.ts";
import type { Labels, MetricSpec } from "./spec.ts";
import { METRICS } from "./table.ts";

/** The metrics of one gateway as text in Prometheus' format. */
export interface Metrics {
	readonly contentType: string;
	scrape(): Promise<string>;
}

/** Samples of a histogram in the order of the format: buckets counted up, then sum and count. */
function samplesOf(name: string, labels: Labels, view: HistogramView): MetricValueWithName<string>[] {
	let upTo = 0;
	const buckets = view.counts.map((count, i) => {
		upTo += count;
		const le = view.bounds[i];
		return { metricName: `${name}_bucket`, labels: { ...labels, le: le ?? "+Inf" }, value: upTo };
	});
	return [
		...buckets,
		{ metricName: `${name}_sum`, labels, value: view.sum },
		{ metricName: `${name}_count`, labels, value: view.count },
	];
}

type Shown = MetricObjectWithValues<MetricValueWithName<string>>;

/** A histogram that is counted elsewhere and only shown here. */
class ShownHistogram extends Histogram {
	private readonly show: () => Shown;
	constructor(spec: MetricSpec, registry: Registry, show: () => MetricValueWithName<string>[]) {
		const { name, help } = spec;
		super({ name, help, labelNames: Object.keys(spec.labels), registers: [registry] });
		// The types have numbers for the kinds of metrics; the text is written with these words.
		const type = "histogram" as unknown as MetricType;
		this.show = () => ({ name, help, type, aggregator: "sum", collect: () => undefined, values: show() });
	}
	override async get(): Promise<Shown> {
		return this.show();
	}
	/** What the registry asks for when it writes text. */
	async getForPromString(): Promise<Shown> {
		return this.show();
	}
}

function register(spec: MetricSpec, registry: Registry, facts: () => MetricFacts): void {
	const { name, help } = spec;
	const base = { name, help, labelNames: Object.keys(spec.labels), registers: [registry] };
	if (spec.type === "histogram") {
		new ShownHistogram(spec, registry, () =>
			spec.read(facts()).flatMap(({ labels, view }) => samplesOf(name, labels, view)),
		);
	} else if (spec.type === "counter") {
		new Counter({
			...base,
			collect() {
				this.reset();
				for (const { labels, value } of spec.read(facts())) this.inc(labels, value);
			},
		});
	} else {
		new Gauge({
			...base,
			collect() {
				this.reset();
				// A gauge without labels would be 0 after a reset: what is not known must not look fresh.
				if (Object.keys(spec.labels).length === 0) this.remove();
				for (const { labels, value } of spec.read(facts())) this.set(labels, value);
			},
		});
	}
}

/** A registry of its own for one gateway; `read` is called once a scrape. */
export function makeMetrics(read: () => MetricFacts): Metrics {
	const registry = new Registry();
	let facts: MetricFacts | null = null;
	const now = (): MetricFacts => {
		facts ??= read();
		return facts;
	};
	for (const spec of METRICS) register(spec, registry, now);
	return {
		contentType: registry.contentType,
		scrape: () => {
			// Every metric of one scrape is of one instant; all are read in this turn of the event loop.
			facts = null;
			return registry.metrics();
		},
	};
}
