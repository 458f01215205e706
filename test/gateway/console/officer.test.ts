import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bandsOf, lineAt, type PolicyView, shortHash, tableOf } from "../../../gateway/console/src/policy-types.ts";
import { gridOf, nothingMoves, percent, STARS, shareOf, wayOf } from "../../../gateway/console/src/stars-diff.ts";
import { heldWords } from "../../../gateway/console/src/words-held.ts";
import { officerWords } from "../../../gateway/console/src/words-officer.ts";
import { policyWords } from "../../../gateway/console/src/words-policy.ts";
import { quarantineWords } from "../../../gateway/console/src/words-quarantine.ts";
import { policyTable } from "../../../protocol/schema/policy.ts";
import { HELD_WORDS, POLICY_KEY_WORDS, ROW_WORDS } from "../../../protocol/schema/pull-words.ts";
import { SEED } from "../../support/seed.ts";

const stars = fc.constantFrom(...STARS);
const counts = fc.uniqueArray(fc.record({ from: stars, to: stars, drivers: fc.nat(500), lights: fc.nat(500) }), {
	selector: ({ from, to }) => from * 10 + to,
});

describe("the grid of who would move", () => {
	it("has every line and every column once, whatever was counted", () => {
		const grid = gridOf([]);
		expect(grid.map(({ from }) => from)).toEqual([...STARS]);
		for (const { cells } of grid) expect(cells.map(({ to }) => to)).toEqual([...STARS]);
	});

	it("loses nobody and invents nobody", () => {
		const property = fc.property(counts, (all) => {
			const cells = gridOf(all).flatMap((line) => line.cells);
			for (const of of ["drivers", "lights"] as const) {
				const sum = (rows: readonly { readonly drivers: number; readonly lights: number }[]) =>
					rows.reduce((n, row) => n + row[of], 0);
				expect(sum(cells)).toBe(sum(all));
				expect(sum(gridOf(all))).toBe(sum(all));
			}
			for (const { from, to, lights } of all)
				expect(cells.find((c) => c.from === from && c.to === to)?.lights).toBe(lights);
		});
		fc.assert(property, { seed: SEED, numRuns: 200 });
	});

	it("tells a fall to no star from other falls", () => {
		expect([wayOf(5, 5), wayOf(0, 3), wayOf(5, 1), wayOf(5, 0), wayOf(0, 0)]).toEqual([
			"same",
			"up",
			"down",
			"dark",
			"same",
		]);
		const lights = { up: 0, down: 0, dark: 0, same: 9, resting: 2 };
		expect([nothingMoves({ lights }), nothingMoves({ lights: { ...lights, up: 1 } })]).toEqual([true, false]);
	});
});

describe("a share against its limit", () => {
	it("is beyond it exactly where the depot holds a pull", () => {
		expect(shareOf(2, 100, 0.02).over).toBe(false);
		expect(shareOf(3, 100, 0.02)).toMatchObject({ share: 0.03, over: true });
		expect(shareOf(5, 0, 0.02)).toMatchObject({ share: 0, over: false });
	});

	it("fits its bar, the limit too, for any numbers", () => {
		const property = fc.property(
			fc.nat(1000),
			fc.nat(1000),
			fc.double({ min: 0, max: 1, noNaN: true }),
			(n, of, most) => {
				const { bar, mark } = shareOf(Math.min(n, of), of, most);
				for (const length of [bar, mark]) expect(length >= 0 && length <= 0.9 + 1e-9).toBe(true);
			},
		);
		fc.assert(property, { seed: SEED, numRuns: 200 });
	});

	it("is said in per cent, and a little is never said to be nothing", () => {
		expect([0, 0.0004, 0.02, 0.0306, 1].map(percent)).toEqual(["0 %", "< 0.1 %", "2 %", "3.1 %", "100 %"]);
	});
});

const POLICY: PolicyView = {
	name: "ours",
	version: 2,
	by: "grade",
	scoreBands: [{ from: 20, stars: 5 }],
	gradeStars: { AAA: 5, AA: 3, A: 1, B: 0, unrated: 0 },
	gradeBands: { AAA: 20, AA: 11, A: 4, B: 0 },
	scoreRange: [0, 30],
	maxAgeDays: 550,
	hash: "0123456789abcdef".repeat(4),
};

describe("a policy in the console", () => {
	it("shows its bands by what it goes by", () => {
		expect(bandsOf(POLICY).map(({ from, stars: n }) => `${from}:${n}`)).toEqual(["AAA:5", "AA:3", "A:1", "B:0"]);
		expect(bandsOf({ ...POLICY, by: "score" })).toEqual([{ from: 20, stars: 5 }]);
	});

	it("is activated by its table, without the hash", () => {
		expect(tableOf(POLICY)).not.toHaveProperty("hash");
		expect(shortHash(POLICY.hash)).toBe("0123456789ab");
	});

	it("has a mend for every key that a table has", () => {
		expect(Object.keys(POLICY_KEY_WORDS)).toEqual(Object.keys(policyTable.shape));
	});

	it.each([
		["one\ntwo\nthree", 1, "one"],
		["one\ntwo\nthree", 2, "two"],
		["one\ntwo\nthree", 3, "three"],
		["one\n\nthree", 2, ""],
		["one", 9, ""],
		["", 1, ""],
	])("finds a line of its text (%j, %i)", (text, line, found) => {
		const { from, to } = lineAt(text, line);
		expect(text.slice(from, to)).toBe(found);
	});
});

/** Every text with its path; functions are called with sample numbers. */
function texts(value: unknown, path = ""): [string, string][] {
	if (typeof value === "string") return [[path, value]];
	if (typeof value === "function") {
		const call = value as (...args: unknown[]) => unknown;
		return [[path, String(call(...Array.from({ length: call.length }, (_, n) => n + 3)))]];
	}
	return Object.entries(value as object).flatMap(([key, inner]) => texts(inner, `${path}.${key}`));
}

describe("the words of the officer's pages", () => {
	const all = [officerWords.all, heldWords.all, policyWords.all, quarantineWords.all];
	it("say the same things in both languages, and nothing is empty", () => {
		for (const { zh, en } of all) {
			expect(texts(en).map(([path]) => path)).toEqual(texts(zh).map(([path]) => path));
			for (const words of [zh, en])
				for (const [path, text] of texts(words)) if (path !== ".way.same") expect(text.trim(), path).not.toBe("");
		}
	});

	it("hold no Chinese in English", () => {
		for (const { en } of all) expect(texts(en).filter(([, text]) => /[\u4e00-\u9fff]/.test(text))).toEqual([]);
		// 未评定 is what a list has to say, in any language.
		const english = [
			...Object.values(ROW_WORDS).map(({ en }) => `${en.what} ${en.next}`),
			...Object.values(HELD_WORDS).map(({ en }) => en),
		];
		expect(english.filter((text) => /[\u4e00-\u9fff]/.test(text.replaceAll("未评定", "")))).toEqual([]);
	});

	it("name one light, many lights and none in whole sentences", () => {
		const { zh, en } = officerWords.all;
		expect(zh.lightsNow(3, 12, 1, 20)).toBe("12 盏灯降星（其中 1 盏熄星），3 盏灯升星，20 盏不变");
		expect(en.lightsNow(3, 12, 1, 20)).toBe("12 lights go down (1 of them dark), 3 go up, 20 stay");
		expect(en.lightsNow(1, 0, 0, 1)).toBe("1 light goes up, 1 stays");
		expect(en.lightsNow(2, 0, 0, 1)).toBe("2 lights go up, 1 stays");
		expect(en.lightsNow(0, 1, 0, 0)).toBe("1 light goes down, 0 stay");
		expect([zh.lightsNow(0, 0, 0, 9), en.lightsNow(0, 0, 0, 9)]).toEqual(["没有一盏灯会变", "no light changes"]);
	});
});
