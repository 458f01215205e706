import { expect, it } from "vitest";
import { flawsOf, missesOf, runCalm, runFault, tableOf } from "../support/why-faults.ts";

const NIGHTLY = process.env.LIANGXING_LANE === "nightly";
const FAULTS_PLANTED = NIGHTLY ? 2000 : 200;
const RIGHT_SHARE = 0.99;
const CALMS = NIGHTLY ? 200 : 20;

const seeds = (from: number, count: number): number[] => Array.from({ length: count }, (_, i) => from + i);

it(`why names the planted link in at least 99 % of ${FAULTS_PLANTED} seeds`, () => {
	const runs = seeds(1, FAULTS_PLANTED).map((seed) => runFault(seed));
	process.stdout.write(`${tableOf(runs)}\n${missesOf(runs).join("\n")}\n`);
	expect(runs.filter(({ right }) => right).length).toBeGreaterThanOrEqual(FAULTS_PLANTED * RIGHT_SHARE);
	expect(flawsOf(runs)).toEqual([]);
});

it(`why finds nothing to mend in ${CALMS} fleets that are right`, () => {
	for (const seed of seeds(10_001, CALMS)) expect(runCalm(seed).map((alarm) => `seed ${seed}: ${alarm}`)).toEqual([]);
});
