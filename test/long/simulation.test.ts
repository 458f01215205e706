import { describe, expect, it } from "vitest";
import { PLANTS } from "../../simulator/scenario/plants.ts";
import { inWords, simulate } from "../support/simulate.ts";

const NIGHTLY = process.env.LIANGXING_LANE === "nightly";
const STEPS = 4000;
/** Seeds 1-20 are promised for each plant, all of them in the nightly lane. */
const PLANT_SEEDS = NIGHTLY ? 20 : 3;
const CLEAN_SEEDS = NIGHTLY ? 400 : 40;
/** Runs that see many decks: swarms of moves, and store, light and broker after hours. */
const LONG_RUNS = NIGHTLY ? 10 : 1;
const LONG_STEPS = 60_000;

const seeds = (count: number, from = 1): number[] => Array.from({ length: count }, (_, i) => from + i);

describe("each planted bug is found within 4,000 steps", () => {
	for (const plant of PLANTS) {
		it(`${plant.name} from seeds 1-${PLANT_SEEDS}`, () => {
			const missed = seeds(PLANT_SEEDS).filter((seed) => simulate(seed, STEPS, plant.name).violations.length === 0);
			expect(missed).toEqual([]);
		});
	}
});

describe("without a plant no rule is broken", () => {
	it(`from seeds 1-${CLEAN_SEEDS}`, () => {
		for (const seed of seeds(CLEAN_SEEDS)) expect(inWords(simulate(seed, STEPS))).toEqual([]);
	});

	for (const seed of seeds(LONG_RUNS, 5001)) {
		it(`in ${LONG_STEPS} steps from seed ${seed}`, () => {
			expect(inWords(simulate(seed, LONG_STEPS))).toEqual([]);
		});
	}
});
