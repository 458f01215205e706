import { useEffect, useRef, useState } from "preact/hooks";
import { AgeBar, dataOf, Plate } from "./cards.tsx";
import { dotName, Lamp, sayLight } from "./lamp.tsx";
import { ageNow, needsPerson, type Row } from "./row.ts";
import { now, rows, wall, words } from "./state.ts";
import { Status } from "./status.tsx";
import { ageText } from "./words.ts";

const PITCH_X = 24;
const PITCH_Y = 14;

interface Picked {
	readonly picked: string | null;
	readonly pick: (light: string) => void;
}

function Group({ name, group, picked, pick }: Picked & { readonly name: string; readonly group: readonly Row[] }) {
	const w = words.value;
	const box = useRef<HTMLDivElement>(null);
	const [width, setWidth] = useState(960);
	useEffect(() => {
		const element = box.current;
		if (element === null) return undefined;
		const watch = new ResizeObserver(() => setWidth(Math.max(PITCH_X, element.clientWidth)));
		watch.observe(element);
		return () => watch.disconnect();
	}, []);
	const across = Math.max(1, Math.floor(width / PITCH_X));
	const height = Math.ceil(group.length / across) * PITCH_Y;
	const bad = group.filter((r) => needsPerson(r.view)).length;
	const onClick = (event: MouseEvent) => {
		const light =
			event.target instanceof Element ? event.target.closest("[data-light]")?.getAttribute("data-light") : null;
		if (light) pick(light);
	};
	const onKeyDown = (event: KeyboardEvent) => {
		const steps: Readonly<Record<string, number>> = {
			ArrowLeft: -1,
			ArrowRight: 1,
			ArrowUp: -across,
			ArrowDown: across,
		};
		const step = steps[event.key];
		if (step === undefined) return;
		event.preventDefault();
		const at = group.findIndex((r) => r.view.light === picked);
		const next = group[at < 0 ? 0 : Math.min(group.length - 1, Math.max(0, at + step))];
		if (next !== undefined) pick(next.view.light);
	};
	return (
		<section class="dotg">
			<div>
				<h3>{name}</h3>
				<p>
					{w.group(group.length, group.filter((r) => r.view.onDuty).length)}
					{bad > 0 && ` · ${w.hands} ${bad}`}
				</p>
			</div>
			<div
				ref={box}
				class="dots-list"
				role="listbox"
				tabIndex={0}
				aria-label={`${name} ${group.length}`}
				onClick={onClick}
				onKeyDown={onKeyDown}
			>
				<svg class="dots-svg" width={across * PITCH_X} height={height} role="presentation">
					{group.map((row, i) => (
						<use
							key={row.view.light}
							href={`#${dotName(row.view)}`}
							x={(i % across) * PITCH_X}
							y={Math.floor(i / across) * PITCH_Y + 1}
							width="22"
							height="12"
							class={row.view.light === picked ? "picked" : ""}
							role="option"
							aria-selected={row.view.light === picked}
							{...dataOf(row)}
						>
							<title>{sayLight(row.view, w)}</title>
						</use>
					))}
				</svg>
			</div>
		</section>
	);
}

/** Every light of the fleet in one glance, and the picked one beside it. */
export function Dots() {
	const w = words.value;
	const { hands, silent, companies } = wall.value;
	const [picked, pick] = useState<string | null>(null);
	const first = hands[0] ?? silent[0] ?? companies[0]?.rows[0];
	const row = (picked === null ? undefined : rows.value.get(picked)) ?? first;
	const shown = row?.view.light ?? null;
	return (
		<div class="dots">
			<div>
				{hands.length > 0 && <Group name={w.hands} group={hands} picked={shown} pick={pick} />}
				{silent.length > 0 && <Group name={w.silentOnDuty} group={silent} picked={shown} pick={pick} />}
				{companies.map((c) => (
					<Group key={c.name ?? ""} name={c.name ?? w.noCompany} group={c.rows} picked={shown} pick={pick} />
				))}
			</div>
			{row !== undefined && <Side row={row} />}
		</div>
	);
}

function Side({ row }: { readonly row: Row }) {
	const w = words.value;
	const { view } = row;
	const age = ageNow(row, now.value);
	const facts: readonly (readonly [string, string])[] = [
		[w.desiredLong, String(view.desired)],
		[w.ackedLong, view.acked === null ? "—" : String(view.acked)],
		[w.observedLong, view.observed === null ? w.unknown : String(view.observed)],
		[w.age, age === null ? "—" : ageText(age, w)],
		[w.company, view.company ?? "—"],
		[w.light, view.light],
	];
	return (
		<aside class="side" aria-live="polite">
			<Lamp view={view} words={w} />
			<AgeBar age={age} kind="rail" />
			<div class="l1">
				<Plate plate={view.plate} words={w} />
				<Status status={view.status} words={w} />
			</div>
			<p class="q">{view.reason ?? (view.onDuty ? "" : w.nobody)}</p>
			<dl class="kv">
				{facts.map(([name, value]) => (
					<div key={name}>
						<dt>{name}</dt>
						<dd>{value}</dd>
					</div>
				))}
			</dl>
		</aside>
	);
}
