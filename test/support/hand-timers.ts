import type { Timers } from "../../protocol/ports/clock.ts";

/** Timers that a test fires by hand, all at once. */
export function handTimers(): { timers: Timers; fire(): void; waiting(): number } {
	let next: (() => void)[] = [];
	const timers: Timers = {
		after: (_name, _delay, run) => {
			next.push(run);
			const cancel = () => {
				next = next.filter((other) => other !== run);
			};
			return { cancel };
		},
	};
	const fire = () => {
		for (const run of next.splice(0)) run();
	};
	return { timers, fire, waiting: () => next.length };
}
