import { go } from "./address.ts";
import { PAGES } from "./page-ids.ts";
import { page } from "./state.ts";

/** Whether what is pressed is meant for a field. */
const typing = (target: EventTarget | null): boolean =>
	target instanceof HTMLElement &&
	(target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName) || target.closest("dialog") !== null);

/** The field of the plate search, once it is drawn. */
const FIND_ID = "find";

function focusFind(): void {
	const field = document.getElementById(FIND_ID);
	if (field instanceof HTMLInputElement) {
		field.focus();
		field.select();
	}
}

/** Keys that hold everywhere: 1 to 9 choose a page, / goes to the plate search. Not while something is typed. */
export function followKeys(): void {
	document.addEventListener("keydown", (event) => {
		if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || typing(event.target)) return;
		const chosen = /^[1-9]$/.test(event.key) ? PAGES[Number(event.key) - 1] : undefined;
		if (chosen !== undefined) {
			event.preventDefault();
			go(chosen);
		} else if (event.key === "/") {
			event.preventDefault();
			if (page.value !== "wall") go("wall");
			// The wall is drawn in the next turn, and the frame puts the focus on it.
			requestAnimationFrame(() => setTimeout(focusFind));
		}
	});
}
