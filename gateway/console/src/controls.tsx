import { useEffect, useRef } from "preact/hooks";
import type { LightStatus } from "../../core/types.ts";
import { go } from "./address.ts";
import { type Dot, DotPaths } from "./dot.tsx";
import { STATUSES } from "./row.ts";
import { byCompany, counts, type Density, density, status, text, words } from "./state.ts";
import { Status } from "./status.tsx";

/** The dot drawing beside each count. */
const SAMPLES: Readonly<Record<LightStatus, Dot>> = {
	right: { kind: "seen", stars: 4 },
	acked: { kind: "acked", stars: 4 },
	moving: { kind: "moving", stars: 4 },
	differs: { kind: "differs", stars: 2 },
	refused: { kind: "differs", stars: 4 },
	silent: { kind: "silent", stars: 0 },
	fault: { kind: "fault", stars: 0 },
};

const press = (s: LightStatus) => () => {
	status.value = status.value === s ? null : s;
};

/** How many lights are in each state: legend and filter in one. */
export function Tally() {
	const w = words.value;
	const of = counts.value;
	return (
		<fieldset class="tally">
			<legend class="sr">{w.judged}</legend>
			{STATUSES.map((s) => (
				<button
					type="button"
					key={s}
					data-s={s}
					data-none={of[s] === 0 ? "" : undefined}
					aria-pressed={status.value === s}
					onClick={press(s)}
				>
					<span class="num">
						{of[s].toLocaleString("en")}
						<svg class="mini" width="42" height="23" viewBox="0 0 22 12" aria-hidden="true">
							<DotPaths dots={[{ dot: SAMPLES[s], x: 0, y: 0 }]} />
						</svg>
					</span>
					<Status status={s} words={w} />
					<span class="def">{w.meaning[s]}</span>
				</button>
			))}
		</fieldset>
	);
}

/** Longer than any plate. */
const MAX_SEARCH = 24;

/** Enter in the search: the story where one light is found, else the first of them takes the focus. */
function openFound(event: KeyboardEvent): void {
	if (event.key !== "Enter" || event.isComposing) return;
	const found = byCompany.value.flatMap((c) => c.rows);
	const [only] = found;
	if (only !== undefined && found.length === 1) go("story", only.view.light);
	else document.querySelector<HTMLElement>("main a.open, main [role=listbox]")?.focus();
}

/** Search by plate; `/` comes here from anywhere (`keys.ts`), Escape clears and leaves. */
export function Find() {
	const w = words.value;
	const input = useRef<HTMLInputElement>(null);
	useEffect(() => {
		const onKey = (event: KeyboardEvent) => {
			const field = input.current;
			if (field === null || event.ctrlKey || event.metaKey || event.altKey) return;
			if (event.key === "Escape" && document.activeElement === field) {
				text.value = "";
				field.blur();
			}
		};
		document.addEventListener("keydown", onKey);
		return () => document.removeEventListener("keydown", onKey);
	}, []);
	return (
		<label class="find">
			<kbd>/</kbd>
			<span class="sr">{w.find}</span>
			<input
				ref={input}
				id="find"
				type="search"
				value={text.value}
				placeholder={w.findHint}
				autoComplete="off"
				spellcheck={false}
				maxLength={MAX_SEARCH}
				aria-keyshortcuts="/"
				onKeyDown={openFound}
				onInput={(event) => {
					text.value = event.currentTarget.value;
				}}
			/>
		</label>
	);
}

/** Card, row or dot. */
export function Densities() {
	const w = words.value;
	const choices: readonly (readonly [Density, string])[] = [
		["card", w.card],
		["row", w.row],
		["dot", w.dot],
	];
	return (
		<fieldset class="seg">
			<legend class="sr">{w.density}</legend>
			{choices.map(([value, label]) => (
				<button
					type="button"
					key={value}
					data-d={value}
					aria-pressed={density.value === value}
					onClick={() => {
						density.value = value;
					}}
				>
					{label}
				</button>
			))}
		</fieldset>
	);
}
