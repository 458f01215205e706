import { describe, expect, it } from "vitest";
import { rangeInSight } from "../../../gateway/console/src/windowed.ts";

describe("the rows of a long list that are drawn", () => {
	it("are those in sight and a few above and below, wherever the page stands", () => {
		expect(rangeInSight(10_000, 35, 240, 0, 900)).toEqual({ from: 0, to: 27 });
		const middle = rangeInSight(10_000, 35, 240, 35_240, 900);
		expect(middle).toEqual({ from: 992, to: 1034 });
	});

	it("end with the list, and are none of an empty one", () => {
		expect(rangeInSight(10_000, 35, 240, 349_500, 900).to).toBe(10_000);
		expect(rangeInSight(3, 35, 240, 0, 900)).toEqual({ from: 0, to: 3 });
		expect(rangeInSight(0, 35, 240, 0, 900)).toEqual({ from: 0, to: 0 });
	});

	it("never begin behind the end, when a filter has made the list short under a page that is scrolled far down", () => {
		expect(rangeInSight(5, 35, 240, 300_000, 900)).toEqual({ from: 5, to: 5 });
	});
});
