import { Director } from "./director.ts";
import type { Parts, SimCrypto, TraceSink, Violation } from "./parts.ts";
import { World } from "./world.ts";

/** What a run came to. */
export interface RunResult {
	readonly seed: number;
	readonly steps: number;
	/** Hours of virtual time. */
	readonly virtualHours: number;
	/** Faults and hostile moves, by kind. */
	readonly faults: Readonly<Record<string, number>>;
	readonly violations: readonly Violation[];
	/** Answers to calls, by code; for looking. */
	readonly answers: Readonly<Record<string, number>>;
}

const MS_PER_HOUR = 3_600_000;
const sorted = (map: ReadonlyMap<string, number>): Record<string, number> =>
	Object.fromEntries([...map].sort(([a], [b]) => (a < b ? -1 : 1)));

/**
 * Runs one seed for `steps` events, with the judge after each; ends early at the first violation. `progress` is called now and then.
 */
export function run(options: {
	readonly seed: number;
	readonly steps: number;
	readonly crypto: SimCrypto;
	readonly parts: Parts;
	readonly trace: TraceSink;
	readonly progress?: (steps: number) => void;
}): RunResult {
	const { seed, steps, crypto, parts, trace, progress } = options;
	const world = new World(seed, crypto, parts, trace);
	new Director(world).begin();
	while (world.clock.steps() < steps && world.violations.length === 0) {
		if (!world.clock.step()) break;
		world.lightChecker.afterStep();
		world.gatewayChecker.afterStep();
		world.changesChecker.afterStep();
		if (world.clock.steps() % 10_000 === 0) progress?.(world.clock.steps());
	}
	return {
		seed,
		steps: world.clock.steps(),
		virtualHours: Math.round((world.clock.now() / MS_PER_HOUR) * 1000) / 1000,
		faults: sorted(world.faults),
		violations: world.violations,
		answers: sorted(world.caller.answers),
	};
}
