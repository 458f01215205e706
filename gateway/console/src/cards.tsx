import { Component } from "preact";
import { useEffect, useState } from "preact/hooks";
import { Lamp } from "./lamp.tsx";
import { Open, openClicked, walkCards } from "./open.tsx";
import { Age, AgeBar, dataOf, WhyText } from "./parts.tsx";
import type { Row } from "./row.ts";
import { filtered, narrow, wall, words } from "./state.ts";
import { Status, Three } from "./status.tsx";
import type { Words } from "./words.ts";

/** Cards of one group drawn at first, on a desk and on a phone; the rest are one press away. */
const FIRST = { wide: 48, narrow: 24, filtered: 240 } as const;
/** Cards added in one frame once all are wanted: a browser that stays awake, whatever the company's size. */
const A_FRAME = 60;

interface CardProps {
	readonly row: Row;
	readonly words: Words;
	/** The first of its group: there the tab key stops. */
	readonly stop: boolean;
}

/** Drawn anew only when its own row changed: of thousands of cards a batch names few. */
class Card extends Component<CardProps> {
	override shouldComponentUpdate(next: CardProps): boolean {
		const { row, words, stop } = this.props;
		return next.row !== row || next.words !== words || next.stop !== stop;
	}
	override render({ row, words: w, stop }: CardProps) {
		const { view } = row;
		return (
			<li class="lt" {...dataOf(row)}>
				<Lamp view={view} words={w} />
				<AgeBar row={row} kind="rail" />
				<div class="l1">
					<Open row={row} words={w} stop={stop} />
					<Status status={view.status} words={w} />
				</div>
				<div class="l2">
					<Three view={view} words={w} />
					<Age row={row} words={w} long={false} />
				</div>
				<div class="why">
					<WhyText row={row} words={w} />
				</div>
			</li>
		);
	}
}

/** How many of `total` are drawn: the first at once; all of them, once asked for, some more in each frame. */
function useListed(total: number, first: number): readonly [number, boolean, (all: boolean) => void] {
	const [all, want] = useState(false);
	const [listed, list] = useState(first);
	const now = all ? Math.min(total, Math.max(listed, first)) : Math.min(total, first);
	useEffect(() => {
		if (!all || now >= total) return undefined;
		const frame = requestAnimationFrame(() => list(now + A_FRAME));
		return () => cancelAnimationFrame(frame);
	}, [all, now, total]);
	const choose = (wanted: boolean): void => {
		list(first);
		want(wanted);
	};
	return [now, all, choose];
}

interface GroupProps {
	readonly title: string;
	readonly note: string;
	readonly rows: readonly Row[];
}

function Group({ title, note, rows }: GroupProps) {
	const w = words.value;
	const first = filtered.value ? FIRST.filtered : narrow.value ? FIRST.narrow : FIRST.wide;
	const [listed, all, choose] = useListed(rows.length, first);
	const more = rows.length > first;
	const text = all ? w.listFew : w.listAll(rows.length.toLocaleString("en"));
	return (
		<section aria-label={title}>
			<div class="grp">
				<h2>{title}</h2>
				<span>{note}</span>
				{more && (
					<span class="hidden">
						{!all && w.listed(String(first), (rows.length - first).toLocaleString("en"))}
						<button type="button" class="more" aria-expanded={all} onClick={() => choose(!all)}>
							{text}
						</button>
					</span>
				)}
			</div>
			<ul class="shelf" onClick={openClicked} onKeyDown={walkCards}>
				{rows.slice(0, listed).map((row, n) => (
					<Card key={row.view.light} row={row} words={w} stop={n === 0} />
				))}
			</ul>
			{more && !all && (
				<button type="button" class="btn" onClick={() => choose(true)}>
					{text}
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
