import type { LightStatus, LightView } from "../../core/types.ts";
import type { Words } from "./words.ts";

/** State glyphs, 14 x 14: shape first, colour last. */
const PATHS: Readonly<Record<Exclude<LightStatus, "right" | "acked">, string>> = {
	moving: "M2 7h9M8 3.6 11.4 7 8 10.4",
	differs: "M2 5h10M2 9h10M10 2 4 12",
	refused: "M7 2.2a4.8 4.8 0 1 0 .01 0zM3.6 10.4l6.8-6.8",
	silent: "M4.6 5.2C4.6 2 9.6 2 9.6 5c0 2-2.5 2-2.5 4M7.1 11v1.6",
	fault: "M3 3l8 8M11 3l-8 8",
};

function Glyph({ status }: { readonly status: LightStatus }) {
	if (status === "right") return <circle class="gf" cx="7" cy="7" r="4.6" />;
	if (status === "acked") return <circle class="g" cx="7" cy="7" r="4.4" />;
	return <path class={status === "fault" ? "g heavy" : "g"} d={PATHS[status]} />;
}

/** A state in glyph and word. */
export const Status = ({ status, words }: { readonly status: LightStatus; readonly words: Words }) => (
	<span class="st" data-s={status}>
		<svg width="14" height="14" viewBox="0 0 14 14" aria-hidden="true">
			<Glyph status={status} />
		</svg>
		{words.status[status]}
	</span>
);

/** Whether what is seen must stand out as not what is owed. */
export const notEqual = (view: LightView): boolean =>
	(view.status === "differs" || view.status === "refused" || view.status === "fault") &&
	view.observed !== null &&
	view.observed !== view.desired;

/** What is observed, as a sign: `?` of a silent light, a dash where the glass cannot be read. */
export const observedSign = (view: LightView): string =>
	view.observed !== null ? String(view.observed) : view.status === "acked" ? "—" : "?";

/** The three facts, always in this order: desired, acked, observed. */
export const Three = ({ view, words }: { readonly view: LightView; readonly words: Words }) => (
	<span class="tri">
		<span title={words.desiredLong}>
			{words.desired}
			<b>{view.desired}</b>
		</span>
		<span title={words.ackedLong}>
			{words.acked}
			<b>{view.acked ?? "—"}</b>
		</span>
		<span class={notEqual(view) ? "ne" : undefined} title={words.observedLong}>
			{words.observed}
			<b>
				{notEqual(view) ? "≠" : ""}
				{observedSign(view)}
			</b>
		</span>
	</span>
);
