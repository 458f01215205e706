import type { LightView } from "../../core/types.ts";

/** What a dot's drawing depends on: the kind of state, and how many stars. Thousands of dots share these few drawings. */
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

export const dotId = ({ kind, stars }: Dot): string =>
	kind === "fault" || kind === "silent" ? `d-${kind}` : `d-${kind}${stars}`;

const PLACES = [0, 1, 2, 3, 4] as const;

interface PipsProps {
	readonly stars: number;
	readonly x0: number;
	readonly step: number;
	readonly width: number;
	readonly foot: boolean;
}

/** Five points in two paths: a full one is seen, one at the foot is only answered, a speck is dark. */
function Pips({ stars, x0, step, width, foot }: PipsProps) {
	const at = (i: number) => x0 + i * step;
	const lit = PLACES.filter((i) => i < stars).map(
		(i) => `M${at(i)} ${foot ? 7.4 : 3.3}h${width}v${foot ? 1.6 : 5.4}h-${width}z`,
	);
	const dark = PLACES.filter((i) => i >= stars).map((i) => `M${at(i) + width / 2 - 0.7} 5.3h1.4v1.4h-1.4z`);
	return (
		<>
			{dark.length > 0 && <path class="dp0" d={dark.join("")} />}
			{lit.length > 0 && <path class="dp1" d={lit.join("")} />}
		</>
	);
}

/** One dot's drawing, 22 x 12: a glass with five points. */
export function DotShape({ kind, stars }: Dot) {
	if (kind === "fault")
		return (
			<>
				<rect class="dfa" width="22" height="12" />
				<path class="dx" d="M8 3l6 6M14 3 8 9" />
			</>
		);
	if (kind === "silent")
		return (
			<>
				<rect class="dsi" x=".6" y="1.6" width="20.8" height="8.8" rx="1" />
				<path class="dsd" d="M8.5 6h5" />
			</>
		);
	if (kind === "differs")
		return (
			<>
				<rect class="dgl" x="3.6" y="1.6" width="14.8" height="8.8" />
				<Pips stars={stars} x0={4.6} step={2.7} width={1.9} foot={false} />
				<path class="dbr" d="M5 .9H1V11.1H5M17 .9h4V11.1h-4" />
			</>
		);
	return (
		<>
			<rect class="dgl" y="1" width="22" height="10" rx="1" />
			<Pips stars={stars} x0={2.2} step={3.7} width={2.8} foot={kind === "acked"} />
			{kind === "moving" && <path class="dtr" d="M0 1h7L0 8z" />}
		</>
	);
}

const COUNTED = (["seen", "acked", "moving", "differs"] as const).flatMap((kind) =>
	[0, 1, 2, 3, 4, 5].map((stars): Dot => ({ kind, stars })),
);
const ALL: readonly Dot[] = [...COUNTED, { kind: "silent", stars: 0 }, { kind: "fault", stars: 0 }];

/** Hatch and dot symbols, once a page. */
export const Sprite = () => (
	<svg class="sprite" width="0" height="0" aria-hidden="true">
		<defs>
			<pattern id="lx-hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
				<path class="hl" d="M0 0V6" />
			</pattern>
			{ALL.map((dot) => (
				<symbol key={dotId(dot)} id={dotId(dot)} viewBox="0 0 22 12">
					<DotShape {...dot} />
				</symbol>
			))}
		</defs>
	</svg>
);
