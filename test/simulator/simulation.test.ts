import { describe, expect, it } from "vitest";
import { PLANTS } from "../../simulator/scenario/plants.ts";
import { inWords, simulate } from "../support/simulate.ts";

describe("the deterministic simulation", () => {
	it("does the same again from the same seed, and something else from another", () => {
		const [first, again, other] = [simulate(7, 700), simulate(7, 700), simulate(8, 700)];
		expect(again).toEqual(first);
		expect(other.traceHash).not.toBe(first.traceHash);
		expect(first.steps).toBe(700);
	});

	it("goes on from where a shorter run ends, so that a step count replays what came before it", () => {
		const short = simulate(9, 500);
		const long = simulate(9, 900);
		expect(long.virtualHours).toBeGreaterThanOrEqual(short.virtualHours);
		expect(inWords(short)).toEqual([]);
	});

	it("has its canary: a bug that must be found is found, by the rule that it breaks", () => {
		const found = simulate(3, 4000, "light-lights-before-write");
		expect(found.violations[0]).toMatchObject({ rule: "R4-lit-before-written" });
		expect(simulate(3, found.steps).violations).toEqual([]);
	});

	it("follows each change of a star to its end, and finds a ledger that says more than the lamps do, or nothing", () => {
		const says = simulate(2, 4000, "ledger-says-shown-at-sent");
		expect(says.violations[0]).toMatchObject({ rule: "R10-change-end" });
		const open = simulate(2, 4000, "ledger-leaves-open");
		expect(open.violations[0]?.rule).toMatch(/^R10-/);
	});

	it("meets each planted bug under the same name in light and gateway, with a description", () => {
		expect(new Set(PLANTS.map((p) => p.name)).size).toBe(PLANTS.length);
		expect(PLANTS.length).toBeGreaterThanOrEqual(12);
		for (const { name, description } of PLANTS) {
			expect(name).toMatch(/^[a-z0-9-]+$/);
			expect(description.length).toBeGreaterThan(20);
		}
	});
});
