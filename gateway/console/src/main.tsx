import { effect } from "@preact/signals";
import { render } from "preact";
import { followAddress, readAddress } from "./address.ts";
import { Frame } from "./frame.tsx";
import { followKeys } from "./keys.ts";
import { density, language, narrow, now, page, storyLight, systemTheme, theme, words } from "./state.ts";
import { openStream } from "./stream.ts";

/** The live indicator shows tenths of a second: often enough to be seen running, seldom enough for a phone. */
const TICK_MS = 250;

/** The page's only reader of the real clock. */
const clock = (): number => Date.now();
const tick = (): void => {
	if (!document.hidden) now.value = clock();
};

function follow(query: string, take: (matches: boolean) => void): void {
	const list = matchMedia(query);
	take(list.matches);
	list.addEventListener("change", () => take(list.matches));
}

tick();
readAddress(location.search);
follow("(prefers-color-scheme: dark)", (dark) => {
	systemTheme.value = dark ? "dark" : "light";
});
follow("(max-width: 760px)", (matches) => {
	narrow.value = matches;
});
effect(() => {
	const root = document.documentElement;
	root.lang = language.value === "zh" ? "zh-CN" : "en";
	root.dataset["theme"] = theme.value;
	root.dataset["density"] = density.value;
	root.dataset["page"] = page.value;
	// A title is kept in the browser's history like an address: of a light it holds the id, never the plate.
	const light = page.value === "story" && storyLight.value !== null ? ` ${storyLight.value}` : "";
	document.title = `${words.value.pages[page.value]}${light} · 亮星`;
});
followAddress();
followKeys();
setInterval(tick, TICK_MS);
document.addEventListener("visibilitychange", tick);

const app = document.getElementById("app");
if (app !== null) render(<Frame />, app);
openStream(clock);
