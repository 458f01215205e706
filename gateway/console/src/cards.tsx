import { Lamp } from "./lamp.tsx";
import { ageNow, plateParts, type Row } from "./row.ts";
import { now, wall, words } from "./state.ts";
import { Status, Three } from "./status.tsx";
import { ageText, type Words } from "./words.ts";

/** Beyond this age the bar is full: a month and a half. A rating's own limit is a matter of the policy, 550 days as shipped. */
export const AGE_LIMIT_S = 550 * 86_400;
/** Cards of one company drawn at once; more are a list for rows and dots. */
const CARDS_A_COMPANY = 120;
const HANDS_SHOWN = 48;

export function Plate({ plate, words: w }: { readonly plate: string | null; readonly words: Words }) {
	if (plate === null) return <span class="q3">{w.unbound}</span>;
	const [head, tail] = plateParts(plate);
	return (
		<b class="plate">
			{head}
			<i>·</i>
			{tail}
		</b>
	);
}

/** How much of its limit the age of truth has used. */
export function AgeBar({ age, kind }: { readonly age: number | null; readonly kind: "rail" | "agebar" }) {
	const share = age === null ? 0 : Math.min(1, age / AGE_LIMIT_S);
	return (
		<svg class={share >= 1 ? `${kind} over` : kind} viewBox="0 0 100 5" preserveAspectRatio="none" aria-hidden="true">
			<path class="rail0" d="M0 1H100" />
			<rect class="rail1" x="0" y="0" width={share * 100} height={kind === "rail" ? 3 : 5} />
		</svg>
	);
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

function Card({ row }: { readonly row: Row }) {
	const w = words.value;
	const { view } = row;
	const age = ageNow(row, now.value);
	return (
		<li class="lt" {...dataOf(row)}>
			<Lamp view={view} words={w} />
			<AgeBar age={age} kind="rail" />
			<div class="l1">
				<Plate plate={view.plate} words={w} />
				<Status status={view.status} words={w} />
			</div>
			<div class="l2">
				<Three view={view} words={w} />
				<span class="age">{age === null ? "" : ageText(age, w)}</span>
			</div>
			<div class="why">{view.reason ?? (view.onDuty ? "" : w.nobody)}</div>
		</li>
	);
}

const Shelf = ({ rows, most }: { readonly rows: readonly Row[]; readonly most: number }) => (
	<>
		<ul class="shelf">
			{rows.slice(0, most).map((row) => (
				<Card key={row.view.light} row={row} />
			))}
		</ul>
		{rows.length > most && <p class="note">{words.value.more(rows.length - most)}</p>}
	</>
);

/** What needs a person first, then who is silent on duty, then the companies. */
export function Cards() {
	const w = words.value;
	const { hands, silent, companies } = wall.value;
	return (
		<>
			{hands.length > 0 && (
				<section>
					<div class="grp">
						<h2>
							{w.hands} {hands.length}
						</h2>
						<span>{w.handsOrder}</span>
					</div>
					<Shelf rows={hands} most={HANDS_SHOWN} />
				</section>
			)}
			{silent.length > 0 && (
				<section>
					<div class="grp line">
						<h2>
							{w.silentOnDuty} {silent.length}
						</h2>
						<span>{w.silentNote}</span>
					</div>
					<Shelf rows={silent} most={HANDS_SHOWN} />
				</section>
			)}
			{companies.map(({ name, rows, onDuty }) => (
				<section key={name ?? ""}>
					<div class="grp">
						<h2>{name ?? w.noCompany}</h2>
						<span>{w.group(rows.length, onDuty)}</span>
					</div>
					<Shelf rows={rows} most={CARDS_A_COMPANY} />
				</section>
			))}
		</>
	);
}
