import type { LightView } from "../../core/types.ts";
import { clockTime, hourMinute, midnightOf } from "./clock-time.ts";
import { narrow, slow } from "./state.ts";
import { msOf, type Story } from "./story-data.ts";
import { inside, type Stretch, stripsOf, type Window, windowOf } from "./story-day.ts";
import { type StoryWords, storyWords } from "./words-story.ts";

/** Widths of the whole drawing and of the names at its left, on a desk and on a phone; one unit is about a pixel. */
const SIZES = { desk: { width: 1392, left: 84 }, phone: { width: 358, left: 72 } } as const;
type Size = (typeof SIZES)[keyof typeof SIZES];
/** Feet of the three strips, and the height of five stars. */
const FEET = { desired: 68, acked: 132, observed: 196 } as const;
const HIGH = 44;
const STARS = 5;
const BOTTOM = 204;
const HEIGHT = 226;
/** Room that the words beside a mark need. */
const LABEL_PX = 96;

type Scale = (ms: number) => number;

const scaleOf =
	({ from, to }: Window, { width, left }: Size): Scale =>
	(ms) =>
		left + ((ms - from) / (to - from)) * (width - left);
const high = (foot: number, stars: number): number => foot - (stars / STARS) * HIGH;
const r = (n: number): number => Math.round(n * 10) / 10;

/** A line that steps; stretches that do not meet are apart. */
function steps(all: readonly Stretch[], foot: number, x: Scale): string {
	let path = "";
	let end = Number.NaN;
	for (const { from, to, stars } of all) {
		const y = r(high(foot, stars ?? 0));
		path += from === end ? `V${y}` : `M${r(x(from))} ${y}`;
		path += `H${r(x(to))}`;
		end = to;
	}
	return path;
}

/** The least distance of two times below the drawing. */
const TIME_PX = 52;

/** A line at each mark; its time where it does not touch the one before. */
function Ticks({ window, x, size }: { readonly window: Window; readonly x: Scale; readonly size: Size }) {
	const marks: number[] = [];
	for (let at = window.from; at <= window.to; at += window.tickMs) marks.push(at);
	const every = Math.max(1, Math.ceil((TIME_PX * (marks.length - 1)) / (size.width - size.left)));
	return (
		<>
			{marks.map((at, i) => (
				<g key={at}>
					<path class="gr" d={`M${r(x(at))} 14V${BOTTOM - 8}`} />
					<text
						class="tx"
						x={r(x(at))}
						y={HEIGHT - 6}
						text-anchor={i === 0 ? "start" : i === marks.length - 1 ? "end" : "middle"}
					>
						{i % every !== 0 ? "" : at === window.to && hourMinute(at) === "00:00" ? "24:00" : hourMinute(at)}
					</text>
				</g>
			))}
		</>
	);
}

function Lane({ foot, name, size }: { readonly foot: number; readonly name: string; readonly size: Size }) {
	const { left, width } = size;
	return (
		<>
			<path class="gr2" d={`M${left} ${foot + 0.5}H${width}`} />
			<text class="txb" x="0" y={narrow.value ? foot - HIGH / 2 + 5 : foot}>
				{name}
			</text>
			<text class="tx" x={left - 6} y={foot} text-anchor="end">
				0
			</text>
			<text class="tx" x={left - 6} y={foot - HIGH + 8} text-anchor="end">
				5
			</text>
		</>
	);
}

/** What was seen as solid blocks, what is not known as hatching as high as five stars. Dark, and seen so, is a thick foot. */
function Seen({ all, x }: { readonly all: readonly Stretch[]; readonly x: Scale }) {
	return (
		<>
			{all.map(({ from, to, stars }) => {
				const top =
					stars === null ? high(FEET.observed, STARS) : stars === 0 ? FEET.observed - 3 : high(FEET.observed, stars);
				return (
					<rect
						key={from}
						class={stars === null ? "hx" : "w3"}
						x={r(x(from))}
						y={r(top)}
						width={r(Math.max(1, x(to) - x(from)))}
						height={r(FEET.observed - top)}
					/>
				);
			})}
		</>
	);
}

/** The changes of what is owed, named where there is room. */
function Named({ all, x, w, until }: { all: readonly Stretch[]; x: Scale; w: StoryWords; until: number }) {
	let free = 0;
	return (
		<>
			{all.map(({ from, stars }) => {
				const at = r(x(from));
				if (at < free || at + LABEL_PX > until) return null;
				free = at + LABEL_PX;
				return (
					<text key={from} class="tx" x={at + 4} y="12">
						{`${hourMinute(from)} ${w.starsOf(stars ?? 0)}`}
					</text>
				);
			})}
		</>
	);
}

interface MarksProps {
	readonly window: Window;
	readonly now: number;
	readonly darkBy: number | null;
	readonly x: Scale;
	readonly size: Size;
}

/** A word beside a vertical mark: right of it, or left of it near the edge. */
function Beside({
	at,
	y,
	name,
	size,
	children,
}: {
	at: number;
	y: number;
	name: string;
	size: Size;
	children: string;
}) {
	const near = at > size.width - LABEL_PX;
	return (
		<text class={name} x={near ? at - 6 : at + 6} y={y} text-anchor={near ? "end" : "start"}>
			{children}
		</text>
	);
}

/** Now, and the time by which the glass must be dark. */
function Marks({ window, now, darkBy, x, size }: MarksProps) {
	const w = storyWords();
	const dark = darkBy !== null && darkBy > now && darkBy <= window.to ? r(x(darkBy)) : null;
	const at = r(x(now));
	return (
		<>
			<path class="nowl" d={`M${at} 4V${BOTTOM}`} />
			<Beside at={at} y={12} name="txb" size={size}>{`${hourMinute(now)} ${w.now}`}</Beside>
			{dark !== null && (
				<>
					<path class="w1" d={`M${dark} ${FEET.observed - HIGH - 14}V${FEET.observed}`} />
					<Beside at={dark} y={FEET.observed - HIGH - 4} name="tx" size={size}>
						{`${hourMinute(darkBy ?? 0)} ${w.darkMark}`}
					</Beside>
				</>
			)}
		</>
	);
}

/** A light's day as three strips: what was owed, what it answered, what was seen. */
export function Graph({ story, view }: { readonly story: Story; readonly view: LightView }) {
	const w = storyWords();
	const now = slow.value;
	if (story.changes.length === 0) return null;
	const strips = stripsOf(story.changes, { stars: view.observed, heardAt: view.heardAt }, now);
	const midnight = midnightOf(now);
	const darkBy = story.most?.darkBy == null ? null : msOf(story.most.darkBy);
	// Of a light that is well the end of its lease says little; of a silent one it is what matters.
	const ahead = view.status === "right" ? null : darkBy;
	const window = windowOf(Math.max(strips.knownFrom, midnight), now, midnight, ahead);
	const size = narrow.value ? SIZES.phone : SIZES.desk;
	const x = scaleOf(window, size);
	const desired = inside(strips.desired, window);
	const begins = strips.knownFrom > window.from;
	return (
		<section class="sec graph">
			<header>
				<h2>{window.from === midnight ? w.graphToday : w.graph}</h2>
				<p>{w.graphNote}</p>
			</header>
			<svg viewBox={`0 0 ${size.width} ${HEIGHT}`} role="img" aria-label={w.graphLabel(w.graphNote)}>
				<defs>
					<pattern id="lx-hatch-ink" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
						<path class="hi" d="M0 0V5" />
					</pattern>
				</defs>
				<Ticks window={window} x={x} size={size} />
				<Lane foot={FEET.desired} name={w.desired} size={size} />
				<Lane foot={FEET.acked} name={w.acked} size={size} />
				<Lane foot={FEET.observed} name={w.observed} size={size} />
				<path class="w1" d={steps(desired, FEET.desired, x)} />
				<path class="w2" d={steps(inside(strips.acked, window), FEET.acked, x)} />
				<Seen all={inside(strips.observed, window)} x={x} />
				<Named all={desired} x={x} w={w} until={x(now)} />
				<Marks window={window} now={now} darkBy={darkBy} x={x} size={size} />
			</svg>
			<p class="note">
				{w.graphHonest} {begins && w.graphFrom(clockTime(strips.knownFrom, now, w))}
			</p>
		</section>
	);
}
