import type { RefObject } from "preact";
import { useEffect, useLayoutEffect, useReducer, useRef, useState } from "preact/hooks";

/** Rows drawn above and below what is in sight: enough for a flick of the wheel. */
const OVERSCAN = 8;

export interface Range {
	readonly from: number;
	/** The first row that is not drawn any more. */
	readonly to: number;
}

/** The rows of `count`, each `rowPx` high, that are near what is in sight while the list's top is `top` pixels below the page's. */
export function rangeInSight(count: number, rowPx: number, top: number, scrollY: number, height: number): Range {
	const first = Math.floor((scrollY - top) / rowPx) - OVERSCAN;
	const last = Math.ceil((scrollY + height - top) / rowPx) + OVERSCAN;
	const from = Math.min(Math.max(0, first), count);
	return { from, to: Math.max(from, Math.min(count, last)) };
}

/**
 * A window over a long list of rows of one height in the page's own scroll. Nothing is measured while it scrolls: the list's top
 * changes only when what is above it does (`above`), and a new range is asked for only when other rows come near.
 */
export function useWindowed(list: RefObject<HTMLElement | null>, count: number, rowPx: number, above: unknown): Range {
	const [top, setTop] = useState(0);
	const [, redraw] = useReducer((n: number) => n + 1, 0);
	const look = (): Range => rangeInSight(count, rowPx, top, window.scrollY, window.innerHeight);
	const drawn = useRef<Range>({ from: 0, to: 0 });
	drawn.current = look();
	useLayoutEffect(() => {
		if (list.current !== null) setTop(Math.round(list.current.getBoundingClientRect().top + window.scrollY));
	}, [list, rowPx, above]);
	useEffect(() => {
		const onMove = (): void => {
			const next = look();
			if (next.from !== drawn.current.from || next.to !== drawn.current.to) redraw(0 as never);
		};
		onMove();
		window.addEventListener("scroll", onMove, { passive: true });
		window.addEventListener("resize", onMove, { passive: true });
		return () => {
			window.removeEventListener("scroll", onMove);
			window.removeEventListener("resize", onMove);
		};
	}, [count, rowPx, top]);
	return drawn.current;
}
