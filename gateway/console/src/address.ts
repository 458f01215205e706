import { batch, effect } from "@preact/signals";
import { readLanguage } from "./language.ts";
import { PAGES, type PageId } from "./page-ids.ts";
import { STATUSES } from "./row.ts";
import { chosenTheme, density, language, ownLanguage, page, status, storyLight, text } from "./state.ts";

/**
 * What the address holds: page, light, language, theme, density and filter; it can be sent to a colleague. Never what was searched:
 * that is a plate, and addresses end up in logs and histories. It is kept for this tab alone.
 */
const FIND_KEY = "liangxing.find";
/** The shape of a light id; whether there is such a light the gateway knows. Nothing else, a plate least of all, gets into an address. */
const LIGHT_SHAPE = /^[0-9A-Z]{6,32}$/;

const HOME: PageId = "wall";

/** Takes page and light from an address; what the going back and forth of the browser changes. */
function readWhere(search: string): void {
	const query = new URLSearchParams(search);
	const light = (query.get("light") ?? "").toUpperCase();
	page.value = PAGES.find((p) => p === query.get("p")) ?? HOME;
	storyLight.value = LIGHT_SHAPE.test(light) ? light : null;
}

/** Takes all that an address says. */
export function readAddress(search: string): void {
	const query = new URLSearchParams(search);
	readLanguage(search);
	const asked = query.get("theme");
	chosenTheme.value = asked === "dark" || asked === "light" ? asked : null;
	const d = query.get("d");
	density.value = d === "row" || d === "dot" ? d : "card";
	status.value = STATUSES.find((s) => s === query.get("s")) ?? null;
	readWhere(search);
}

/** The query of a page with everything else as it is now, "" or with its question mark; the order is always the same. */
export function addressOf(where: PageId, light: string | null = null): string {
	const query = new URLSearchParams();
	if (where !== HOME) query.set("p", where);
	if (where === "story" && light !== null) query.set("light", light);
	// Chinese goes without saying, but in a browser that would have another.
	if (language.value !== "zh" || ownLanguage.value !== "zh") query.set("lang", language.value);
	if (chosenTheme.value !== null) query.set("theme", chosenTheme.value);
	if (density.value !== "card") query.set("d", density.value);
	if (status.value !== null) query.set("s", status.value);
	const search = query.toString();
	return search === "" ? "" : `?${search}`;
}

/** Where a link to a page leads. */
export const hrefOf = (where: PageId, light: string | null = null): string => `/${addressOf(where, light)}`;

/** Goes to a page; the browser's way back leads to the one before. */
export function go(where: PageId, light: string | null = null): void {
	if (where === page.value && (where !== "story" || light === storyLight.value)) return;
	batch(() => {
		page.value = where;
		// The story page keeps its light while another page is looked at.
		if (where === "story" && light !== null) storyLight.value = light;
	});
	window.scrollTo(0, 0);
}

/** For a link: goes there without a load of the page, unless the browser is asked for a tab or window of its own. */
export const goBy =
	(where: PageId, light: string | null = null) =>
	(event: MouseEvent): void => {
		if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey || event.button !== 0) return;
		event.preventDefault();
		go(where, light);
	};

/** The storage of this tab; a browser may refuse it. */
function tabStorage(): Storage | null {
	try {
		return window.sessionStorage;
	} catch {
		return null;
	}
}

/** Keeps the address, and what is searched, in step with the page's state. */
export function followAddress(): void {
	const storage = tabStorage();
	text.value = storage?.getItem(FIND_KEY) ?? "";
	effect(() => storage?.setItem(FIND_KEY, text.value));
	const place = () => `${page.value} ${page.value === "story" ? (storyLight.value ?? "") : ""}`;
	let last = place();
	effect(() => {
		const wanted = addressOf(page.value, storyLight.value);
		const now = place();
		const moved = now !== last;
		last = now;
		if (wanted === location.search) return;
		const url = `${location.pathname}${wanted}`;
		if (moved) history.pushState(null, "", url);
		else history.replaceState(null, "", `${url}${location.hash}`);
	});
	window.addEventListener("popstate", () => {
		batch(() => {
			readWhere(location.search);
			// The effect that follows must not take this for a new place.
			last = place();
		});
	});
}
