import { computed } from "@preact/signals";
import { go, hrefOf } from "./address.ts";
import { Plate } from "./parts.tsx";
import type { Row } from "./row.ts";
import type { Words } from "./words.ts";

/** Made once, not for each of thousands of lights: only the light's id differs. */
const storyLink = computed(() => hrefOf("story"));

const asked = (event: MouseEvent): boolean =>
	!(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey || event.button !== 0);

/** A click anywhere on a card or row opens the story of its light; what is a control of its own keeps its click. */
export function openClicked(event: MouseEvent): void {
	const target = event.target instanceof Element ? event.target : null;
	const light = target?.closest("[data-light]")?.getAttribute("data-light");
	if (light == null || !asked(event) || target?.closest("button") !== null) return;
	// Somebody marks text to copy it.
	if (document.getSelection()?.isCollapsed === false) return;
	event.preventDefault();
	go("story", light);
}

/** The link itself: without a load of the page. */
function openLink(event: MouseEvent): void {
	const link = event.currentTarget as HTMLAnchorElement;
	if (!asked(event)) return;
	event.preventDefault();
	event.stopPropagation();
	go("story", new URLSearchParams(link.search).get("light"));
}

interface OpenProps {
	readonly row: Row;
	readonly words: Words;
	/** Whether the tab key stops here; the arrow keys reach all. */
	readonly stop: boolean;
}

/** The plate as a link to the light's story: for the keyboard, for a tab of its own, and for who reads by ear. */
export function Open({ row, words, stop }: OpenProps) {
	const { light, plate } = row.view;
	return (
		<a
			class="open"
			// Looked at, not followed: a subscription for each row that comes into sight costs more than the row.
			href={`${storyLink.peek()}&light=${light}`}
			tabIndex={stop ? 0 : -1}
			onClick={openLink}
			aria-label={plate === null ? `${words.unbound} ${light}` : undefined}
		>
			<Plate row={row} words={words} />
		</a>
	);
}

const SIDEWAYS: Readonly<Record<string, number>> = { ArrowRight: 1, ArrowLeft: -1 };
const UPRIGHT: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1 };

/** The nearest of `all` above or below, by the middle of the cards; undefined = none there. */
function nearest(all: readonly HTMLElement[], from: HTMLElement, step: number): HTMLElement | undefined {
	const own = from.getBoundingClientRect();
	let best: HTMLElement | undefined;
	let least = Number.POSITIVE_INFINITY;
	for (const one of all) {
		const box = one.getBoundingClientRect();
		const down = (box.top - own.top) * step;
		if (down < own.height) continue;
		// A line nearer is always nearer than a column.
		const far = down * 10 + Math.abs(box.left - own.left);
		if (far < least) {
			least = far;
			best = one;
		}
	}
	return best;
}

/** Arrow keys go from card to card over all groups, Home and End to the first and the last. */
export function walkCards(event: KeyboardEvent): void {
	const from = event.target instanceof HTMLElement && event.target.matches("a.open") ? event.target : null;
	if (from === null || event.ctrlKey || event.metaKey || event.altKey) return;
	const all = [...document.querySelectorAll<HTMLElement>(".shelf a.open")];
	const place = all.indexOf(from);
	const side = SIDEWAYS[event.key];
	const up = UPRIGHT[event.key];
	const next =
		side !== undefined
			? all[place + side]
			: up !== undefined
				? nearest(all, from, up)
				: event.key === "Home"
					? all[0]
					: event.key === "End"
						? all.at(-1)
						: undefined;
	if (next === undefined) return;
	event.preventDefault();
	next.focus();
}
