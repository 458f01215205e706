import {
	elementScroll,
	observeWindowOffset,
	observeWindowRect,
	Virtualizer,
	windowScroll,
} from "@tanstack/virtual-core";
import { useEffect, useReducer, useRef } from "preact/hooks";
import { AgeBar, dataOf, Plate } from "./cards.tsx";
import { LampRow } from "./lamp.tsx";
import { ageNow, needsPerson, type Row } from "./row.ts";
import { now, wall, words } from "./state.ts";
import { Status } from "./status.tsx";
import { ageText } from "./words.ts";

const ROW_PX = 35;
/** Rows drawn above and below the window: enough for a flick of the wheel. */
const OVERSCAN = 12;
void elementScroll;

/** A window over a long list: only the rows in sight are in the page. */
function useWindowed(count: number, top: () => number) {
	const [, redraw] = useReducer((n: number) => n + 1, 0);
	const kept = useRef<Virtualizer<Window, Element> | null>(null);
	const options = {
		count,
		estimateSize: () => ROW_PX,
		overscan: OVERSCAN,
		getScrollElement: () => window,
		observeElementRect: observeWindowRect,
		observeElementOffset: observeWindowOffset,
		scrollToFn: windowScroll,
		scrollMargin: top(),
		initialOffset: () => window.scrollY,
		onChange: () => redraw(undefined as never),
	};
	kept.current ??= new Virtualizer<Window, Element>(options);
	const virtual = kept.current;
	virtual.setOptions(options);
	useEffect(() => virtual._didMount(), [virtual]);
	useEffect(() => virtual._willUpdate());
	return virtual;
}

function TableRow({ row, index }: { readonly row: Row; readonly index: number }) {
	const w = words.value;
	const { view } = row;
	const age = ageNow(row, now.value);
	const differs = needsPerson(view) && view.observed !== null && view.observed !== view.desired;
	return (
		<tr data-s={view.status} aria-rowindex={index + 2} {...dataOf(row)}>
			<td>
				<LampRow view={view} words={w} />
			</td>
			<td>
				<Plate plate={view.plate} words={w} />
			</td>
			<td>
				<Status status={view.status} words={w} />
			</td>
			<td class="c big">{view.desired}</td>
			<td class="c big">{view.acked ?? "—"}</td>
			<td class="c">
				<span class={differs ? "ne big" : "big"}>
					{view.observed === null ? (
						<span class="q3">{w.unknown}</span>
					) : differs ? (
						`≠ ${view.observed}`
					) : (
						view.observed
					)}
				</span>
			</td>
			<td>
				<AgeBar age={age} kind="agebar" />
				{age === null ? <span class="q3">—</span> : ageText(age, w)}
			</td>
			<td class="hide r">{leaseText(view.leaseLeftS)}</td>
			<td class="hide">{view.company ?? "—"}</td>
			<td class="hide q">{view.reason ?? (view.onDuty ? "" : w.nobody)}</td>
			<td class="hide mono q3">{view.light}</td>
		</tr>
	);
}

const leaseText = (seconds: number | null): string =>
	seconds === null ? "—" : `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;

/** Every light a row, worst first. */
export function Table() {
	const w = words.value;
	const { hands, silent, companies } = wall.value;
	const all = [...hands, ...silent, ...companies.flatMap((c) => c.rows)];
	const body = useRef<HTMLTableElement>(null);
	const virtual = useWindowed(all.length, () => body.current?.offsetTop ?? 0);
	const items = virtual.getVirtualItems();
	const before = (items[0]?.start ?? 0) - (virtual.options.scrollMargin ?? 0);
	const after = virtual.getTotalSize() - ((items.at(-1)?.end ?? 0) - (virtual.options.scrollMargin ?? 0));
	return (
		<table class="rows" aria-rowcount={all.length + 1} ref={body}>
			<thead>
				<tr aria-rowindex={1}>
					<th class="wide">{w.glass}</th>
					<th>{w.plate}</th>
					<th>{w.judged}</th>
					<th class="c">{w.desiredLong}</th>
					<th class="c">{w.ackedLong}</th>
					<th class="c">{w.observedLong}</th>
					<th>{w.age}</th>
					<th class="hide r">{w.lease}</th>
					<th class="hide">{w.company}</th>
					<th class="hide">{w.reason}</th>
					<th class="hide">{w.light}</th>
				</tr>
			</thead>
			<tbody>
				<Spacer height={Math.max(0, before)} />
				{items.map(({ index }) => {
					const row = all[index];
					return row === undefined ? null : <TableRow key={row.view.light} row={row} index={index} />;
				})}
				<Spacer height={Math.max(0, after)} />
			</tbody>
		</table>
	);
}

/** Height of the rows that are not drawn; set through the DOM, since the page's policy allows no style attribute in markup. */
function Spacer({ height }: { readonly height: number }) {
	const ref = useRef<HTMLTableCellElement>(null);
	useEffect(() => {
		if (ref.current !== null) ref.current.height = String(Math.round(height));
	}, [height]);
	return (
		<tr class="spacer">
			<td colSpan={11} ref={ref} />
		</tr>
	);
}
