import { ageShare, longAge, shortAge } from "./age.ts";
import { ageNow, plateParts, type Row } from "./row.ts";
import { whyOf } from "./say.ts";
import { ageLimitDays, slow } from "./state.ts";
import type { Words } from "./words.ts";

interface RowProps {
	readonly row: Row;
	readonly words: Words;
}

/** `豫D·T0001` with a lighter dot; a light without a car shows its id. */
export function Plate({ row, words }: RowProps) {
	const { plate } = row.view;
	if (plate === null) return <span class="q3">{words.unbound}</span>;
	const [head, tail] = plateParts(plate);
	return (
		<b class="plate">
			{head}
			<i>·</i>
			{tail}
		</b>
	);
}

/** How much of its limit the age of truth has used, as a rail below a lamp or a short bar in a row. */
export function AgeBar({ row, kind }: { readonly row: Row; readonly kind: "rail" | "agebar" }) {
	const share = ageShare(ageNow(row, slow.value), ageLimitDays.value);
	return (
		<div class={share >= 1 ? `${kind} over` : kind} aria-hidden="true">
			<i style={{ width: `${(share * 100).toFixed(1)}%` }} />
		</div>
	);
}

/** The age of truth in words; what stands there instead when there is no rating behind the stars. */
export function Age({ row, words, long }: RowProps & { readonly long: boolean }) {
	const age = ageNow(row, slow.value);
	if (age === null) return <span class="age q3">{row.view.onDuty ? words.unrated : words.nobody}</span>;
	return <span class="age">{long ? longAge(age, words) : words.ageOf(shortAge(age, words))}</span>;
}

/** Attributes by which a test, or a script, finds a light. */
export const dataOf = ({ view }: Row) => ({
	"data-light": view.light,
	"data-plate": view.plate ?? "",
	"data-desired": view.desired,
	"data-acked": view.acked ?? "",
	"data-observed": view.observed ?? "",
	"data-status": view.status,
});

/** What there is to say of a light, in words, the code of a refusal small behind them. Nothing where there is nothing to say. */
export function WhyText({ row, words }: RowProps) {
	const { text, code, past } = whyOf(row.view, words, row.view.refused === null ? 0 : slow.value);
	if (text === "") return null;
	return (
		<span class={past ? "past" : undefined} title={code === null ? text : `${text} (${code})`}>
			{text} {code !== null && <small class="mono">{code}</small>}
		</span>
	);
}
