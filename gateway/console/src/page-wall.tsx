import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { Cards } from "./cards.tsx";
import { Densities, Find, Tally } from "./controls.tsx";
import { Dots } from "./dots.tsx";
import { Notices } from "./notices.tsx";
import { Instead, Loading } from "./shown.tsx";
import { byCompany, density, filtered, lights, link, loaded, refused, status, text, wallTop, words } from "./state.ts";
import { Table } from "./table.tsx";
import { Turned } from "./turned.tsx";

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

/** All lights: what needs a person first. */
export function WallPage() {
	const w = words.value;
	return (
		<>
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
		</>
	);
}
