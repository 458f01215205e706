import { effect } from "@preact/signals";
import { render } from "preact";
import { Page } from "./page.tsx";
import { address, density, language, narrow, now, readAddress, systemTheme, theme, words } from "./state.ts";
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
	document.title = `${words.value.title} · 亮星`;
});
effect(() => history.replaceState(null, "", `${location.pathname}${address()}${location.hash}`));
setInterval(tick, TICK_MS);
document.addEventListener("visibilitychange", tick);

const app = document.getElementById("app");
if (app !== null) render(<Page />, app);
openStream(clock);
