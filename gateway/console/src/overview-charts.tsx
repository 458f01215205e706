import type { ComponentChildren } from "preact";
import { END_NAMES } from "../../core/why/names.ts";
import { shortAge } from "./age.ts";
import { clockTime } from "./clock-time.ts";
import { codeText } from "./codes.ts";
import type { Overview } from "./overview-data.ts";
import { binned, boundAt, quantile } from "./overview-figures.ts";
import { ageLimitDays, language, slow, words } from "./state.ts";
import { type OverviewWords, overviewWords } from "./words-overview.ts";

const n = (count: number): string => count.toLocaleString("en");

interface ChartProps {
	readonly title: string;
	/** The one number that the chart is about. */
	readonly value: string;
	readonly note: string;
	/** What it comes to, below. */
	readonly foot: string;
	readonly children: ComponentChildren;
}

const Chart = ({ title, value, note, foot, children }: ChartProps) => (
	<section class="sec ch">
		<h2>
			{title}
			<span>{value}</span>
		</h2>
		<p class="note">{note}</p>
		{children}
		<p class="note">{foot}</p>
	</section>
);

const WIDTH = 324;
const FOOT = 118;
const HIGH = 104;
const LEFT = 36;

/** The least of 1, 2, 5, 10, 20 ... that is not below `most`: the top of an axis that begins at zero. */
export function axisTop(most: number): number {
	let top = 1;
	for (const step of [2, 2.5, 2] as const) {
		if (top >= most) return top;
		top *= step;
	}
	return top >= most ? top : 10 * axisTop(most / 10);
}

interface ColumnsProps {
	readonly counts: readonly number[];
	/** Drawn hatched: what lies beyond the limit. */
	readonly beyond: number | null;
	/** Words at the foot of the axis: left, middle, right. */
	readonly foot: readonly [string, string, string];
	readonly limit: { readonly at: number; readonly text: string } | null;
	readonly label: string;
}

/** Columns over an axis that begins at zero. */
function Columns({ counts, beyond, foot, limit, label }: ColumnsProps) {
	const top = axisTop(Math.max(1, ...counts));
	const step = (WIDTH - LEFT) / counts.length;
	const y = (count: number) => FOOT - (count / top) * HIGH;
	const edge = limit === null ? 0 : LEFT + limit.at * step;
	return (
		<svg viewBox={`0 0 ${WIDTH} 142`} role="img" aria-label={label}>
			<path class="gr" d={`M${LEFT} ${y(top)}H${WIDTH}M${LEFT} ${y(top / 2)}H${WIDTH}`} />
			{counts.map((count, i) =>
				count === 0 ? null : (
					<rect
						key={i}
						class={i === beyond ? "bar2" : "bar1"}
						x={LEFT + i * step + 1}
						y={Math.min(FOOT - 1.5, y(count))}
						width={step - 2}
						height={Math.max(1.5, FOOT - y(count))}
					/>
				),
			)}
			<path class="ax" d={`M${LEFT} ${FOOT + 0.5}H${WIDTH}`} />
			{limit !== null && (
				<>
					<path class="lim" d={`M${edge} 10V${FOOT}`} />
					<text class="txb" x={edge - 7} y="22" text-anchor="end">
						{limit.text}
					</text>
				</>
			)}
			<text class="tx" x={LEFT - 6} y={FOOT + 4} text-anchor="end">
				0
			</text>
			<text class="tx" x={LEFT - 6} y={y(top) + 4} text-anchor="end">
				{n(top)}
			</text>
			<text class="tx" x={LEFT} y="136">
				{foot[0]}
			</text>
			<text class="tx" x={LEFT + (WIDTH - LEFT) / 2} y="136" text-anchor="middle">
				{foot[1]}
			</text>
			<text class="tx" x={WIDTH} y="136" text-anchor="end">
				{foot[2]}
			</text>
		</svg>
	);
}

/** A line for each kind, its bar as long as its count. */
function Lines({ rows }: { readonly rows: readonly (readonly [string, string, number])[] }) {
	const most = Math.max(1, ...rows.map(([, , count]) => count));
	return (
		<dl class="bars">
			{rows.map(([key, text, count]) => (
				<div key={key} data-code={key}>
					<dt>{text}</dt>
					<dd>
						<i style={{ width: `${(count / most) * 100}%` }} aria-hidden="true" />
						<b>{n(count)}</b>
					</dd>
				</div>
			))}
		</dl>
	);
}

const Nothing = ({ text }: { readonly text: string }) => <p class="nothing">{text}</p>;

/** Bins of the chart of ages up to the policy's limit. */
const BINS = 20;
const DAY_S = 86_400;

/** How old the ratings behind the lights on duty are, against the limit of the policy in force. */
export function Ages({ ages }: { readonly ages: readonly number[] }) {
	const w = overviewWords();
	const days = ageLimitDays.value;
	const median = quantile(ages, 0.5);
	const oldest = ages.at(-1);
	const text = (s: number) => shortAge(s, words.value);
	const foot = median === null || oldest === undefined ? "" : w.truthOldest(text(median), text(oldest));
	return (
		<Chart title={w.truth} value={median === null ? "" : text(median)} note={w.truthNote} foot={foot}>
			{ages.length === 0 || days === null ? (
				<Nothing text={w.none} />
			) : (
				<Columns
					counts={binned(ages, days * DAY_S, BINS)}
					beyond={BINS}
					foot={["0", words.value.days(Math.round(days / 2)), ""]}
					limit={{ at: BINS, text: w.limit(days) }}
					label={`${w.truth}: ${foot}`}
				/>
			)}
		</Chart>
	);
}

/** More kinds than these are not looked at in one glance. */
const MOST_LINES = 6;

/** Why lights are silent or need a person. */
export function Reasons({ reasons }: { readonly reasons: readonly (readonly [string, number])[] }) {
	const w = overviewWords();
	const all = reasons.reduce((sum, [, count]) => sum + count, 0);
	const rows = reasons.slice(0, MOST_LINES).map(([code, count]) => [code, codeText(code, words.value), count] as const);
	return (
		<Chart title={w.reasons} value={n(all)} note={w.reasonsNote} foot="">
			{rows.length === 0 ? <Nothing text={w.none} /> : <Lines rows={rows} />}
		</Chart>
	);
}
const sinceText = (told: Overview, w: OverviewWords): string => w.since(clockTime(told.since, slow.value, w));

/** A bound of the histogram in words. */
function boundText(s: number, w: OverviewWords): string {
	return s < 60 ? w.seconds(String(s)) : shortAge(s, words.value);
}

/** How long it took from a change to the glass, since the gateway began to count. */
export function Convergence({ told }: { readonly told: Overview }) {
	const w = overviewWords();
	const { bounds, counts, count } = told.channels.mqtt.convergence;
	const last = bounds.at(-1) ?? 0;
	const within = (share: number, text: (t: string) => string) => {
		const bound = boundAt(bounds, counts, share);
		return bound === null ? w.later(boundText(last, w)) : text(boundText(bound, w));
	};
	const since = sinceText(told, w);
	const half = count === 0 ? "" : within(0.5, w.half);
	const foot = count === 0 ? since : `${within(0.95, w.most)}${w.between}${since}`;
	const shown = counts.slice(0, Math.max(2, counts.findLastIndex((c) => c > 0) + 2));
	return (
		<Chart title={w.convergence} value={half} note={w.convergenceNote} foot={foot}>
			{count === 0 ? (
				<Nothing text={w.noneYet} />
			) : (
				<Columns
					counts={shown}
					beyond={null}
					foot={[
						boundText(bounds[0] ?? 0, w),
						boundText(bounds[Math.floor((shown.length - 1) / 2)] ?? last, w),
						boundText(bounds[shown.length - 1] ?? last, w),
					]}
					limit={null}
					label={`${w.convergence}: ${half}, ${foot}`}
				/>
			)}
		</Chart>
	);
}

/** How changes ended since the gateway began to count. */
export function Ends({ told }: { readonly told: Overview }) {
	const w = overviewWords();
	const { ends } = told.channels.mqtt;
	const names = END_NAMES[language.value];
	const rows = (Object.keys(names) as (keyof typeof names)[])
		.map((word) => [word, names[word], ends[word] ?? 0] as const)
		.filter(([, , count]) => count > 0);
	const all = rows.reduce((sum, [, , count]) => sum + count, 0);
	return (
		<Chart title={w.ends} value={n(all)} note={w.endsNote} foot={sinceText(told, w)}>
			{rows.length === 0 ? <Nothing text={w.noneYet} /> : <Lines rows={rows} />}
		</Chart>
	);
}
