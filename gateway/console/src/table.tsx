import { Component, type RefObject } from "preact";
import { useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { leaseText } from "./age.ts";
import { LampRow } from "./lamp.tsx";
import { Open, openClicked } from "./open.tsx";
import { Age, AgeBar, dataOf, WhyText } from "./parts.tsx";
import { leaseNow, type Row } from "./row.ts";
import { ageLimitDays, narrow, second, wall, wallTop, words } from "./state.ts";
import { notEqual, Status, Three } from "./status.tsx";
import { useWindowed } from "./windowed.ts";
import type { Words } from "./words.ts";

/** Heights as in the style sheet: a line on a desk, two lines for a thumb on a phone. */
const ROW_PX = { wide: 35, narrow: 72 } as const;

function Lease({ row }: { readonly row: Row }) {
	return <>{leaseText(leaseNow(row, second.value))}</>;
}

function seen({ view }: Row, w: Words) {
	if (view.observed === null) return <span class="q3">{view.status === "acked" ? w.unseen : w.unknown}</span>;
	return notEqual(view) ? <span class="ne big">≠ {view.observed}</span> : <span class="big">{view.observed}</span>;
}

interface LineProps {
	readonly row: Row;
	/** From 0. */
	readonly index: number;
	readonly words: Words;
	/** Whether the tab key stops here. */
	readonly stop: boolean;
}

/**
 * A row is drawn anew only when it changed. It has no place of its own in a style attribute: that costs a browser more for each row
 * that comes into sight than moving all rows by one padding.
 */
abstract class Line extends Component<LineProps> {
	override shouldComponentUpdate({ row, index, words, stop }: LineProps): boolean {
		const { props } = this;
		return row !== props.row || index !== props.index || words !== props.words || stop !== props.stop;
	}
}

class WideRow extends Line {
	override render({ row, index, words: w, stop }: LineProps) {
		const { view } = row;
		return (
			<tr class="tr" data-s={view.status} aria-rowindex={index + 2} {...dataOf(row)}>
				<td>
					<LampRow view={view} words={w} />
				</td>
				<td class="p">{Open({ row, words: w, stop })}</td>
				<td class="s">{Status({ status: view.status, words: w })}</td>
				<td class="c big">{view.desired}</td>
				<td class="c big">{view.acked ?? "—"}</td>
				<td class="c">{seen(row, w)}</td>
				<td class="a">
					<AgeBar row={row} kind="agebar" />
					<Age row={row} words={w} long />
				</td>
				<td class="r">
					<Lease row={row} />
				</td>
				<td class="q">{view.company ?? "—"}</td>
				<td class="q why">
					<WhyText row={row} words={w} />
				</td>
				<td class="mono q3">{view.light}</td>
			</tr>
		);
	}
}

class NarrowRow extends Line {
	override render({ row, index, words: w, stop }: LineProps) {
		const { view } = row;
		return (
			<tr class="tr narrow" data-s={view.status} aria-rowindex={index + 2} {...dataOf(row)}>
				<td class="p">
					{Open({ row, words: w, stop })}
					<span class="why">
						<WhyText row={row} words={w} />
					</span>
				</td>
				<td class="s">{Status({ status: view.status, words: w })}</td>
				<td class="glasscell">
					<LampRow view={view} words={w} />
				</td>
				<td class="t">{Three({ view, words: w })}</td>
				<td class="a">
					<Age row={row} words={w} long={false} />
				</td>
			</tr>
		);
	}
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
				["a", w.ageLimit(ageLimitDays.value)],
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

/** How far a key goes in a list of `count` with `page` rows in sight. */
function stepOf(key: string, at: number, count: number, page: number): number | null {
	const to: Readonly<Record<string, number>> = {
		ArrowDown: at + 1,
		ArrowUp: at - 1,
		PageDown: at + page,
		PageUp: at - page,
		Home: 0,
		End: count - 1,
	};
	const wanted = to[key];
	return wanted === undefined ? null : Math.min(count - 1, Math.max(0, wanted));
}

/**
 * Arrow keys go from row to row, also to rows that are not drawn yet. `at` = the row at which the tab key stops; the one that a key
 * chose takes the focus once it is drawn.
 */
function useWalk(body: RefObject<HTMLElement | null>, count: number, rowPx: number) {
	const [at, put] = useState(0);
	const wanted = useRef(false);
	useLayoutEffect(() => {
		if (!wanted.current) return;
		wanted.current = false;
		const row = body.current?.querySelector<HTMLElement>(`[aria-rowindex="${at + 2}"] a.open`);
		row?.focus({ preventScroll: true });
	});
	const onKeyDown = (event: KeyboardEvent): void => {
		const row = event.target instanceof Element ? event.target.closest("[aria-rowindex]") : null;
		const list = body.current;
		if (row === null || list === null || event.ctrlKey || event.metaKey || event.altKey) return;
		const page = Math.max(1, Math.floor(window.innerHeight / rowPx) - 2);
		const next = stepOf(event.key, Number(row.getAttribute("aria-rowindex")) - 2, count, page);
		if (next === null) return;
		event.preventDefault();
		// The head of the table stays in sight above the rows.
		const top = list.getBoundingClientRect().top + next * rowPx;
		const head = 2 * rowPx;
		if (top < head) window.scrollBy(0, top - head);
		else if (top + rowPx > window.innerHeight) window.scrollBy(0, top + rowPx - window.innerHeight);
		wanted.current = true;
		put(next);
	};
	return [at, onKeyDown] as const;
}

/** Every light a row: what needs a person first, then silent on duty, then by company. */
export function Table() {
	const w = words.value;
	const { hands, silent, companies } = wall.value;
	const all = useMemo(() => [...hands, ...silent, ...companies.flatMap((c) => c.rows)], [hands, silent, companies]);
	const body = useRef<HTMLTableSectionElement>(null);
	const isNarrow = narrow.value;
	const rowPx = isNarrow ? ROW_PX.narrow : ROW_PX.wide;
	const { from, to } = useWindowed(body, all.length, rowPx, wallTop.value);
	const [at, onKeyDown] = useWalk(body, all.length, rowPx);
	const stop = Math.min(Math.max(at, from), to - 1);
	const Shape = isNarrow ? NarrowRow : WideRow;
	return (
		<table class="rows" aria-rowcount={all.length + 1} aria-label={w.title}>
			<thead>
				<Head />
			</thead>
			<tbody
				ref={body}
				onClick={openClicked}
				onKeyDown={onKeyDown}
				style={{ height: `${all.length * rowPx}px`, paddingTop: `${from * rowPx}px` }}
			>
				{all.slice(from, to).map((row, n) => (
					<Shape key={row.view.light} row={row} index={from + n} words={w} stop={from + n === stop} />
				))}
			</tbody>
		</table>
	);
}
