import type { LightStatus, LightView } from "../../core/types.ts";
import type { Words } from "./words.ts";

/** State glyphs, 14 x 14: shape first, colour last. */
const GLYPHS: Readonly<Record<LightStatus, preact.JSX.Element>> = {
	right: <circle class="gf" cx="7" cy="7" r="4.6" />,
	acked: <circle class="g" cx="7" cy="7" r="4.4" />,
	moving: <path class="g" d="M2 7h9M8 3.6 11.4 7 8 10.4" />,
	differs: <path class="g" d="M2 5h10M2 9h10M10 2 4 12" />,
	refused: (
		<g>
			<circle class="g" cx="7" cy="7" r="4.8" />
			<path class="g" d="M3.6 10.4l6.8-6.8" />
		</g>
	),
	silent: <path class="g" d="M4.6 5.2C4.6 2 9.6 2 9.6 5c0 2-2.5 2-2.5 4M7.1 11v1.6" />,
	fault: <path class="g heavy" d="M3 3l8 8M11 3l-8 8" />,
};

/** A state in glyph and word. */
export const Status = ({ status, words }: { readonly status: LightStatus; readonly words: Words }) => (
	<span class="st" data-s={status}>
		<svg width="14" height="14" viewBox="0 0 14 14" aria-hidden="true">
			{GLYPHS[status]}
		</svg>
		{words.status[status]}
	</span>
);

/** The three facts, always in this order: desired, acked, observed. */
export function Three({ view, words }: { readonly view: LightView; readonly words: Words }) {
	const differs =
		view.observed !== null &&
		view.observed !== view.desired &&
		(view.status === "differs" || view.status === "refused");
	return (
		<span class="tri">
			<span title={words.desiredLong}>
				{words.desired}
				<b>{view.desired}</b>
			</span>
			<span title={words.ackedLong}>
				{words.acked}
				<b>{view.acked ?? "—"}</b>
			</span>
			<span class={differs ? "ne" : ""} title={words.observedLong}>
				{words.observed}
				<b>{view.observed ?? "?"}</b>
			</span>
		</span>
	);
}
