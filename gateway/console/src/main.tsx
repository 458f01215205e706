import { effect } from "@preact/signals";
import { render } from "preact";
import { Page } from "./page.tsx";
import { address, density, language, now, readAddress, theme, words } from "./state.ts";
import { openStream } from "./stream.ts";

/** Ages and the live indicator move on four times a second: often enough for tenths, seldom enough for a phone. */
const TICK_MS = 250;
const clock = (): number => Date.now();

now.value = clock();
readAddress(location.search, matchMedia("(prefers-color-scheme: dark)").matches);
effect(() => {
	document.documentElement.lang = language.value === "zh" ? "zh-CN" : "en";
	document.documentElement.dataset["theme"] = theme.value;
	document.documentElement.dataset["density"] = density.value;
	document.title = `${words.value.title} · 亮星`;
});
effect(() => history.replaceState(null, "", address()));
setInterval(() => {
	if (!document.hidden) now.value = clock();
}, TICK_MS);

const app = document.getElementById("app");
if (app !== null) render(<Page />, app);
openStream(clock);
