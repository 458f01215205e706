import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { keyOrder, pageAt, pageOf } from "../../../gateway/core/lists/page.ts";
import { heldMoves } from "../../../gateway/core/ratings/held-moves.ts";
import { ratingMoves } from "../../../gateway/core/ratings/moves.ts";
import { SEED } from "../../support/seed.ts";
import { Depot, ScriptedLight } from "./harness.ts";

const key = (n: number) => `D${String(n).padStart(6, "0")}`;

describe("a list in pages", () => {
	it("holds each row once, in the order of keys, also beyond a million", () => {
		const numbers = fc.uniqueArray(fc.integer({ min: 1, max: 3_000_000 }), { maxLength: 60 });
		const property = fc.property(numbers, fc.integer({ min: 1, max: 10 }), (all, limit) => {
			const keys = all.map(key);
			const seen: string[] = [];
			let after: string | null = null;
			do {
				const page: { rows: readonly string[]; next: string | null } = pageOf(keys, (k) => k, { limit, after });
				expect(page.rows.length).toBeLessThanOrEqual(limit);
				seen.push(...page.rows);
				expect(seen.length).toBeLessThanOrEqual(all.length);
				after = page.next;
			} while (after !== null);
			expect(seen).toEqual([...all].sort((a, b) => a - b).map(key));
		});
		fc.assert(property, { seed: SEED, numRuns: 200 });
	});

	it("is stable under change: what stays is seen once, though rows come and go between pages", () => {
		const numbers = fc.uniqueArray(fc.integer({ min: 1, max: 100 }), { minLength: 2, maxLength: 40 });
		const property = fc.property(numbers, numbers, numbers, (first, gone, more) => {
			const stays = first.filter((n) => !gone.includes(n) && !more.includes(n));
			const before = first.map(key);
			const half = pageOf(before, (k) => k, { limit: Math.ceil(first.length / 2), after: null });
			const later = [...stays, ...more].map(key);
			const rest = pageOf(later, (k) => k, { limit: 1000, after: half.next ?? half.rows.at(-1) ?? null });
			const seen = [...half.rows, ...rest.rows];
			for (const n of stays) expect(seen.filter((k) => k === key(n))).toHaveLength(1);
			expect(seen).toEqual([...seen].sort(keyOrder));
		});
		fc.assert(property, { seed: SEED, numRuns: 200 });
	});

	it("by number ends where the rows do", () => {
		expect(pageAt([1, 2, 3], { limit: 2, after: null })).toEqual({ rows: [1, 2], next: "2" });
		expect(pageAt([1, 2, 3], { limit: 2, after: "2" })).toEqual({ rows: [3], next: null });
		expect(pageAt([1, 2, 3], { limit: 2, after: "9" })).toEqual({ rows: [], next: null });
	});
});

describe("who would move by a held pull", () => {
	it("is told by internal key: added, changed and removed drivers, and only those whose stars are others", () => {
		const depot = new Depot().start();
		depot.pull(Object.fromEntries(Array.from({ length: 10 }, (_, i) => [`C${i + 1}`, 24])));
		const { C1: _gone, ...rest } = Object.fromEntries(Array.from({ length: 10 }, (_, i) => [`C${i + 1}`, 24]));
		depot.pull({ ...rest, C2: 8, C3: 25, NEW: 12 });
		const view = depot.core.look(depot.now());
		const [id, changes] = [...view.picture.heldChanges][0] ?? ["", []];
		expect([id, changes.length]).toEqual(["P000002", 4]);
		const moves = ratingMoves(view, changes);
		expect([...moves].sort((a, b) => a.from - b.from || a.to - b.to)).toEqual([
			{ driver: null, op: "add", from: 0, to: 4 },
			{ driver: "D000001", op: "remove", from: 5, to: 0 },
			{ driver: "D000002", op: "change", from: 5, to: 3 },
		]);
		expect(JSON.stringify(moves)).not.toContain("C1");
	});

	it("is told light by light as well: on duty first, the largest fall first, and those with nobody on duty apart", () => {
		const depot = new Depot().start();
		const all = Object.fromEntries(Array.from({ length: 10 }, (_, i) => [`C${i + 1}`, i < 5 ? 24 : 12]));
		depot.fleet({ "A-10001": ["C1"], "A-10002": ["C2"], "A-10003": ["C3"], "A-10006": ["C6"], "A-10007": ["C7"] });
		depot.pull(all);
		const plates = ["A-10001", "A-10002", "A-10003", "A-10006", "A-10007"];
		const lights = plates.map((plate, n) => new ScriptedLight(depot, n + 1).bind(plate));
		for (const [plate, driver] of [
			["A-10001", "C1"],
			["A-10002", "C2"],
			["A-10006", "C6"],
			["A-10007", "C7"],
		] as const)
			depot.signIn(plate, driver);
		const { C1: _gone, ...rest } = all;
		depot.pull({ ...rest, C2: 8, C3: 8, C6: 24 });
		const view = depot.core.look(depot.now());
		const changes = [...view.picture.heldChanges.values()][0] ?? [];
		const told = heldMoves(view, changes);
		expect(told.lights).toEqual({ up: 1, down: 2, dark: 1, same: 2, resting: 1 });
		expect(told.drivers).toEqual({ rated: 10, moved: 4, up: 1, down: 3 });
		expect(told.shares).toMatchObject({ rated: 10, removed: 1, lowered: 2 });
		expect(told.moves.map(({ plate, onDuty, from, to }) => [plate, onDuty, from, to])).toEqual([
			["A-10001", true, 5, 0],
			["A-10002", true, 5, 3],
			["A-10006", true, 4, 5],
			["A-10003", false, 5, 3],
		]);
		expect(JSON.stringify(told)).not.toMatch(/"C\d/);
		// What was told is what happens.
		expect(depot.ask({ what: "held-accept", pull: "P000002" })).toMatchObject({ ok: true });
		const owed = lights.map((light) => depot.view(light.id).desired);
		expect(owed).toEqual([0, 3, 0, 5, 4]);
	});
});
