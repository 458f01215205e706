import type { LightView } from "../../core/types.ts";

/** What a dot's drawing depends on: the kind of state, and how many stars. */
export type DotKind = "seen" | "acked" | "moving" | "differs" | "silent" | "fault";
export interface Dot {
	readonly kind: DotKind;
	readonly stars: number;
}

export function dotOf(view: LightView): Dot {
	const { status, observed } = view;
	if (status === "fault" || status === "silent") return { kind: status, stars: 0 };
	if (status === "differs" || status === "refused") return { kind: "differs", stars: observed ?? 0 };
	if (status === "moving") return { kind: "moving", stars: observed ?? 0 };
	return observed === null ? { kind: "acked", stars: view.acked ?? 0 } : { kind: "seen", stars: observed };
}

/** Layers of a drawing from back to front; each is a class of the style sheet. */
const LAYERS = ["dgl", "dfa", "dsi", "dp0", "dp1", "dtr", "dbr", "dsd", "dx"] as const;
type Layer = (typeof LAYERS)[number];
type Drawing = readonly (readonly [Layer, string])[];

/** Two decimals are more than a screen shows. */
const n = (value: number): number => Math.round(value * 100) / 100;

/** A box with corners rounded by 1, from its upper left corner. */
const box = (x: number, y: number, w: number, h: number): string =>
	`M${n(x + 1)} ${n(y)}h${n(w - 2)}a1 1 0 0 1 1 1v${n(h - 2)}a1 1 0 0 1-1 1h-${n(w - 2)}a1 1 0 0 1-1-1v-${n(h - 2)}a1 1 0 0 1 1-1z`;

interface Pips {
	readonly x0: number;
	readonly step: number;
	readonly width: number;
	/** Height of a point: full = seen, at the foot = only answered. */
	readonly top: number;
	readonly height: number;
}

const SEEN: Pips = { x0: 2.2, step: 3.7, width: 2.8, top: 3.3, height: 5.4 };
const ACKED: Pips = { ...SEEN, top: 7.4, height: 1.6 };
const DIFFERS: Pips = { x0: 4.6, step: 2.7, width: 1.9, top: 3.3, height: 5.4 };
const PLACES = [0, 1, 2, 3, 4] as const;

/** Five points: lit ones as bars, dark ones as specks. */
function pips(stars: number, p: Pips, x: number, y: number): Drawing {
	const lit = (i: number) => `M${n(x + p.x0 + i * p.step)} ${n(y + p.top)}h${p.width}v${p.height}h-${p.width}z`;
	const dark = (i: number) => `M${n(x + p.x0 + i * p.step + p.width / 2 - 0.7)} ${n(y + 5.3)}h1.4v1.4h-1.4z`;
	return PLACES.map((i) => (i < stars ? ["dp1", lit(i)] : ["dp0", dark(i)]));
}

/** One dot of 22 x 12 with its upper left corner at (x, y): a glass with five points. */
function draw({ kind, stars }: Dot, x: number, y: number): Drawing {
	if (kind === "fault")
		return [
			["dfa", `M${x} ${y}h22v12h-22z`],
			["dx", `M${x + 8} ${y + 3}l6 6m0-6l-6 6`],
		];
	if (kind === "silent")
		return [
			["dsi", box(x + 0.6, y + 1.6, 20.8, 8.8)],
			["dsd", `M${x + 8.5} ${y + 6}h5`],
		];
	if (kind === "differs")
		return [
			["dgl", `M${x + 3.6} ${y + 1.6}h14.8v8.8h-14.8z`],
			...pips(stars, DIFFERS, x, y),
			["dbr", `M${x + 5} ${n(y + 0.9)}h-4v10.2h4M${x + 17} ${n(y + 0.9)}h4v10.2h-4`],
		];
	const glass: Drawing = [["dgl", box(x, y + 1, 22, 10)], ...pips(stars, kind === "acked" ? ACKED : SEEN, x, y)];
	return kind === "moving" ? [...glass, ["dtr", `M${x} ${y + 1}h7l-7 7z`]] : glass;
}

export interface PlacedDot {
	readonly dot: Dot;
	readonly x: number;
	readonly y: number;
}

/**
 * Many dots as one path a layer. Not one element a dot, and no references: an element with a place of its own costs the browser's
 * compositor as much as a whole drawing, and a reference that fails shows as a black box.
 */
export function DotPaths({ dots }: { readonly dots: readonly PlacedDot[] }) {
	const paths = new Map<Layer, string>();
	for (const { dot, x, y } of dots)
		for (const [layer, path] of draw(dot, x, y)) paths.set(layer, (paths.get(layer) ?? "") + path);
	return (
		<>
			{LAYERS.filter((layer) => paths.has(layer)).map((layer) => (
				<path key={layer} class={layer} d={paths.get(layer)} />
			))}
		</>
	);
}

/** The hatch of silent lights, once a page. */
export const Sprite = () => (
	<svg class="sprite" width="0" height="0" aria-hidden="true">
		<defs>
			<pattern id="lx-hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
				<path class="hl" d="M0 0V6" />
			</pattern>
		</defs>
	</svg>
);
