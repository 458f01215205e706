import { quantile } from "./statistics.ts";

const WIDTH = 760;
const HEIGHT = 320;
const LEFT = 56;
const RIGHT = 20;
const TOP = 56;
const BOTTOM = 52;
/** Steps of an axis that people read easily. */
const STEPS = [0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000];
const MOST_BARS = 60;
const MOST_TICKS = 10;

const stepFor = (range: number, most: number): number => STEPS.find((step) => range / step <= most) ?? range / most;

/** Colours that hold on white and on black; a dark page turns the text light. */
const STYLE = `text{font:13px system-ui,"Noto Sans CJK SC",sans-serif;fill:#333}.title{font-size:15px;font-weight:600}.axis{stroke:#888}.bar{fill:#3a7bd5}.mark{stroke:#c2410c;stroke-width:2}.mark-text{fill:#c2410c}@media (prefers-color-scheme:dark){text{fill:#ddd}.bar{fill:#6ea8fe}.mark{stroke:#fb923c}.mark-text{fill:#fb923c}}`;

export interface Picture {
	readonly title: string;
	readonly about: string;
	/** Under the axis, e.g. `milliseconds from rating to glass`. */
	readonly axis: string;
	readonly values: readonly number[];
}

/** A histogram as SVG, with p50 and p99 marked; what lies beyond four times p99 is counted in words. */
export function histogram({ title, about, axis, values }: Picture): string {
	const [p50, p99] = [quantile(values, 0.5), quantile(values, 0.99)];
	const end = Math.max(p99 * 1.25, p50 * 2, 1);
	const shown = values.filter((v) => v <= end);
	const bin = stepFor(end, MOST_BARS);
	const bars = new Array<number>(Math.ceil(end / bin)).fill(0);
	for (const value of shown) {
		const at = Math.min(bars.length - 1, Math.floor(value / bin));
		bars[at] = (bars[at] ?? 0) + 1;
	}
	const range = bars.length * bin;
	const x = (value: number): string => (LEFT + (value / range) * (WIDTH - LEFT - RIGHT)).toFixed(1);
	const most = Math.max(...bars, 1);
	const height = HEIGHT - TOP - BOTTOM;
	const y = (count: number): number => TOP + height * (1 - count / most);
	const parts = bars.flatMap((count, n) => {
		if (count === 0) return [];
		const width = (Number(x((n + 1) * bin)) - Number(x(n * bin)) - 1).toFixed(1);
		return [
			`<rect class="bar" x="${x(n * bin)}" y="${y(count).toFixed(1)}" width="${width}" height="${(TOP + height - y(count)).toFixed(1)}"/>`,
		];
	});
	const tick = stepFor(range, MOST_TICKS);
	for (let at = 0; at <= range + 1e-9; at += tick)
		parts.push(
			`<line class="axis" x1="${x(at)}" x2="${x(at)}" y1="${TOP + height}" y2="${TOP + height + 5}"/><text x="${x(at)}" y="${TOP + height + 20}" text-anchor="middle">${Number(at.toFixed(2))}</text>`,
		);
	const beyond = values.length - shown.length;
	const mark = (value: number, name: string, row: number): string =>
		`<line class="mark" x1="${x(value)}" x2="${x(value)}" y1="${TOP - 6 + row}" y2="${TOP + height}"/><text class="mark-text" x="${Number(x(value)) + 5}" y="${TOP + 4 + row}">${name} ${value.toFixed(1)} ms</text>`;
	return [
		`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${title}: p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms"><style>${STYLE}</style>`,
		`<text class="title" x="${LEFT}" y="20">${title}</text><text x="${LEFT}" y="38">${about}${beyond > 0 ? `; ${beyond} beyond the picture` : ""}</text>`,
		...parts,
		`<line class="axis" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${TOP + height}" y2="${TOP + height}"/>`,
		`<text x="${LEFT - 8}" y="${TOP + 5}" text-anchor="end">${most}</text><text x="${LEFT - 8}" y="${TOP + height}" text-anchor="end">0</text>`,
		mark(p50, "p50", 0),
		mark(p99, "p99", 18),
		`<text x="${(LEFT + WIDTH - RIGHT) / 2}" y="${HEIGHT - 10}" text-anchor="middle">${axis}</text>`,
		"</svg>",
		"",
	].join("\n");
}
