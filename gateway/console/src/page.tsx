import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { Cards } from "./cards.tsx";
import { Densities, Find, Tally } from "./controls.tsx";
import { Sprite } from "./dot.tsx";
import { Dots } from "./dots.tsx";
import { NamePlate } from "./name-plate.tsx";
import {
	byCompany,
	density,
	depot,
	filtered,
	lights,
	link,
	loaded,
	refused,
	status,
	text,
	wallTop,
	words,
} from "./state.ts";
import { Table } from "./table.tsx";
import { Turned } from "./turned.tsx";

/** What stands in place of the wall when there is nothing to draw, or nobody to ask. */
const Instead = ({ title, children }: { readonly title: string; readonly children: ComponentChildren }) => (
	<div class="sec" role="status">
		<h2>{title}</h2>
		{children}
	</div>
);

function Failed() {
	const w = words.value;
	const why = refused.value;
	return (
		<Instead title={w.failed}>
			{why !== null && (
				<p>
					<b class="mono">{why.code}</b> {why.message} {why.next}
				</p>
			)}
			{why === null && (
				<p>
					<b class="mono">no-answer</b>
				</p>
			)}
			<p class="q">{why === null ? w.failedText : w.refusedText}</p>
		</Instead>
	);
}

function NoMatch() {
	const w = words.value;
	return (
		<Instead title={w.emptyTitle}>
			<p class="q">{w.emptyText}</p>
			<p>
				<button
					type="button"
					class="btn"
					id="clear"
					onClick={() => {
						text.value = "";
						status.value = null;
					}}
				>
					{w.clear}
				</button>
			</p>
		</Instead>
	);
}

/** Rules without text, no spinner. */
const Loading = ({ label }: { readonly label: string }) => (
	<div class="loading" role="status">
		<span class="sr">{label}</span>
		<i />
		<i />
		<i />
	</div>
);

function Wall() {
	const w = words.value;
	if (!loaded.value) return link.value === "failed" ? <Failed /> : <Loading label={w.loading} />;
	if (lights.value.order.length === 0)
		return (
			<Instead title={w.noLights}>
				<p class="q">{w.noLightsText}</p>
			</Instead>
		);
	if (byCompany.value.length === 0) return <NoMatch />;
	return density.value === "row" ? <Table /> : density.value === "dot" ? <Dots /> : <Cards />;
}

/** What the depot itself has to say: a doubted clock, pulls that wait for a person, a stream that is cut. */
function Notices() {
	const w = words.value;
	const held = depot.value?.held ?? 0;
	const doubt = depot.value?.clock ?? null;
	return (
		<>
			{link.value === "cut" && (
				<p class="notice" role="alert">
					{w.cutNote}
				</p>
			)}
			{doubt !== null && (
				<p class="notice" role="alert">
					<b class="mono">{doubt.code}</b> {w.clockDoubt}
				</p>
			)}
			{held > 0 && <p class="notice">{w.held(held)}</p>}
		</>
	);
}

function Count() {
	const w = words.value;
	if (!loaded.value) return null;
	const found = byCompany.value.reduce((sum, c) => sum + c.rows.length, 0);
	return (
		<p class="q" role="status">
			{filtered.value ? w.found(found) : w.count(lights.value.order.length.toLocaleString("en"))}
		</p>
	);
}

/** Everything above the wall; says where the wall begins whenever its height changes. */
function Above({ children }: { readonly children: ComponentChildren }) {
	const box = useRef<HTMLDivElement>(null);
	useLayoutEffect(() => {
		const element = box.current;
		if (element === null) return undefined;
		const watch = new ResizeObserver(() => {
			wallTop.value = element.offsetTop + element.offsetHeight;
		});
		watch.observe(element);
		return () => watch.disconnect();
	}, []);
	return <div ref={box}>{children}</div>;
}

export function Page() {
	const w = words.value;
	return (
		<>
			<a class="skip" href="#main">
				{w.skip}
			</a>
			<Sprite />
			<NamePlate />
			<main id="main" tabIndex={-1}>
				<Above>
					<div class="head">
						<h1>{w.title}</h1>
						<Count />
						<Turned />
						<span class="sp" />
						<Find />
						<Densities />
					</div>
					<Notices />
					<Tally />
				</Above>
				<Wall />
			</main>
		</>
	);
}
