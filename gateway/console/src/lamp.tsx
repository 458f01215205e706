import { Component } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { LightView } from "../../core/types.ts";
import { brokenPlaces } from "./lamps.ts";
import { tooMany } from "./row.ts";
import { sayLight } from "./say.ts";
import type { Words } from "./words.ts";

/** How one star window looks: seen lit; answered, cannot be seen; owed and not there; lit and not owed; dark; lamp broken. */
export type StarWindow = "lit" | "ack" | "want" | "extra" | "off" | "bad";

const PLACES = [1, 2, 3, 4, 5] as const;

const PATHS = new Map<string, string>();

/** A fat five-pointed star: inner radius half of the outer, so that it stays a star when it is small. Few are asked for, each is kept. */
export function starPath(cx: number, cy: number, outer: number): string {
	const key = `${cx} ${cy} ${outer}`;
	const kept = PATHS.get(key);
	if (kept !== undefined) return kept;
	const points: string[] = [];
	for (let i = 0; i < 10; i++) {
		const angle = -Math.PI / 2 + (i * Math.PI) / 5;
		const radius = i % 2 === 0 ? outer : outer / 2;
		points.push(`${(cx + radius * Math.cos(angle)).toFixed(2)} ${(cy + radius * Math.sin(angle)).toFixed(2)}`);
	}
	const path = `M${points.join("L")}Z`;
	PATHS.set(key, path);
	return path;
}

/** The five windows of a light that is not silent; a silent one has none: nobody knows what it shows. */
export function windowsOf(view: LightView): readonly StarWindow[] {
	const { status, desired } = view;
	if (view.observed === null)
		return PLACES.map((n) => (n <= (view.acked ?? 0) ? "ack" : n <= desired ? "want" : "off"));
	const observed = view.observed;
	const owed = status === "differs" || status === "refused" || status === "moving";
	const struck = tooMany(view);
	const broken = brokenPlaces(view);
	return PLACES.map((n) => {
		if (n <= observed) return struck && n > desired ? "extra" : "lit";
		if (broken.has(n)) return "bad";
		return owed && n <= desired ? "want" : "off";
	});
}

const slash = (x: number, y: number, r: number): string => `M${x - r} ${y + r}L${x + r} ${y - r}`;
/** Over the place of a broken lamp. */
function cross(x: number, y: number, r: number): string {
	const a = r * 0.72;
	return `M${x - a} ${y - a}L${x + a} ${y + a}M${x + a} ${y - a}L${x - a} ${y + a}`;
}

interface StarProps {
	readonly kind: StarWindow;
	readonly x: number;
	readonly y: number;
	readonly r: number;
	readonly arrives: boolean;
}

function Star({ kind, x, y, r, arrives }: StarProps) {
	if (kind === "ack") return <path class="w ack" d={starPath(x, y, r * 0.94)} />;
	if (kind === "want" || kind === "off") return <path class={`w ${kind}`} d={starPath(x, y, r)} />;
	if (kind === "bad")
		return (
			<g>
				<path class="w off" d={starPath(x, y, r)} />
				<path class="w bad" d={cross(x, y, r)} />
			</g>
		);
	const stroke = slash(x, y, r);
	return (
		<g class={arrives ? "arrives" : undefined}>
			<path class="w halo" d={starPath(x, y, r * 1.42)} />
			<path class="w lit" d={starPath(x, y, r)} />
			<path class="w core" d={starPath(x, y + r * 0.02, r * 0.42)} />
			{kind === "extra" && <path class="strike0" d={stroke} />}
			{kind === "extra" && <path class="strike" d={stroke} />}
		</g>
	);
}

/** Five stars in a line. A star that was not there at the drawing before arrives; one that was there from the start just is. */
function Stars({
	view,
	x0,
	step,
	y,
	r,
}: {
	readonly view: LightView;
	readonly x0: number;
	readonly step: number;
	readonly y: number;
	readonly r: number;
}) {
	const shown = view.observed ?? 0;
	const before = useRef(shown);
	useEffect(() => {
		before.current = shown;
	}, [shown]);
	return (
		<>
			{windowsOf(view).map((kind, i) => (
				<Star key={PLACES[i]} kind={kind} x={x0 + i * step} y={y} r={r} arrives={i >= before.current} />
			))}
		</>
	);
}

interface LampProps {
	readonly view: LightView;
	readonly words: Words;
}

const HOUSE = "M9.5 58 16.6 15Q17.9 7 26 7H142Q150.1 7 151.4 15L158.5 58Q159 61 156 61H12Q9 61 9.5 58Z";
const GLASS = "M17 55 22.6 17.5Q23.4 12.5 28.4 12.5H139.6Q144.6 12.5 145.4 17.5L151 55Z";
const FRAME = "M15 56.5 21 17Q22 10.8 28.4 10.8H139.6Q146 10.8 147 17L153 56.5Z";
const CORNERS = "M1.5 16V1.5H16M152 1.5h14.5V16M1.5 60v14.5H16M152 74.5h14.5V60";

/** The operating word, where the light says it, and the stars below it; otherwise the stars alone, in the middle. */
function Face({ view, words }: LampProps) {
	const word = view.operating === null ? undefined : words.operating[view.operating];
	if (word === undefined) return <Stars view={view} x0={42} step={21} y={34.5} r={9.4} />;
	return (
		<>
			<text class="op" x="84" y="28">
				{word}
			</text>
			<Stars view={view} x0={42} step={21} y={43} r={9} />
		</>
	);
}

/** The roof light from the front, 168 x 76. */
export const Lamp = ({ view, words }: LampProps) => (
	<svg class="lamp" viewBox="0 0 168 76" role="img" aria-label={sayLight(view, words)}>
		<path class="foot" d="M36 65h18v9H36zM114 65h18v9h-18z" />
		<rect class="house" x="26" y="60.5" width="116" height="5" />
		<path class="house" d={HOUSE} />
		<path class="glass" d={GLASS} />
		{view.status === "silent" ? (
			<g>
				<path class="hatch" d={GLASS} />
				<rect class="glass" x="66" y="22" width="36" height="25" />
				<text class="qm" x="84" y="42">
					?
				</text>
			</g>
		) : (
			<Face view={view} words={words} />
		)}
		{view.status === "fault" && (
			<g>
				<path class="frame" d={FRAME} />
				<rect class="flag" x="136" y="0" width="24" height="24" />
				<path class="flagx" d="M143 7l10 10M153 7l-10 10" />
			</g>
		)}
		{(view.status === "differs" || view.status === "refused") && <path class="corner" d={CORNERS} />}
	</svg>
);

/** The layers of a row's glass from back to front: one path each, since a list scrolls as fast as it has few elements. */
const ROW_LAYERS = ["off", "want", "ack", "halo", "lit", "core", "strike0", "strike", "bad"] as const;
type RowLayer = (typeof ROW_LAYERS)[number];
const ROW = { x0: 14, step: 19, y: 12, r: 7 } as const;

/** The shapes of one star window, by layer. */
function rowShapes(kind: StarWindow, x: number): readonly (readonly [RowLayer, string])[] {
	const { y, r } = ROW;
	if (kind === "ack") return [["ack", starPath(x, y, r * 0.94)]];
	if (kind === "want" || kind === "off") return [[kind, starPath(x, y, r)]];
	if (kind === "bad")
		return [
			["off", starPath(x, y, r)],
			["bad", cross(x, y, r)],
		];
	const star = [
		["halo", starPath(x, y, r * 1.42)],
		["lit", starPath(x, y, r)],
		["core", starPath(x, y + r * 0.02, r * 0.42)],
	] as const;
	return kind === "lit" ? star : [...star, ["strike0", slash(x, y, r)], ["strike", slash(x, y, r)]];
}

/** Places `from` to before `to` (counted from 0) of a row's glass. */
function rowStars(windows: readonly StarWindow[], from: number, to: number) {
	const paths = new Map<RowLayer, string>();
	for (let place = from; place < to; place++)
		for (const [layer, path] of rowShapes(windows[place] ?? "off", ROW.x0 + place * ROW.step))
			paths.set(layer, (paths.get(layer) ?? "") + path);
	return ROW_LAYERS.filter((layer) => paths.has(layer)).map((layer) => (
		<path key={layer} class={layer.startsWith("strike") ? layer : `w ${layer}`} d={paths.get(layer)} />
	));
}

/** So many stars as they are owed, by nobody's light yet: a band of a policy, what would be. Dashed, as what is owed and not there. */
export const OwedStars = ({ stars, label }: { readonly stars: number; readonly label: string }) => (
	<svg class="lamp lampr" viewBox="0 0 104 24" role="img" aria-label={label}>
		<rect class="glass" x="0" y="1" width="104" height="22" rx="2" />
		{rowStars(
			PLACES.map((n) => (n <= stars ? "want" : "off")),
			0,
			PLACES.length,
		)}
	</svg>
);

const HATCHED = (
	<>
		<rect class="hatch" x="0" y="1" width="104" height="22" rx="2" />
		<rect class="glass" x="42" y="2" width="20" height="20" />
		<text class="qm small" x="52" y="17.5">
			?
		</text>
	</>
);

/** The glass alone in a row, 104 x 24. A star that was not there at the drawing before arrives. */
export class LampRow extends Component<LampProps> {
	private before = PLACES.length as number;

	override componentDidMount(): void {
		this.before = this.props.view.observed ?? 0;
	}
	override componentDidUpdate(): void {
		this.before = this.props.view.observed ?? 0;
	}
	override shouldComponentUpdate(next: LampProps): boolean {
		return next.view !== this.props.view || next.words !== this.props.words;
	}
	override render({ view, words }: LampProps) {
		const windows = windowsOf(view);
		const settled = Math.min(this.before, PLACES.length);
		const arriving = (view.observed ?? 0) > settled;
		return (
			<svg class="lamp lampr" viewBox="0 0 104 24" role="img" aria-label={sayLight(view, words)}>
				<rect class="glass" x="0" y="1" width="104" height="22" rx="2" />
				{view.status === "silent" ? HATCHED : rowStars(windows, 0, arriving ? settled : PLACES.length)}
				{arriving && <g class="arrives">{rowStars(windows, settled, PLACES.length)}</g>}
				{view.status === "fault" && <rect class="frame thin" x="1" y="2" width="102" height="20" />}
			</svg>
		);
	}
}
