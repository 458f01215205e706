import { observeWindowOffset, observeWindowRect, Virtualizer, windowScroll } from "@tanstack/virtual-core";
import type { ComponentChildren } from "preact";
import { useEffect, useLayoutEffect, useMemo, useReducer, useRef, useState } from "preact/hooks";
import { leaseText } from "./age.ts";
import { LampRow } from "./lamp.tsx";
import { Age, AgeBar, dataOf, Plate } from "./parts.tsx";
import { leaseNow, type Row } from "./row.ts";
import { narrow, second, wall, wallTop, words } from "./state.ts";
import { notEqual, Status, Three } from "./status.tsx";
import { reasonText, type Words } from "./words.ts";

/** Heights as in the style sheet: a line on a desk, two lines for a thumb on a phone. */
const ROW_PX = { wide: 35, narrow: 72 } as const;
/** Rows drawn above and below what is in sight: enough for a flick of the wheel. */
const OVERSCAN = 10;

/** A window over a long list in the page's own scroll: only the rows near what is in sight are in the page. */
function useWindowed(count: number, rowPx: number, top: number): Virtualizer<Window, Element> {
	const [, redraw] = useReducer((n: number) => n + 1, 0);
	const options = {
		count,
		estimateSize: () => rowPx,
		overscan: OVERSCAN,
		scrollMargin: top,
		getScrollElement: () => window,
		observeElementRect: observeWindowRect,
		observeElementOffset: observeWindowOffset,
		scrollToFn: windowScroll,
		initialOffset: () => window.scrollY,
		initialRect: { width: window.innerWidth, height: window.innerHeight },
		onChange: () => redraw(0 as never),
	};
	const kept = useRef<Virtualizer<Window, Element> | null>(null);
	kept.current ??= new Virtualizer<Window, Element>(options);
	const virtual = kept.current;
	virtual.setOptions(options);
	useLayoutEffect(() => virtual._didMount(), [virtual]);
	useLayoutEffect(() => virtual._willUpdate());
	useEffect(() => virtual.measure(), [virtual, rowPx]);
	return virtual;
}

const Cell = ({ name, children }: { readonly name: string; readonly children?: ComponentChildren }) => (
	<td class={name}>{children}</td>
);

function Lease({ row }: { readonly row: Row }) {
	return <>{leaseText(leaseNow(row, second.value))}</>;
}

function Seen({ row, words: w }: { readonly row: Row; readonly words: Words }) {
	const { view } = row;
	if (view.observed === null) return <span class="q3">{view.status === "acked" ? w.unseen : w.unknown}</span>;
	return notEqual(view) ? <span class="ne big">≠ {view.observed}</span> : <span class="big">{view.observed}</span>;
}

interface LineProps {
	readonly row: Row;
	readonly index: number;
}

function WideRow({ row, index }: LineProps) {
	const w = words.value;
	const { view } = row;
	const why = reasonText(view, w);
	return (
		<tr class="tr" data-s={view.status} aria-rowindex={index + 2} {...dataOf(row)}>
			<Cell name="glasscell">
				<LampRow view={view} words={w} />
			</Cell>
			<Cell name="p">
				<Plate row={row} words={w} />
			</Cell>
			<Cell name="s">
				<Status status={view.status} words={w} />
			</Cell>
			<Cell name="c big">{view.desired}</Cell>
			<Cell name="c big">{view.acked ?? "—"}</Cell>
			<Cell name="c">
				<Seen row={row} words={w} />
			</Cell>
			<Cell name="a">
				<AgeBar row={row} kind="agebar" />
				<Age row={row} words={w} long />
			</Cell>
			<Cell name="r">
				<Lease row={row} />
			</Cell>
			<Cell name="q">{view.company ?? "—"}</Cell>
			<td class="q why" title={why}>
				{why}
			</td>
			<Cell name="mono q3">{view.light}</Cell>
		</tr>
	);
}

function NarrowRow({ row, index }: LineProps) {
	const w = words.value;
	const { view } = row;
	return (
		<tr class="tr narrow" data-s={view.status} aria-rowindex={index + 2} {...dataOf(row)}>
			<Cell name="p">
				<Plate row={row} words={w} />
			</Cell>
			<Cell name="s">
				<Status status={view.status} words={w} />
			</Cell>
			<Cell name="glasscell">
				<LampRow view={view} words={w} />
			</Cell>
			<Cell name="t">
				<Three view={view} words={w} />
			</Cell>
			<Cell name="a">
				<Age row={row} words={w} long={false} />
			</Cell>
		</tr>
	);
}

function Head() {
	const w = words.value;
	const names: readonly (readonly [string, string])[] = narrow.value
		? [
				["p", w.plate],
				["s", w.judged],
				["g", w.glass],
				["t", `${w.desiredLong} ${w.ackedLong} ${w.observedLong}`],
				["a", w.age],
			]
		: [
				["g", w.glass],
				["p", w.plate],
				["s", w.judged],
				["c", w.desiredLong],
				["c", w.ackedLong],
				["c", w.observedLong],
				["a", w.ageLimit],
				["r", w.lease],
				["o", w.company],
				["why", w.reason],
				["i", w.light],
			];
	return (
		<tr class={narrow.value ? "th sr" : "th"} aria-rowindex={1}>
			{names.map(([name, label]) => (
				<th scope="col" class={name} key={label}>
					{label}
				</th>
			))}
		</tr>
	);
}

/** Every light a row: what needs a person first, then silent on duty, then by company. */
export function Table() {
	const { hands, silent, companies } = wall.value;
	const all = useMemo(() => [...hands, ...silent, ...companies.flatMap((c) => c.rows)], [hands, silent, companies]);
	const body = useRef<HTMLTableSectionElement>(null);
	const isNarrow = narrow.value;
	const above = wallTop.value;
	const [top, setTop] = useState(0);
	useLayoutEffect(() => {
		if (body.current !== null) setTop(Math.round(body.current.getBoundingClientRect().top + window.scrollY));
	}, [isNarrow, above]);
	const virtual = useWindowed(all.length, isNarrow ? ROW_PX.narrow : ROW_PX.wide, top);
	const items = virtual.getVirtualItems();
	const before = Math.max(0, (items[0]?.start ?? top) - top);
	const Line = isNarrow ? NarrowRow : WideRow;
	return (
		<table class="rows" aria-rowcount={all.length + 1} aria-label={words.value.title}>
			<thead>
				<Head />
			</thead>
			<tbody ref={body} style={{ height: `${virtual.getTotalSize()}px`, paddingTop: `${before}px` }}>
				{items.map(({ index }) => {
					const row = all[index];
					return row === undefined ? null : <Line key={row.view.light} row={row} index={index} />;
				})}
			</tbody>
		</table>
	);
}
