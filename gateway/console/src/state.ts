import { computed, signal } from "@preact/signals";
import type { LightStatus, StreamedDepot } from "../../core/types.ts";
import type { PageId } from "./page-ids.ts";
import type { Problem } from "./problem.ts";
import { arrange, arrangeByCompany, type Filter, NO_LIGHTS, tally } from "./row.ts";
import { type Language, WORDS } from "./words.ts";

export type Density = "card" | "row" | "dot";
export type Theme = "light" | "dark";
/** `failed`: no first snapshot has come yet; `cut`: there was one, and the stream stopped. */
export type Link = "connecting" | "live" | "cut" | "failed";

/** The page's clock, milliseconds since 1970; moved on by `main.tsx` and by each message of the stream, read by everything. */
export const now = signal(0);
/** The same clock in whole seconds: what shows seconds is drawn once a second. */
export const second = computed(() => Math.floor(now.value / 1000) * 1000);
/** And in steps of 10 s: what shows minutes, hours or days need not be drawn more often. */
export const slow = computed(() => Math.floor(now.value / 10_000) * 10_000);

export const link = signal<Link>("connecting");
/** Why the gateway refused the stream; null where it does not answer at all. */
export const refused = signal<Problem | null>(null);
/** When the stream was last heard, on the page's clock. */
export const heardAt = signal(0);
export const lights = signal(NO_LIGHTS);
export const depot = signal<StreamedDepot | null>(null);
/** The active policy's limit of an age of truth; null before the first snapshot. */
export const ageLimitDays = computed(() => depot.value?.policy.maxAgeDays ?? null);
/** Whether a first snapshot has come. */
export const loaded = signal(false);

/** How many whole pictures have come: one more means that the stream was cut and is back. */
export const snapshots = signal(0);

export const page = signal<PageId>("wall");
/** The light whose story is told; null = none was picked yet. */
export const storyLight = signal<string | null>(null);
export const language = signal<Language>("zh");
/** What the browser would have if nobody had chosen. */
export const ownLanguage = signal<Language>("zh");
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
