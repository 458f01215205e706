import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { StarPolicy } from "../../../gateway/core/stars/policy.ts";
import { diffPolicy, dryRunHash } from "../../../gateway/core/stars/policy-diff.ts";
import { hashPolicy, type PolicyTable, PRESETS } from "../../../gateway/core/stars/presets.ts";
import { starsFor } from "../../../gateway/core/stars/stars-for.ts";
import type { CommandAnswer } from "../../../gateway/core/types.ts";
import { toHex } from "../../../protocol/wire/bytes.ts";
import { SEED } from "../../support/seed.ts";
import { config, crypto, Depot, policy, ScriptedLight } from "./harness.ts";

const { hash: _hash, ...TABLE } = policy;
const made = (change: Partial<PolicyTable>): StarPolicy => hashPolicy({ ...TABLE, ...change }, crypto);
/** 5 stars from 25 on only: a driver with 24 owes 4. */
const STRICTER = made({
	name: "stricter",
	scoreBands: [
		{ from: 25, stars: 5 },
		{ from: 7, stars: 4 },
		{ from: 0, stars: 1 },
	],
});

/** Three drivers; C1 (24) and C2 (12) are on duty under lights. */
function lit(): { depot: Depot; one: ScriptedLight; two: ScriptedLight } {
	const depot = new Depot().start();
	depot.fleet({ "A-10001": ["C1"], "A-10002": ["C2"], "A-10003": ["C3"] });
	depot.pull({ C1: 24, C2: 12, C3: 8 });
	const one = new ScriptedLight(depot, 1).bind("A-10001");
	const two = new ScriptedLight(depot, 2).bind("A-10002");
	depot.signIn("A-10001", "C1");
	depot.signIn("A-10002", "C2");
	for (const light of [one, two]) {
		light.report();
		light.take();
	}
	depot.advance(20_000);
	return { depot, one, two };
}

const tried = (depot: Depot, to: StarPolicy) => {
	const view = depot.core.look(depot.now());
	return { diff: diffPolicy(view, to), dryRun: dryRunHash(view, to) };
};
const activate = (depot: Depot, to: StarPolicy, dryRun: Uint8Array): CommandAnswer | null =>
	depot.ask({ what: "policy-activate", policy: to, dryRun });
const code = (answer: CommandAnswer | null) => (answer?.ok === false ? answer.code : answer);

describe("a dry run of a star policy", () => {
	it("counts who would move, lights by who is on duty, and changes nothing", () => {
		const { depot, one } = lit();
		const before = depot.commits.length;
		expect(tried(depot, STRICTER).diff).toEqual({
			lights: { up: 0, down: 1, dark: 0, same: 1, resting: 0 },
			drivers: { rated: 3, moved: 2, up: 1, down: 1 },
			moves: [
				{ from: 5, to: 4, drivers: 1, lights: 1 },
				{ from: 4, to: 4, drivers: 1, lights: 1 },
				{ from: 3, to: 4, drivers: 1, lights: 0 },
			],
		});
		depot.advance(20_000);
		expect([depot.commits.length, depot.view(one.id).desired]).toEqual([before, 5]);
	});

	it("says of each light what it then owes, for any ratings and any bands", () => {
		const scores = fc.array(fc.integer({ min: 0, max: 30 }), { minLength: 1, maxLength: 8 });
		const bands = fc.uniqueArray(fc.integer({ min: 0, max: 30 }), { minLength: 1, maxLength: 5 });
		const property = fc.property(scores, bands, (all, from) => {
			const lows = [...from].sort((a, b) => b - a);
			const other = made({
				name: "other",
				scoreBands: lows.map((low, i) => ({ from: low, stars: (5 - i) as 5 | 4 | 3 | 2 | 1 })),
			});
			const depot = new Depot().start();
			depot.fleet(Object.fromEntries(all.map((_, i) => [`A-1000${i}`, [`C${i}`]])));
			depot.pull(Object.fromEntries(all.map((score, i) => [`C${i}`, score])));
			const lights = all.map((_, i) => new ScriptedLight(depot, i + 1).bind(`A-1000${i}`));
			for (const i of all.keys()) depot.signIn(`A-1000${i}`, `C${i}`);
			const owed = () => lights.map((light) => depot.view(light.id).desired);
			const before = owed();
			const { diff, dryRun } = tried(depot, other);
			expect(activate(depot, other, dryRun)?.ok).toBe(true);
			const after = owed();
			const up = after.filter((stars, i) => stars > (before[i] ?? 0)).length;
			const down = after.filter((stars, i) => stars < (before[i] ?? 0)).length;
			const dark = after.filter((stars, i) => stars < (before[i] ?? 0) && stars === 0).length;
			expect(diff.lights).toEqual({ up, down, dark, same: all.length - up - down, resting: 0 });
			expect(diff.drivers).toEqual({ rated: all.length, moved: up + down, up, down });
		});
		fc.assert(property, { seed: SEED, numRuns: 60 });
	});
});

describe("the activation of a star policy", () => {
	it("is durable, and decides every light anew", () => {
		const { depot, one, two } = lit();
		const { dryRun } = tried(depot, STRICTER);
		expect(activate(depot, STRICTER, dryRun)).toEqual({
			ok: true,
			value: { name: "stricter", policyHash: toHex(STRICTER.hash), applied: true, activatedAt: depot.unix },
		});
		depot.advance(1000);
		expect([one, two].map((light) => depot.view(light.id).desired)).toEqual([4, 4]);
		expect(depot.grants(one.id).at(-1)).toMatchObject({ stars: 4, policy: STRICTER.hash.slice(0, 8) });
		depot.restart();
		expect(depot.core.depot(depot.now()).policy).toMatchObject({ name: "stricter", hash: toHex(STRICTER.hash) });
		expect(depot.view(one.id).desired).toBe(4);
	});

	it("is refused where a rating, or the active policy, is another than in the dry run, and holds then nothing", () => {
		const { depot } = lit();
		const { dryRun } = tried(depot, STRICTER);
		depot.pull({ C1: 24, C2: 12, C3: 9 });
		expect(code(activate(depot, STRICTER, dryRun))).toBe("policy-changed");
		const again = tried(depot, STRICTER).dryRun;
		expect(code(activate(depot, made({ name: "another" }), again))).toBe("policy-changed");
		const tianjin = hashPolicy(PRESETS["tianjin-2019"] as PolicyTable, crypto);
		expect(activate(depot, tianjin, tried(depot, tianjin).dryRun)?.ok).toBe(true);
		expect(code(activate(depot, STRICTER, again))).toBe("policy-changed");
		expect(depot.core.depot(depot.now()).policy.name).toBe("tianjin-2019");
	});

	it("does not mind who signed in or out since, nor that no rating changed in a new pull", () => {
		const { depot } = lit();
		const { dryRun } = tried(depot, STRICTER);
		depot.signOut("A-10001", "C1");
		depot.pull({ C1: 24, C2: 12, C3: 8 }, { hash: "another file" });
		expect(activate(depot, STRICTER, dryRun)?.ok).toBe(true);
	});

	it("of the active one changes nothing, whatever the dry run", () => {
		const { depot } = lit();
		const before = depot.commits.length;
		expect(activate(depot, config.policy, new Uint8Array(32))).toMatchObject({ ok: true, value: { applied: false } });
		expect(depot.commits.length).toBe(before);
	});

	it("is what the ratings that come later are judged by", () => {
		const { depot } = lit();
		activate(depot, STRICTER, tried(depot, STRICTER).dryRun);
		const answer = depot.pull({ C1: 25, C2: 12, C3: 8 });
		expect(answer).toMatchObject({ ok: true, value: { changed: 1, lowered: 0 } });
		depot.advance(1000);
		const view = depot.core.look(depot.now());
		const rating = view.picture.ratings.get("D000001") ?? null;
		expect(starsFor(STRICTER, rating, view.time.s)).toBe(5);
	});
});
