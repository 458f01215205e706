import { describe, expect, it } from "vitest";
import { LINKS } from "../../gateway/core/why/link.ts";
import { EN } from "../../gateway/core/why/words-en.ts";
import { ZH } from "../../gateway/core/why/words-zh.ts";
import { FAULTS } from "../../simulator/scenario/faults.ts";
import { flawsOf, missesOf, runCalm, runFault } from "../support/why-faults.ts";

/** The first seed of each kind: nothing about these is unclear. The long lane plants 200, the nightly one 2,000. */
const CLEAR = FAULTS.length;

const seeds = (from: number, count: number): number[] => Array.from({ length: count }, (_, i) => from + i);

describe("why a light shows what it shows", () => {
	it(`names the link that was broken on purpose, in each of ${CLEAR} clear cases`, { timeout: 60_000 }, () => {
		const runs = seeds(1, CLEAR).map((seed) => runFault(seed));
		expect(missesOf(runs)).toEqual([]);
		expect(flawsOf(runs)).toEqual([]);
	});

	it("is nothing to mend where the lamps show what is owed, through shifts, cuts, restarts and renewals", {
		timeout: 60_000,
	}, () => {
		for (const seed of seeds(1, 8)) expect(runCalm(seed).map((alarm) => `seed ${seed}: ${alarm}`)).toEqual([]);
	});

	it("can be another link for each of the six, and each has several ways to break", () => {
		const kinds = new Set(FAULTS.map(({ kind }) => kind));
		expect(kinds.size).toBe(FAULTS.length);
		for (const link of LINKS) expect(FAULTS.filter((fault) => fault.link === link).length, link).toBeGreaterThan(1);
	});

	it("has words and a next step for every code, in both languages, with the same facts in them", () => {
		const placesOf = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(String).sort();
		for (const [code, words] of Object.entries(EN)) {
			const zh = ZH[code as keyof typeof EN];
			expect([code, placesOf(zh.detail), placesOf(zh.next)]).toEqual([
				code,
				placesOf(words.detail),
				placesOf(words.next),
			]);
			expect([code, zh.detail === "", zh.next === ""]).toEqual([code, false, words.next === ""]);
		}
	});
});
