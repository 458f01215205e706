import { Component } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { go, goBy, hrefOf } from "./address.ts";
import { DotPaths, dotOf } from "./dot.tsx";
import { Lamp } from "./lamp.tsx";
import { Open } from "./open.tsx";
import { Age, AgeBar, dataOf, WhyText } from "./parts.tsx";
import { type Company, type Row, worstOf } from "./row.ts";
import { sayLight } from "./say.ts";
import { byCompany, lights, narrow, words } from "./state.ts";
import { observedSign, Status } from "./status.tsx";
import type { Words } from "./words.ts";

const PITCH_X = 24;
const PITCH_Y = 14;
/** Room at the sides for the frame of a picked dot. */
const EDGE = 3;
/** Lines in one block: few, so that a batch of scattered lights redraws little; more than one, so that blocks are few. */
const BLOCK_LINES = 2;
/** Width of a group's name beside its dots, as in the style sheet. */
const NAME_PX = 112;

const idOf = (light: string): string => `dot-${light}`;

interface BlockProps {
	readonly rows: readonly Row[];
	readonly across: number;
	readonly words: Words;
	/** Which of `rows` is picked; -1 = none of them. */
	readonly picked: number;
}

/** Some lines of dots. It is drawn anew only when one of its own rows changed: of ten thousand lights a batch names few. */
class Block extends Component<BlockProps> {
	override shouldComponentUpdate(next: BlockProps): boolean {
		const { rows, across, words: w, picked } = this.props;
		if (next.words !== w || next.across !== across || next.picked !== picked) return true;
		return next.rows.length !== rows.length || next.rows.some((row, i) => row !== rows[i]);
	}
	override render({ rows, across, words: w, picked }: BlockProps) {
		const placed = rows.map((row, i) => ({
			row,
			dot: dotOf(row.view),
			x: (i % across) * PITCH_X + EDGE,
			y: Math.floor(i / across) * PITCH_Y + 1,
		}));
		const frame = placed[picked];
		return (
			<svg
				class="dotblock"
				width={across * PITCH_X + 2 * EDGE}
				height={Math.ceil(rows.length / across) * PITCH_Y}
				role="presentation"
			>
				<DotPaths dots={placed} />
				{placed.map(({ row, x, y }, i) => (
					<rect
						key={row.view.light}
						id={idOf(row.view.light)}
						class="dot"
						role="option"
						aria-selected={i === picked}
						aria-label={sayLight(row.view, w)}
						x={x}
						y={y}
						width="22"
						height="12"
						{...dataOf(row)}
					/>
				))}
				{frame !== undefined && <rect class="pick" x={frame.x - 1} y={frame.y - 1} width="24" height="14" />}
			</svg>
		);
	}
}

interface Picking {
	readonly picked: string | null;
	readonly pick: (light: string) => void;
}

const STEPS: Readonly<Record<string, (across: number) => number>> = {
	ArrowRight: () => 1,
	ArrowLeft: () => -1,
	ArrowDown: (across) => across,
	ArrowUp: (across) => -across,
};

function Group({ group, across, picked, pick }: Picking & { readonly group: Company; readonly across: number }) {
	const w = words.value;
	const { rows } = group;
	const name = group.name ?? w.noCompany;
	const size = BLOCK_LINES * across;
	const blocks = Array.from({ length: Math.ceil(rows.length / size) }, (_, n) => rows.slice(n * size, (n + 1) * size));
	const place = picked === null ? -1 : rows.findIndex((r) => r.view.light === picked);
	const take = (index: number) => {
		const row = rows[index];
		if (row !== undefined) pick(row.view.light);
	};
	// The first click picks, a second on the same dot opens its story.
	const onClick = (event: MouseEvent) => {
		const box = (event.currentTarget as HTMLElement).getBoundingClientRect();
		const column = Math.min(across - 1, Math.floor((event.clientX - box.left - EDGE) / PITCH_X));
		const index = Math.floor((event.clientY - box.top) / PITCH_Y) * across + column;
		if (index === place) go("story", rows[index]?.view.light ?? null);
		else take(index);
	};
	const onKeyDown = (event: KeyboardEvent) => {
		if (event.key === "Enter") {
			if (place < 0) take(0);
			else go("story", rows[place]?.view.light ?? null);
			return;
		}
		const step = STEPS[event.key]?.(across);
		if (step === undefined) return;
		event.preventDefault();
		take(place < 0 ? 0 : place + step);
	};
	return (
		<section class="dotg">
			<div>
				<h3>{name}</h3>
				<p>{w.lights(rows.length)}</p>
				{group.hands > 0 && <p>{w.handsOf(group.hands)}</p>}
			</div>
			<div
				class="dotlist"
				role="listbox"
				tabIndex={0}
				aria-label={`${name}, ${w.lights(rows.length)}, ${w.dotsHelp}`}
				aria-activedescendant={place < 0 ? undefined : idOf(rows[place]?.view.light ?? "")}
				onClick={onClick}
				onKeyDown={onKeyDown}
			>
				{blocks.map((block, n) => (
					<Block
						key={n}
						rows={block}
						across={across}
						words={w}
						picked={place >= n * size && place < (n + 1) * size ? place - n * size : -1}
					/>
				))}
			</div>
		</section>
	);
}

/** Every light of the fleet in one glance, and the picked one beside it. */
export function Dots() {
	const groups = byCompany.value;
	const [chosen, pick] = useState<string | null>(null);
	const [width, setWidth] = useState(1120);
	const box = useRef<HTMLDivElement>(null);
	useLayoutEffect(() => {
		const element = box.current;
		if (element === null) return undefined;
		const watch = new ResizeObserver(() => setWidth(element.clientWidth));
		setWidth(element.clientWidth);
		watch.observe(element);
		return () => watch.disconnect();
	}, []);
	const across = Math.max(1, Math.floor((width - (narrow.value ? 0 : NAME_PX) - 2 * EDGE) / PITCH_X));
	const row = (chosen === null ? undefined : lights.value.byId.get(chosen)) ?? worstOf(groups);
	return (
		<div class="dots">
			<div ref={box}>
				{groups.map((group) => (
					<Group key={group.name ?? ""} group={group} across={across} picked={row?.view.light ?? null} pick={pick} />
				))}
			</div>
			{row !== undefined && <Side row={row} pick={pick} />}
		</div>
	);
}

/** Steps from the picked light to its neighbours in the order of the dots: dots are too small for a thumb. */
function Steps({ row, pick }: { readonly row: Row; readonly pick: (light: string) => void }) {
	const w = words.value;
	const go = (step: number) => () => {
		const all = byCompany.peek().flatMap((g) => g.rows);
		const place = all.findIndex((r) => r.view.light === row.view.light);
		const next = all[(place + step + all.length) % all.length];
		if (next !== undefined) pick(next.view.light);
	};
	return (
		<p class="steps">
			<a class="btn" href={hrefOf("story", row.view.light)} onClick={goBy("story", row.view.light)}>
				{w.story}
			</a>
			<button type="button" class="btn" onClick={go(-1)}>
				{w.previous}
			</button>
			<button type="button" class="btn" onClick={go(1)}>
				{w.next}
			</button>
		</p>
	);
}

function Side({ row, pick }: { readonly row: Row; readonly pick: (light: string) => void }) {
	const w = words.value;
	const { view } = row;
	return (
		<aside class="side" aria-label={w.picked}>
			<Lamp view={view} words={w} />
			<div class="facts">
				<AgeBar row={row} kind="rail" />
				<div class="l1">
					<Open row={row} words={w} stop />
					<Status status={view.status} words={w} />
				</div>
				<p class="q why">
					<WhyText row={row} words={w} />
				</p>
				<dl class="kv">
					<dt>{w.desiredLong}</dt>
					<dd>
						<b>{view.desired}</b>
					</dd>
					<dt>{w.ackedLong}</dt>
					<dd>
						<b>{view.acked ?? "—"}</b>
					</dd>
					<dt>{w.observedLong}</dt>
					<dd>
						<b>{observedSign(view)}</b>
					</dd>
					<dt>{w.age}</dt>
					<dd>
						<Age row={row} words={w} long />
					</dd>
					<dt class="hide">{w.company}</dt>
					<dd class="hide">{view.company ?? "—"}</dd>
					<dt class="hide">{w.light}</dt>
					<dd class="mono hide">{view.light}</dd>
				</dl>
				<Steps row={row} pick={pick} />
			</div>
		</aside>
	);
}
