import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
	ageNow,
	applyBatch,
	arrange,
	arrangeByCompany,
	leaseNow,
	matcher,
	NO_LIGHTS,
	plateParts,
	replaceAll,
	searchKey,
	tally,
	worstOf,
} from "../../../gateway/console/src/row.ts";
import type { LightView } from "../../../gateway/core/types.ts";
import { fakeFleet, fakeLight, inState } from "../../support/fake-depot.ts";
import { SEED } from "../../support/seed.ts";

const NONE = { text: "", status: null } as const;
const row = (view: LightView, at = 0) => {
	const found = replaceAll([view], at).byId.get(view.light);
	if (found === undefined) throw new Error("a light that was put in is there");
	return found;
};
const ids = (rows: readonly { readonly view: LightView }[]) => rows.map((r) => r.view.light);

describe("the wall's order", () => {
	it("puts a star too many before all, then refusals, faults, other differences, each only among what needs a person", () => {
		const lights = replaceAll(
			[
				inState(1, "differs", { desired: 5, observed: 0 }),
				inState(2, "fault", { observed: 0, desired: 3 }),
				inState(3, "refused", { desired: 5, observed: 4 }),
				inState(4, "differs", { desired: 4, observed: 5 }),
				inState(5, "right"),
			],
			0,
		);
		expect(arrange(lights, NONE).hands.map((r) => r.view.plate)).toEqual([
			"豫DT0004",
			"豫DT0003",
			"豫DT0002",
			"豫DT0001",
		]);
	});

	it("sets silent lights apart only while a driver is signed in", () => {
		const silent = { status: "silent", observed: null } as const;
		const wall = arrange(
			replaceAll([fakeLight(1, { ...silent, onDuty: true }), fakeLight(2, { ...silent, onDuty: false })], 0),
			NONE,
		);
		expect(wall.silent.map((r) => r.view.plate)).toEqual(["豫DT0001"]);
		expect(wall.companies.flatMap((c) => c.rows.map((r) => r.view.plate))).toEqual(["豫DT0002"]);
	});

	it("goes by company and then by plate, and puts what has no company or plate last", () => {
		const wall = arrange(
			replaceAll(
				[
					fakeLight(1, { company: null }),
					fakeLight(2, { company: "乙" }),
					fakeLight(3, { company: "丙", plate: null }),
					fakeLight(4, { company: "丙" }),
				],
				0,
			),
			NONE,
		);
		expect(wall.companies.map((c) => [c.name, c.rows.map((r) => r.view.plate)])).toEqual([
			["丙", ["豫DT0004", null]],
			["乙", ["豫DT0002"]],
			[null, ["豫DT0001"]],
		]);
	});

	it("shows every light once, in both arrangements, whatever their states", () => {
		fc.assert(
			fc.property(fc.integer({ min: 0, max: 300 }), (count) => {
				const fleet = fakeFleet(count);
				const lights = replaceAll(fleet, 0);
				const { hands, silent, companies } = arrange(lights, NONE);
				const wall = ids([...hands, ...silent, ...companies.flatMap((c) => c.rows)]);
				const dots = ids(arrangeByCompany(lights, NONE).flatMap((c) => c.rows));
				const all = fleet.map((v) => v.light).sort();
				expect([...wall].sort()).toEqual(all);
				expect([...dots].sort()).toEqual(all);
				const counts = tally(lights.byId.values());
				expect(Object.values(counts).reduce((a, b) => a + b, 0)).toBe(count);
			}),
			{ seed: SEED, numRuns: 20 },
		);
	});
});

describe("the light to look at first beside the dots", () => {
	const first = (...views: LightView[]) => worstOf(arrangeByCompany(replaceAll(views, 0), NONE))?.view.plate;

	it("needs a person, or is silent on duty, or is the first of all", () => {
		const right = fakeLight(0, { company: "丙" });
		const silent = inState(1, "silent", { company: "乙", observed: null });
		const fault = inState(2, "fault", { company: "甲", observed: 0 });
		expect(first(right, silent, fault)).toBe("豫DT0002");
		expect(first(right, silent)).toBe("豫DT0001");
		expect(first(right)).toBe("豫DT0000");
		expect(first()).toBeUndefined();
	});
});

describe("snapshots and batches", () => {
	it("lets a snapshot replace everything: what it does not name is gone", () => {
		const before = replaceAll([fakeLight(1), fakeLight(2)], 0);
		expect([...before.byId.keys()]).toHaveLength(2);
		expect(replaceAll([fakeLight(2)], 1).order).toEqual([fakeLight(2).light]);
	});

	it("lets a batch replace only its rows, and keeps the others as the very same objects", () => {
		const before = replaceAll([fakeLight(1), fakeLight(2)], 0);
		const after = applyBatch(before, [fakeLight(2, { observed: 0, status: "differs" })], 9);
		expect(after.byId.get(fakeLight(1).light)).toBe(before.byId.get(fakeLight(1).light));
		expect(after.byId.get(fakeLight(2).light)).toMatchObject({ at: 9, view: { status: "differs" } });
		expect(before.byId.get(fakeLight(2).light)?.view.status).toBe("right");
	});

	it("puts a new light, and one with a new plate, in its place", () => {
		const before = replaceAll([fakeLight(1, { company: "甲" }), fakeLight(3, { company: "甲" })], 0);
		const after = applyBatch(
			before,
			[fakeLight(2, { company: "甲" }), fakeLight(1, { company: "甲", plate: "豫DT9999" })],
			1,
		);
		expect(after.order).toEqual([fakeLight(2).light, fakeLight(3).light, fakeLight(1).light]);
		expect(applyBatch(NO_LIGHTS, [fakeLight(7)], 0).order).toEqual([fakeLight(7).light]);
	});
});

describe("the search", () => {
	it.each(["豫DT0003", "豫D·T0003", "豫d•t0003", "t0003", "0003", " dt 0003 ", "豫Ｄ·Ｔ０００３", "L00000000003"])(
		"finds 豫DT0003 by %s",
		(text) => {
			expect(matcher({ text, status: null })(row(fakeLight(3)))).toBe(true);
			expect(matcher({ text, status: null })(row(fakeLight(4)))).toBe(false);
		},
	);

	it("wants both, the state and the text", () => {
		const view = inState(3, "fault");
		expect(matcher({ text: "t0003", status: "fault" })(row(view))).toBe(true);
		expect(matcher({ text: "t0003", status: "right" })(row(view))).toBe(false);
		expect(matcher({ text: "t0004", status: "fault" })(row(view))).toBe(false);
	});

	it("finds a light without a plate by its id, and by no text of a plate", () => {
		const bare = row(fakeLight(3, { plate: null }));
		expect(matcher({ text: "00000003", status: null })(bare)).toBe(true);
		expect(matcher({ text: "T0003", status: null })(bare)).toBe(false);
	});

	it("makes the same key of a key", () => {
		fc.assert(
			fc.property(fc.string({ unit: "grapheme" }), (text) => {
				const key = searchKey(text);
				expect(searchKey(key)).toBe(key);
			}),
			{ seed: SEED, numRuns: 300 },
		);
	});
});

describe("numbers that go on by themselves", () => {
	it("adds the time since a row came to its age, and takes it off its lease", () => {
		const r = row(fakeLight(3, { ageS: 100, leaseLeftS: 30 }), 5_000);
		expect([ageNow(r, 5_000), leaseNow(r, 5_000)]).toEqual([100, 30]);
		expect([ageNow(r, 17_999), leaseNow(r, 17_999)]).toEqual([112, 18]);
		expect(leaseNow(r, 500_000)).toBe(0);
	});

	it("never goes back when the page's clock is set back, and stays unknown where nothing is known", () => {
		expect(ageNow(row(fakeLight(3, { ageS: 100 }), 5_000), 0)).toBe(100);
		const none = row(fakeLight(3, { ageS: null, leaseLeftS: null }));
		expect([ageNow(none, 9_000), leaseNow(none, 9_000)]).toEqual([null, null]);
	});
});

it("sets the dot of a plate after the city's letter, once", () => {
	expect(plateParts("豫DT0001")).toEqual(["豫D", "T0001"]);
	expect(plateParts("豫D·AD1234")).toEqual(["豫D", "AD1234"]);
});
