import { computed, signal } from "@preact/signals";
import type { DepotView, LightStatus } from "../../core/types.ts";
import { arrange, type Filter, type Row, STATUSES, tally } from "./row.ts";
import { type Language, WORDS } from "./words.ts";

export type Density = "card" | "row" | "dot";
export type Link = "connecting" | "live" | "cut" | "failed";

/** The page's clock, milliseconds; moved on by `main.tsx` only. */
export const now = signal(0);
export const link = signal<Link>("connecting");
/** When the stream was last heard, on the page's clock. */
export const heardAt = signal(0);
/** All lights by id; replaced as a whole map at each batch. */
export const rows = signal<ReadonlyMap<string, Row>>(new Map());
export const depot = signal<DepotView | null>(null);
/** Whether a first snapshot has come. */
export const loaded = signal(false);

export const language = signal<Language>("zh");
export const theme = signal<"light" | "dark">("light");
export const density = signal<Density>("card");
export const text = signal("");
export const status = signal<LightStatus | null>(null);

export const words = computed(() => WORDS[language.value]);
export const filter = computed<Filter>(() => ({ text: text.value, status: status.value }));
export const wall = computed(() => arrange(rows.value.values(), filter.value));
export const counts = computed(() => tally(rows.value.values()));

/** What the address says: filter, density, language and theme survive a reload and can be sent to a colleague. */
export function readAddress(search: string, prefersDark: boolean): void {
	const query = new URLSearchParams(search);
	language.value = query.get("lang") === "en" ? "en" : "zh";
	const asked = query.get("theme");
	theme.value = asked === "dark" || (asked === null && prefersDark) ? "dark" : "light";
	const d = query.get("d");
	density.value = d === "row" || d === "dot" ? d : "card";
	text.value = query.get("q") ?? "";
	status.value = STATUSES.find((s) => s === query.get("s")) ?? null;
}

/** The address for the present state. */
export function address(): string {
	const query = new URLSearchParams();
	if (language.value === "en") query.set("lang", "en");
	if (theme.value === "dark") query.set("theme", "dark");
	if (density.value !== "card") query.set("d", density.value);
	if (text.value !== "") query.set("q", text.value);
	if (status.value !== null) query.set("s", status.value);
	const search = query.toString();
	return search === "" ? "/" : `/?${search}`;
}
