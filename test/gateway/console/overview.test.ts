import { describe, expect, it } from "vitest";
import { axisTop } from "../../../gateway/console/src/overview-charts.tsx";
import { binned, boundAt, quantile, shareText, summaryOf } from "../../../gateway/console/src/overview-figures.ts";
import { overviewWords } from "../../../gateway/console/src/words-overview.ts";
import { fakeLight, inState } from "../../support/fake-depot.ts";

describe("the share of right stars", () => {
	it("is a share of the lights that can be observed: one that only answers is in neither number", () => {
		const of = summaryOf([fakeLight(5), fakeLight(4), inState(3, "acked", { observed: null }), inState(2, "silent")]);
		expect([of.status.right, of.observable, of.lights]).toEqual([2, 3, 4]);
	});

	it("is never rounded up to what it is not, and is no number of nothing", () => {
		expect(shareText(1, 1)).toBe("100");
		expect(shareText(9_999, 10_000)).toBe("99.9");
		expect(shareText(2, 3)).toBe("66.6");
		expect(shareText(0, 5)).toBe("0.0");
		expect(shareText(0, 0)).toBe("—");
	});
});

describe("the figures of all lights", () => {
	it("count who is on duty and right, what is owed, and why lights are not right", () => {
		const of = summaryOf([
			fakeLight(5),
			fakeLight(0),
			inState(4, "silent", { reason: "offline" }),
			inState(3, "silent", { reason: "offline" }),
			inState(2, "fault", { reason: "lamp-open" }),
			inState(1, "moving"),
		]);
		expect([of.onDuty, of.onDutyRight, of.owing]).toEqual([5, 1, 5]);
		expect(of.stars).toEqual([1, 1, 1, 1, 1, 1]);
		expect(of.reasons).toEqual([
			["offline", 2],
			["lamp-open", 1],
		]);
	});

	it("tell ages in order, their median, and how many lie in each part of the limit", () => {
		const { ages } = summaryOf([30, 10, 20, 50].map((ageS, n) => fakeLight(n + 1, { ageS })));
		expect(ages).toEqual([10, 20, 30, 50]);
		expect([quantile(ages, 0.5), quantile(ages, 1), quantile([], 0.5)]).toEqual([20, 50, null]);
		expect(binned(ages, 40, 4)).toEqual([0, 1, 1, 1, 1]);
		expect(binned([40], 40, 4)).toEqual([0, 0, 0, 1, 0]);
	});

	it("tell of a histogram only the bound that is known", () => {
		expect(boundAt([1, 2, 5], [1, 8, 1, 0], 0.5)).toBe(2);
		expect(boundAt([1, 2, 5], [1, 8, 1, 0], 0.95)).toBe(5);
		expect(boundAt([1, 2, 5], [0, 0, 0, 3], 0.5)).toBeNull();
		expect(boundAt([1, 2, 5], [0, 0, 0, 0], 0.5)).toBeNull();
	});

	it("have axes from zero to a round number", () => {
		expect([1, 2, 3, 7, 21, 99, 101, 950].map(axisTop)).toEqual([1, 2, 5, 10, 50, 100, 200, 1000]);
	});
});

it("says nothing Chinese in English", () => {
	const texts = Object.values(overviewWords.all.en).map((text) =>
		typeof text === "function" ? String((text as (...a: unknown[]) => string)("3", "2", "1")) : text,
	);
	expect(texts.filter((text) => /[\u4e00-\u9fff]/.test(text))).toEqual([]);
});
