import { useEffect, useRef } from "preact/hooks";
import { codeText } from "./codes.ts";
import { depot, words } from "./state.ts";
import type { Words } from "./words.ts";

type Counts = Readonly<Record<string, number>>;

const sum = (counts: Counts): number => Object.values(counts).reduce((a, b) => a + b, 0);
const number = (n: number): string => n.toLocaleString("en");
const most = (counts: Counts) => Object.entries(counts).sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1));

/** One kind of counts, the most frequent first; nothing where nothing was counted. */
function List({ title, counts, words }: { readonly title: string; readonly counts: Counts; readonly words: Words }) {
	if (sum(counts) === 0) return null;
	return (
		<section>
			<h3>{title}</h3>
			<dl>
				{most(counts).map(([code, n]) => (
					<div key={code} data-code={code}>
						<dt>
							{codeText(code, words)} <small class="mono">{code}</small>
						</dt>
						<dd>{number(n)}</dd>
					</div>
				))}
			</dl>
		</section>
	);
}

/**
 * How much was refused by lights, not believed by the gateway, or turned away by its broker since the start: one quiet line that
 * opens to the codes. Nothing at all while nothing was.
 */
export function Turned() {
	const w = words.value;
	const box = useRef<HTMLDetailsElement>(null);
	useEffect(() => {
		const close = (event: Event): void => {
			const { current } = box;
			if (current === null || !current.open) return;
			if (event instanceof KeyboardEvent ? event.key === "Escape" : !current.contains(event.target as Node))
				current.open = false;
		};
		document.addEventListener("keydown", close);
		document.addEventListener("pointerdown", close);
		return () => {
			document.removeEventListener("keydown", close);
			document.removeEventListener("pointerdown", close);
		};
	}, []);
	if (depot.value === null) return null;
	const { refusals, dropped, broker } = depot.value;
	const refused = sum(refusals);
	const away = sum(dropped) + sum(broker);
	if (refused + away === 0) return null;
	const codes = [refusals, dropped, broker].flatMap(most).map(([code, n]) => `${codeText(code, w)} ${number(n)}`);
	return (
		<details class="turned" ref={box}>
			<summary title={codes.join("\n")}>{w.turned(number(refused), number(away))}</summary>
			<div class="codes">
				<p class="q3">{w.turnedTitle}</p>
				<List title={w.refusedByLights} counts={refusals} words={w} />
				<List title={w.notBelieved} counts={dropped} words={w} />
				<List title={w.turnedByBroker} counts={broker} words={w} />
				{refused > 0 && <p class="q3">{w.usualNote}</p>}
			</div>
		</details>
	);
}
