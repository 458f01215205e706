import { describe, expect, it } from "vitest";
import { unixSeconds } from "../../../protocol/wire/units.ts";
import { Depot, type PullOptions, ScriptedLight, T0 } from "./harness.ts";

/** A hundred drivers with 5 stars; C1 is on duty under a lit light. */
function hundred(): { depot: Depot; light: ScriptedLight } {
	const depot = new Depot().start();
	depot.fleet({ "A-10001": ["C1"] });
	depot.pull(scores(100));
	const light = new ScriptedLight(depot, 1).bind("A-10001");
	depot.signIn("A-10001", "C1");
	light.report();
	light.take();
	depot.advance(20_000);
	return { depot, light };
}

const scores = (n: number, changes: Readonly<Record<string, number | null>> = {}, without = 0) => {
	const all: Record<string, number | null> = {};
	for (let i = 1; i <= n - without; i++) all[`C${i}`] = 24;
	return { ...all, ...changes };
};

const value = (answer: ReturnType<Depot["pull"]>) => (answer?.ok ? answer.value : answer);

describe("a pull of ratings", () => {
	it("into an empty store is applied, however much it changes", () => {
		const depot = new Depot().start();
		expect(value(depot.pull(scores(100)))).toMatchObject({ status: "applied", added: 100, removed: 0, heldFor: [] });
		expect(depot.core.depot(depot.now()).drivers).toBe(100);
	});

	it("changes in one commit what differs, and nothing else", () => {
		const { depot } = hundred();
		depot.commits.length = 0;
		expect(value(depot.pull(scores(100, { C2: 8 })))).toMatchObject({
			status: "applied",
			added: 0,
			changed: 1,
			lowered: 1,
		});
		const rows = depot.commits.flatMap((c) => c.changes).map((c) => c.type);
		expect(rows.filter((t) => t === "rating")).toHaveLength(1);
		expect(depot.commits.filter((c) => c.changes.some((r) => r.type === "rating" || r.type === "pull"))).toHaveLength(
			1,
		);
	});

	it("moves the lights of the drivers on duty, and only those", () => {
		const { depot, light } = hundred();
		depot.pull(scores(100, { C1: 8, C2: 8 }));
		expect(depot.grants(light.id).map((g) => g.stars)).toEqual([5, 3]);
	});

	it("of the same content as the newest applied one is unchanged", () => {
		const { depot } = hundred();
		expect(value(depot.pull(scores(100)))).toMatchObject({ status: "unchanged", changed: 0 });
		depot.pull(scores(100, { C1: 8 }));
		expect(value(depot.pull(scores(100)))).toMatchObject({ status: "applied", changed: 1 });
	});

	it("is kept with its counts and its quarantined rows, by driver and not by certificate number", () => {
		const { depot } = hundred();
		const quarantined = [
			{ row: 3, reason: "score-missing", certificate: "C3" },
			{ row: 9, reason: "certificate-missing", certificate: "" },
		];
		depot.pull(scores(100), { quarantined, hash: "f00d" });
		const pull = depot.core.pulls().at(-1);
		expect(pull).toMatchObject({ status: "applied", rows: 102, accepted: 100 });
		expect(pull?.quarantined).toEqual([
			{ row: 3, reason: "score-missing", driver: "D000003" },
			{ row: 9, reason: "certificate-missing", driver: null },
		]);
		expect(JSON.stringify(pull)).not.toContain("C3");
	});

	it("leaves the former rating of a quarantined row's driver, which is no removal", () => {
		const { depot, light } = hundred();
		const { C1: _, ...others } = scores(100);
		const more: PullOptions = { quarantined: [{ row: 1, reason: "score-missing", certificate: "C1" }] };
		expect(value(depot.pull(others, more))).toMatchObject({ status: "applied", removed: 0 });
		expect(depot.view(light.id).desired).toBe(5);
	});

	it("removes the rating of a driver who is absent", () => {
		const { depot, light } = hundred();
		const { C1: _, ...others } = scores(100);
		expect(value(depot.pull(others))).toMatchObject({ status: "applied", removed: 1 });
		expect(depot.view(light.id).desired).toBe(0);
	});
});

describe("a pull that is held", () => {
	it("removes more than 2 % of the drivers", () => {
		const { depot } = hundred();
		expect(value(depot.pull(scores(100, {}, 2)))).toMatchObject({ status: "applied", removed: 2 });
		expect(value(depot.pull(scores(98, {}, 2)))).toMatchObject({ status: "held", heldFor: ["removes-too-many"] });
	});

	it("lowers the owed stars of more than 5 %", () => {
		const { depot } = hundred();
		const lower = (n: number) => Object.fromEntries(Array.from({ length: n }, (_, i) => [`C${i + 1}`, 8]));
		expect(value(depot.pull(scores(100, lower(5))))).toMatchObject({ status: "applied", lowered: 5 });
		const more = Object.fromEntries(Array.from({ length: 11 }, (_, i) => [`C${i + 1}`, 8]));
		expect(value(depot.pull(scores(100, more)))).toMatchObject({ status: "held", heldFor: ["lowers-too-many"] });
	});

	it("changes nothing until a person accepts it, and everything then, also after a restart", () => {
		const { depot, light } = hundred();
		depot.pull(scores(50, { C1: 8 }));
		expect(depot.view(light.id).desired).toBe(5);
		expect(depot.core.held()).toMatchObject([{ pull: { status: "held", removed: 50 } }]);
		depot.advance(2000);
		depot.restart();
		expect(depot.core.depot(depot.now()).held).toBe(1);
		const [held] = depot.core.held();
		expect(depot.tell({ what: "held-accept", pull: held?.pull.id ?? "" })).toMatchObject({ status: "accepted" });
		expect(depot.view(light.id).desired).toBe(3);
		expect(depot.store.view().ratings.size).toBe(50);
		expect(depot.core.held()).toEqual([]);
		expect(depot.store.view().heldChanges.size).toBe(0);
	});

	it("is dropped when a person rejects it: the former ratings stand", () => {
		const { depot, light } = hundred();
		depot.pull(scores(50, { C1: 8 }));
		const [held] = depot.core.held();
		expect(depot.tell({ what: "held-reject", pull: held?.pull.id ?? "" })).toMatchObject({ status: "rejected" });
		expect(depot.view(light.id).desired).toBe(5);
		expect(depot.store.view().ratings.size).toBe(100);
		expect(depot.core.pulls().at(-1)).toMatchObject({ status: "rejected" });
	});

	it("can be decided once only", () => {
		const { depot } = hundred();
		depot.pull(scores(50));
		const [held] = depot.core.held();
		const pull = held?.pull.id ?? "";
		depot.tell({ what: "held-reject", pull });
		expect(depot.ask({ what: "held-accept", pull })).toMatchObject({ ok: false, code: "pull-not-held" });
		expect(depot.ask({ what: "held-reject", pull: "P999999" })).toMatchObject({ ok: false, code: "pull-not-held" });
	});

	it("gives way to a newer pull, which was compared with the same ratings", () => {
		const { depot } = hundred();
		depot.pull(scores(50));
		depot.pull(scores(60));
		expect(depot.core.held()).toMatchObject([{ pull: { removed: 40 } }]);
		depot.pull(scores(100, { C2: 8 }));
		expect(depot.core.held()).toEqual([]);
		expect(depot.core.pulls().map((p) => p.status)).toEqual(["applied", "rejected", "rejected", "applied"]);
	});

	it("brings drivers that were not known, once it is accepted", () => {
		const { depot } = hundred();
		depot.pull(scores(50, { C999: 24 }));
		expect(depot.core.depot(depot.now()).drivers).toBe(100);
		const [held] = depot.core.held();
		depot.tell({ what: "held-accept", pull: held?.pull.id ?? "" });
		expect(depot.core.depot(depot.now()).drivers).toBe(101);
	});
});

describe("a platform's list that is older than what is known", () => {
	const DAY = 86_400;
	const T = 1_700_000_000;

	it("is held, and the former ratings stand, until a person accepts it or a newer one comes", () => {
		const { depot, light } = hundred();
		depot.pull(scores(100, { C2: 25 }), { snapshot: T });
		expect(value(depot.pull(scores(100, { C1: 8 }), { snapshot: T - 1 }))).toMatchObject({
			status: "held",
			heldFor: ["goes-back"],
		});
		expect(depot.view(light.id).desired).toBe(5);
		depot.restart();
		expect(depot.core.held()).toMatchObject([{ pull: { heldFor: ["goes-back"], asOf: T - 1 } }]);
		expect(value(depot.pull(scores(100, { C2: 26 }), { snapshot: T }))).toMatchObject({ status: "applied" });
		expect(depot.core.held()).toEqual([]);
	});

	it("is held also where many of its ratings are of an earlier day, and taken where it is a single correction", () => {
		const { depot } = hundred();
		expect(value(depot.pull(scores(100), { snapshot: T, asOf: T0 - 3 * DAY }))).toMatchObject({
			status: "held",
			changed: 100,
			heldFor: ["goes-back"],
		});
		const accepted = Array.from({ length: 100 }, (_, i) => ({
			...{ row: i + 1, certificate: `C${i + 1}`, grade: "AAA" as const, score: 24, period: "2025" },
			asOf: unixSeconds(T0 - (i === 6 ? 3 : 1) * DAY),
		}));
		const list = {
			what: "ratings-pull",
			source: "http",
			name: "n",
			contentHash: "c",
			rows: 100,
			quarantined: [],
		} as const;
		expect(value(depot.ask({ ...list, asOf: unixSeconds(T), accepted }))).toMatchObject({
			status: "applied",
			changed: 1,
		});
	});

	it("is nothing to hold where nothing would change, and leaves none waiting that is obsolete", () => {
		const { depot } = hundred();
		depot.pull(scores(100, { C2: 25 }), { snapshot: T });
		depot.pull(scores(100, { C2: 24 }), { snapshot: T - 5 });
		expect(depot.core.held()).toHaveLength(1);
		expect(value(depot.pull(scores(100, { C2: 25 }), { snapshot: T + 5 }))).toMatchObject({ status: "unchanged" });
		expect(depot.core.held()).toEqual([]);
		expect(value(depot.pull(scores(100, { C2: 25 }), { snapshot: T - 9 }))).toMatchObject({ status: "unchanged" });
	});

	it("is taken at once from a file: who imports an old file means it", () => {
		const { depot } = hundred();
		depot.pull(scores(100, { C2: 25 }), { snapshot: T });
		expect(value(depot.pull(scores(100, { C2: 26 }), { asOf: T0 - 3 * DAY }))).toMatchObject({ status: "applied" });
	});
});
