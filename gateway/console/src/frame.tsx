import { useLayoutEffect, useRef } from "preact/hooks";
import { goBy, hrefOf } from "./address.ts";
import { Sprite } from "./dot.tsx";
import { NamePlate } from "./name-plate.tsx";
import { PAGES } from "./page-ids.ts";
import { Drawn } from "./pages.tsx";
import { page, storyLight, words } from "./state.ts";

/** The line of pages; on a phone it is moved sideways, the present one in sight. */
function Pages() {
	const w = words.value;
	const current = useRef<HTMLAnchorElement>(null);
	const shown = page.value;
	useLayoutEffect(() => {
		const link = current.current;
		const list = link?.closest("ol");
		if (link == null || list == null) return;
		const out =
			link.offsetLeft < list.scrollLeft || link.offsetLeft + link.offsetWidth > list.scrollLeft + list.clientWidth;
		if (out) list.scrollLeft = link.offsetLeft - 16;
	}, [shown, w]);
	return (
		<nav class="nav" aria-label={w.pagesLabel}>
			<ol>
				{PAGES.map((id, n) => (
					<li key={id}>
						<a
							href={hrefOf(id, storyLight.value)}
							ref={id === shown ? current : null}
							aria-current={id === shown ? "page" : undefined}
							aria-keyshortcuts={String(n + 1)}
							onClick={goBy(id, storyLight.value)}
						>
							<i aria-hidden="true">{n + 1}</i>
							{w.pages[id]}
						</a>
					</li>
				))}
			</ol>
		</nav>
	);
}

/** What stands around every page. A new page takes the focus, so that keys and screen readers begin at its head. */
export function Frame() {
	const main = useRef<HTMLElement>(null);
	const place = `${page.value} ${page.value === "story" ? storyLight.value : ""}`;
	const before = useRef(place);
	// Before the paint, and so before any field that the new page wants to have the focus.
	useLayoutEffect(() => {
		if (before.current === place) return;
		before.current = place;
		main.current?.focus({ preventScroll: true });
	}, [place]);
	return (
		<>
			<a class="skip" href="#main">
				{words.value.skip}
			</a>
			<Sprite />
			<NamePlate />
			<Pages />
			<main id="main" tabIndex={-1} ref={main} aria-label={words.value.pages[page.value]}>
				<Drawn page={page.value} />
			</main>
		</>
	);
}
