import { computed, signal } from "@preact/signals";
import type { LightStatus, StreamedDepot } from "../../core/types.ts";
import { arrange, arrangeByCompany, type Filter, NO_LIGHTS, STATUSES, tally } from "./row.ts";
import { type Language, WORDS } from "./words.ts";

export type Density = "card" | "row" | "dot";
export type Theme = "light" | "dark";
/** `failed`: no first snapshot has come yet; `cut`: there was one, and the stream stopped. */
export type Link = "connecting" | "live" | "cut" | "failed";
/** Why the gateway refused the stream, in its own words; null where it does not answer at all. */
export interface Refused {
	readonly code: string;
	readonly message: string;
	readonly next: string;
}

/** The page's clock, milliseconds since 1970; moved on by `main.tsx` and by each message of the stream, read by everything. */
export const now = signal(0);
/** The same clock in whole seconds: what shows seconds is drawn once a second. */
export const second = computed(() => Math.floor(now.value / 1000) * 1000);
/** And in steps of 10 s: what shows minutes, hours or days need not be drawn more often. */
export const slow = computed(() => Math.floor(now.value / 10_000) * 10_000);

export const link = signal<Link>("connecting");
export const refused = signal<Refused | null>(null);
/** When the stream was last heard, on the page's clock. */
export const heardAt = signal(0);
export const lights = signal(NO_LIGHTS);
export const depot = signal<StreamedDepot | null>(null);
/** The active policy's limit of an age of truth; null before the first snapshot. */
export const ageLimitDays = computed(() => depot.value?.policy.maxAgeDays ?? null);
/** Whether a first snapshot has come. */
export const loaded = signal(false);

export const language = signal<Language>("zh");
/** null = as the system says. */
export const chosenTheme = signal<Theme | null>(null);
export const systemTheme = signal<Theme>("light");
export const theme = computed<Theme>(() => chosenTheme.value ?? systemTheme.value);
export const density = signal<Density>("card");
export const text = signal("");
export const status = signal<LightStatus | null>(null);
/** Where the wall begins, in pixels from the top of the page: below it, thousands of rows are drawn only where they are in sight. */
export const wallTop = signal(0);
/** A phone's width: rows have two lines, groups are shorter. */
export const narrow = signal(false);

export const words = computed(() => WORDS[language.value]);
export const filter = computed<Filter>(() => ({ text: text.value, status: status.value }));
export const filtered = computed(() => text.value.trim() !== "" || status.value !== null);
export const wall = computed(() => arrange(lights.value, filter.value));
export const byCompany = computed(() => arrangeByCompany(lights.value, filter.value));
export const counts = computed(() => tally(lights.value.byId.values()));

/** Takes what the address says: filter, density, language and theme survive a reload and can be sent to a colleague. */
export function readAddress(search: string): void {
	const query = new URLSearchParams(search);
	language.value = query.get("lang") === "en" ? "en" : "zh";
	const asked = query.get("theme");
	chosenTheme.value = asked === "dark" || asked === "light" ? asked : null;
	const d = query.get("d");
	density.value = d === "row" || d === "dot" ? d : "card";
	text.value = query.get("q") ?? "";
	status.value = STATUSES.find((s) => s === query.get("s")) ?? null;
}

/** The query of the present state, "" or with its question mark; the order is always the same. */
export function address(): string {
	const query = new URLSearchParams();
	if (language.value === "en") query.set("lang", "en");
	if (chosenTheme.value !== null) query.set("theme", chosenTheme.value);
	if (density.value !== "card") query.set("d", density.value);
	if (text.value !== "") query.set("q", text.value);
	if (status.value !== null) query.set("s", status.value);
	const search = query.toString();
	return search === "" ? "" : `?${search}`;
}
