import { useState } from "preact/hooks";
import { Lamp } from "./lamp.tsx";
import { Age, AgeBar, dataOf, Plate } from "./parts.tsx";
import type { Row } from "./row.ts";
import { filtered, narrow, wall, words } from "./state.ts";
import { Status, Three } from "./status.tsx";
import { reasonText } from "./words.ts";

/** Cards of one group drawn at first, on a desk and on a phone; the rest are one press away. */
const FIRST = { wide: 48, narrow: 24, filtered: 240 } as const;
/** What one press adds: a page of cards, not a frozen browser. */
const MORE = 240;

function Card({ row }: { readonly row: Row }) {
	const w = words.value;
	const { view } = row;
	const why = reasonText(view, w);
	return (
		<li class="lt" {...dataOf(row)}>
			<Lamp view={view} words={w} />
			<AgeBar row={row} kind="rail" />
			<div class="l1">
				<Plate row={row} words={w} />
				<Status status={view.status} words={w} />
			</div>
			<div class="l2">
				<Three view={view} words={w} />
				<Age row={row} words={w} long={false} />
			</div>
			{why !== "" && (
				<div class="why" title={why}>
					{why}
				</div>
			)}
		</li>
	);
}

interface GroupProps {
	readonly title: string;
	readonly note: string;
	readonly rows: readonly Row[];
}

function Group({ title, note, rows }: GroupProps) {
	const [added, add] = useState(0);
	const first = filtered.value ? FIRST.filtered : narrow.value ? FIRST.narrow : FIRST.wide;
	const left = rows.length - first - added;
	return (
		<section aria-label={title}>
			<div class="grp">
				<h2>{title}</h2>
				<span>{note}</span>
			</div>
			<ul class="shelf">
				{rows.slice(0, first + added).map((row) => (
					<Card key={row.view.light} row={row} />
				))}
			</ul>
			{left > 0 && (
				<button type="button" class="btn" onClick={() => add(added + MORE)}>
					{words.value.more(left)}
				</button>
			)}
		</section>
	);
}

/** What needs a person first, then who is silent on duty, then the companies. */
export function Cards() {
	const w = words.value;
	const { hands, silent, companies } = wall.value;
	return (
		<>
			{hands.length > 0 && <Group key="hands" title={`${w.hands} ${hands.length}`} note={w.handsOrder} rows={hands} />}
			{silent.length > 0 && (
				<Group key="silent" title={`${w.silentOnDuty} ${silent.length}`} note={w.silentNote} rows={silent} />
			)}
			{companies.map(({ name, rows, onDuty }) => (
				<Group key={`of ${name ?? ""}`} title={name ?? w.noCompany} note={w.group(rows.length, onDuty)} rows={rows} />
			))}
		</>
	);
}
