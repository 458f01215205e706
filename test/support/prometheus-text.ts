/** One sample of a scrape. */
export interface ScrapedSample {
	readonly name: string;
	readonly labels: Readonly<Record<string, string>>;
	readonly value: number;
}

export interface Scrape {
	/** By metric: its type and help. */
	readonly metrics: ReadonlyMap<string, { readonly type: string; readonly help: string }>;
	readonly samples: readonly ScrapedSample[];
}

const LINE = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? (-?[0-9.e+-]+|NaN|[+-]Inf)$/;
const LABEL = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\]|\\.)*)"/g;

const numberOf = (text: string): number =>
	text.endsWith("Inf") ? Number(text.replace("Inf", "Infinity")) : Number(text);

/** Reads Prometheus' text format 0.0.4 strictly: a line that is none of its forms is an error. */
export function readScrape(text: string): Scrape {
	const metrics = new Map<string, { type: string; help: string }>();
	const samples: ScrapedSample[] = [];
	for (const line of text.split("\n")) {
		if (line === "") continue;
		const head = /^# (HELP|TYPE) (\S+) (.*)$/.exec(line);
		if (head !== null) {
			const [, what, name = "", rest = ""] = head;
			const known = metrics.get(name) ?? { type: "", help: "" };
			metrics.set(name, what === "HELP" ? { ...known, help: rest } : { ...known, type: rest });
			continue;
		}
		const sample = LINE.exec(line);
		if (sample === null) throw new Error(`no line of the format: ${line}`);
		const [, name = "", labels = "", value = ""] = sample;
		const read = Object.fromEntries([...labels.matchAll(LABEL)].map(([, key = "", text = ""]) => [key, text]));
		samples.push({ name, labels: read, value: numberOf(value) });
	}
	return { metrics, samples };
}
