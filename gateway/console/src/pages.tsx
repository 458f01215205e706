import type { ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { PageId } from "./page-ids.ts";
import { WallPage } from "./page-wall.tsx";
import { Instead, Loading } from "./shown.tsx";
import { words } from "./state.ts";

/**
 * The page table. The wall comes with the console, so that the first paint waits for nothing else; every other page is a file of its
 * own (with its words, `words-<page>.ts`) that is loaded when it is first looked at. Its name in the navigation stands in `words`.
 */
const LOADS: Readonly<Record<Exclude<PageId, "wall">, () => Promise<ComponentType>>> = {
	overview: async () => (await import("./page-overview.tsx")).OverviewPage,
	story: async () => (await import("./page-story.tsx")).StoryPage,
	"bad-rows": async () => (await import("./page-quarantine.tsx")).QuarantinePage,
	held: async () => (await import("./page-held.tsx")).HeldPage,
	policy: async () => (await import("./page-policy.tsx")).PolicyPage,
};

const loaded = new Map<PageId, ComponentType>([["wall", WallPage]]);

/** Draws a page, once it is there. */
export function Drawn({ page }: { readonly page: PageId }) {
	const w = words.value;
	const [failed, fail] = useState<PageId | null>(null);
	const [, came] = useState<PageId | null>(null);
	useEffect(() => {
		if (page === "wall" || loaded.has(page)) return undefined;
		let here = true;
		LOADS[page]().then(
			(view) => {
				loaded.set(page, view);
				if (here) came(page);
			},
			() => here && fail(page),
		);
		return () => {
			here = false;
		};
	}, [page]);
	const View = loaded.get(page);
	if (View !== undefined) return <View />;
	// A gateway that was upgraded has other files than this console asks for.
	if (failed === page)
		return (
			<Instead title={w.noPage}>
				<p class="q">{w.noPageText}</p>
				<p>
					<button type="button" class="btn" onClick={() => location.reload()}>
						{w.reload}
					</button>
				</p>
			</Instead>
		);
	return (
		<>
			<div class="head">
				<h1>{w.pages[page]}</h1>
			</div>
			<Loading label={w.loadingPage} />
		</>
	);
}
