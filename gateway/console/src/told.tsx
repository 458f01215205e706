import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";

interface ToldProps {
	/** What it is about, for a test or a script: `data-told`. */
	readonly what: string;
	readonly children: ComponentChildren;
}

/**
 * What a decision came to. It takes the focus: what was pressed is gone by then, and keys and screen readers go on at the outcome.
 * Give it a key, so that another outcome takes it again.
 */
export function Told({ what, children }: ToldProps) {
	const box = useRef<HTMLParagraphElement>(null);
	useEffect(() => {
		// After the dialog has given the focus back.
		let timer: ReturnType<typeof setTimeout> | null = null;
		const frame = requestAnimationFrame(() => {
			timer = setTimeout(() => box.current?.focus());
		});
		return () => {
			cancelAnimationFrame(frame);
			if (timer !== null) clearTimeout(timer);
		};
	}, []);
	return (
		<p class="notice told" role="status" tabIndex={-1} ref={box} data-told={what}>
			{children}
		</p>
	);
}
