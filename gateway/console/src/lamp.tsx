import type { JSX } from "preact";
import type { LightView } from "../../core/types.ts";
import type { Words } from "./words.ts";

/** How one star window looks: seen lit, owed and not there, lit and not owed, dark, broken. */
type Window = "lit" | "want" | "extra" | "off" | "bad";

/** A fat five-pointed star: inner radius half of the outer, so that it stays a star when it is small. */
export function starPath(cx: number, cy: number, outer: number): string {
	const points: string[] = [];
	for (let i = 0; i < 10; i++) {
		const angle = -Math.PI / 2 + (i * Math.PI) / 5;
		const radius = i % 2 === 0 ? outer : outer / 2;
		points.push(`${(cx + radius * Math.cos(angle)).toFixed(2)} ${(cy + radius * Math.sin(angle)).toFixed(2)}`);
	}
	return `M${points.join("L")}Z`;
}

/** The five windows of a light. A silent light has none: nobody knows what it shows. */
export function windowsOf(view: LightView): readonly Window[] {
	return [1, 2, 3, 4, 5].map((n) => {
		if (view.status === "fault") return "bad";
		if (n <= (view.observed ?? 0)) return n > view.desired && view.status === "differs" ? "extra" : "lit";
		const owed = view.status === "differs" || view.status === "refused" || view.status === "moving";
		return owed && n <= view.desired ? "want" : "off";
	});
}

function Star({
	kind,
	x,
	y,
	r,
}: {
	readonly kind: Window;
	readonly x: number;
	readonly y: number;
	readonly r: number;
}) {
	if (kind === "lit" || kind === "extra")
		return (
			<g>
				<path class="w halo" d={starPath(x, y, r * 1.42)} />
				<path class="w lit" d={starPath(x, y, r)} />
				<path class="w core" d={starPath(x, y, r * 0.42)} />
				{kind === "extra" && <path class="strike0" d={`M${x - r} ${y + r}L${x + r} ${y - r}`} />}
				{kind === "extra" && <path class="strike" d={`M${x - r} ${y + r}L${x + r} ${y - r}`} />}
			</g>
		);
	const k = r * 0.72;
	return (
		<g>
			<path class={kind === "want" ? "w want" : "w off"} d={starPath(x, y, r)} />
			{kind === "bad" && (
				<path class="w bad" d={`M${x - k} ${y - k}L${x + k} ${y + k}M${x + k} ${y - k}L${x - k} ${y + k}`} />
			)}
		</g>
	);
}

/** What a screen reader says of a light. */
export function sayLight(view: LightView, words: Words): string {
	const seen = view.observed === null ? words.unknown : String(view.observed);
	const acked = view.acked === null ? "—" : String(view.acked);
	return words.say(view.plate ?? view.light, words.status[view.status], String(view.desired), acked, seen);
}

const HOUSE = "M9.5 58 16.6 15Q17.9 7 26 7H142Q150.1 7 151.4 15L158.5 58Q159 61 156 61H12Q9 61 9.5 58Z";
const GLASS = "M17 55 22.6 17.5Q23.4 12.5 28.4 12.5H139.6Q144.6 12.5 145.4 17.5L151 55Z";
const FRAME = "M15 56.5 21 17Q22 10.8 28.4 10.8H139.6Q146 10.8 147 17L153 56.5Z";
const CORNERS = "M1.5 16V1.5H16M152 1.5h14.5V16M1.5 60v14.5H16M152 74.5h14.5V60";

/** The roof light from the front, 168 x 76. */
export function Lamp({ view, words }: { readonly view: LightView; readonly words: Words }) {
	const silent = view.status === "silent";
	return (
		<svg class="lamp" viewBox="0 0 168 76" role="img" aria-label={sayLight(view, words)}>
			<path class="foot" d="M36 65h18v9H36zM114 65h18v9h-18z" />
			<rect class="house" x="26" y="60.5" width="116" height="5" />
			<path class="house" d={HOUSE} />
			<path class="glass" d={GLASS} />
			{silent ? (
				<Unknown />
			) : (
				windowsOf(view).map((kind, i) => <Star key={i} kind={kind} x={42 + i * 21} y={35} r={9} />)
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
}

const Unknown = () => (
	<g>
		<path class="hatch" d={GLASS} />
		<rect class="glass" x="66" y="22" width="36" height="25" />
		<text class="qm" x="84" y="42">
			?
		</text>
	</g>
);

/** The glass alone in a row, 104 x 24. */
export function LampRow({ view, words }: { readonly view: LightView; readonly words: Words }) {
	return (
		<svg class="lamp lampr" viewBox="0 0 104 24" role="img" aria-label={sayLight(view, words)}>
			<rect class="glass" x="0" y="1" width="104" height="22" rx="2" />
			{view.status === "silent" ? (
				<g>
					<rect class="hatch" x="0" y="1" width="104" height="22" rx="2" />
					<rect class="glass" x="42" y="2" width="20" height="20" />
					<text class="qm small" x="52" y="17.5">
						?
					</text>
				</g>
			) : (
				windowsOf(view).map((kind, i) => <Star key={i} kind={kind} x={14 + i * 19} y={12} r={7} />)
			)}
			{view.status === "fault" && <rect class="frame thin" x="1" y="2" width="102" height="20" />}
		</svg>
	);
}

/** Name of a light's dot symbol: what is drawn depends on state and count only, so thousands of dots share a few drawings. */
export function dotName(view: LightView): string {
	if (view.status === "fault") return "d-fault";
	if (view.status === "silent") return "d-silent";
	const kind =
		view.status === "differs" || view.status === "refused" ? "differs" : view.status === "moving" ? "moving" : "seen";
	return `d-${kind}${view.observed ?? 0}`;
}

const pips = (lit: number, x0: number, step: number, width: number): JSX.Element[] =>
	[0, 1, 2, 3, 4].map((i) =>
		i < lit ? (
			<rect key={i} class="dp1" x={x0 + i * step} y="3.3" width={width} height="5.4" />
		) : (
			<rect key={i} class="dp0" x={x0 + i * step + width / 2 - 0.7} y="5.3" width="1.4" height="1.4" />
		),
	);

/** Hatch and dot symbols, once a page. Presentation attributes stand beside the classes: inside `use` only they are sure to hold. */
export const Sprite = () => (
	<svg class="sprite" width="0" height="0" aria-hidden="true">
		<defs>
			<pattern id="lx-hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
				<path class="hl" d="M0 0V6" />
			</pattern>
			{[0, 1, 2, 3, 4, 5].flatMap((n) => [
				<symbol key={`s${n}`} id={`d-seen${n}`} viewBox="0 0 22 12">
					<rect class="dgl" y="1" width="22" height="10" rx="1" />
					{pips(n, 2.2, 3.7, 2.8)}
				</symbol>,
				<symbol key={`m${n}`} id={`d-moving${n}`} viewBox="0 0 22 12">
					<rect class="dgl" y="1" width="22" height="10" rx="1" />
					{pips(n, 2.2, 3.7, 2.8)}
					<path class="dtr" d="M0 1h7L0 8z" />
				</symbol>,
				<symbol key={`d${n}`} id={`d-differs${n}`} viewBox="0 0 22 12">
					<rect class="dgl" x="3.6" y="1.6" width="14.8" height="8.8" />
					{pips(n, 4.6, 2.7, 1.9)}
					<path class="dbr" d="M5 .9H1V11.1H5M17 .9h4V11.1h-4" />
				</symbol>,
			])}
			<symbol id="d-silent" viewBox="0 0 22 12">
				<rect class="dsi" x=".6" y="1.6" width="20.8" height="8.8" rx="1" />
				<path class="dsd" d="M8.5 6h5" />
			</symbol>
			<symbol id="d-fault" viewBox="0 0 22 12">
				<rect class="dfa" width="22" height="12" />
				<path class="dx" d="M8 3l6 6M14 3 8 9" />
			</symbol>
		</defs>
	</svg>
);
