import { describe, expect, it } from "vitest";
import type { DepotMeta, Observed, OutboxEntry } from "../../../gateway/core/model.ts";
import { epochDue, MAX_NAMED, nextEpoch, rememberNames } from "../../../gateway/core/outbox/epoch.ts";
import { unixSeconds } from "../../../protocol/wire/units.ts";
import { emptySnapshot } from "../../../simulator/hardware/sim-store.ts";
import { FLEET, lightId, oneTaxi, T0 } from "./harness.ts";

const E = 100;
const meta: DepotMeta = { ...emptySnapshot(FLEET).meta, epoch: E, notice: { epoch: E, bytes: new Uint8Array(1) } };
// Only the pair is looked at.
const entry = { light: lightId(1), epoch: E, seq: 7 } as OutboxEntry;
const state = (more: Partial<Observed>): Observed =>
	// Only what an epoch rests on.
	({ light: lightId(1), epoch: E, seq: 7, noticeEpoch: E, refused: null, ...more }) as Observed;

describe("whether an epoch is due", () => {
	it.each<[string, Partial<Observed>, string | null]>([
		["the newest pair", {}, null],
		["an older pair", { seq: 3 }, null],
		["an older epoch, whatever the seq", { epoch: E - 1, seq: 900 }, null],
		["a seq above the store's", { seq: 8 }, "named-above"],
		["an epoch above the store's", { epoch: E + 1, seq: 1 }, "named-above"],
		["a notice epoch above the store's", { noticeEpoch: E + 1 }, "named-above"],
		[
			"a conflict over the newest grant",
			{ refused: { code: "conflict", kind: "grant", epoch: E, seq: 7 } },
			"conflict",
		],
		["a conflict over an older one", { refused: { code: "conflict", kind: "grant", epoch: E, seq: 6 } }, null],
		["a stale grant", { refused: { code: "stale", kind: "grant", epoch: E, seq: 7 } }, null],
		["the newest notice stale", { refused: { code: "stale", kind: "notice", epoch: E, seq: 0 } }, "notice-stale"],
		["an older notice stale", { refused: { code: "stale", kind: "notice", epoch: E - 1, seq: 0 } }, null],
		["the newest notice unknown-key", { refused: { code: "unknown-key", kind: "notice", epoch: E, seq: 0 } }, null],
	])("%s", (_, said, why) => {
		expect(epochDue(meta, entry, state(said))?.why ?? null).toBe(why);
	});

	it("not for a notice of an older epoch: a newer epoch was begun since", () => {
		const refused = { code: "stale", kind: "notice", epoch: E, seq: 0 } as const;
		expect(epochDue({ ...meta, epoch: E + 5 }, entry, state({ refused }))).toBeNull();
	});

	it("once for each so named", () => {
		const due = epochDue(meta, entry, state({ epoch: 999_999 }));
		const after = { ...meta, epoch: E + 1, namedAbove: rememberNames([], [due?.name ?? ""]) };
		expect(epochDue(after, entry, state({ epoch: 999_999, seq: 3 }))).toBeNull();
		expect(epochDue(after, entry, state({ epoch: 1_000_000 }))?.why).toBe("named-above");
	});

	it("is the larger of the last + 1 and unix time, and never what a light says", () => {
		expect(nextEpoch(5, unixSeconds(T0))).toBe(T0);
		expect(nextEpoch(T0 + 9, unixSeconds(T0))).toBe(T0 + 10);
	});

	it("keeps a bounded list of names, the newest", () => {
		const names = Array.from({ length: MAX_NAMED + 5 }, (_, i) => `epoch/${i}`);
		expect(rememberNames(names, ["epoch/new"])).toHaveLength(MAX_NAMED);
		expect(rememberNames(names, ["epoch/new"]).at(-1)).toBe("epoch/new");
		expect(rememberNames(["a"], ["a"])).toEqual(["a"]);
	});
});

/** A lit taxi, long after its first epoch. */
function litTaxi() {
	const taxi = oneTaxi();
	taxi.depot.signIn("A-10001", "C5");
	taxi.light.report();
	taxi.light.take();
	taxi.depot.advance(120_000);
	return taxi;
}

describe("new epochs", () => {
	it("the first is taken when the first grant is due, and is unix time", () => {
		const { depot, light } = oneTaxi();
		expect(depot.core.depot(depot.now()).epoch).toBe(0);
		light.report();
		expect(depot.grants(light.id)[0]).toMatchObject({ epoch: T0, seq: 1 });
	});

	it("begin seq anew, and the light is granted with its newest ask", () => {
		const { depot, light } = litTaxi();
		light.newAsk().report({ epoch: T0 + 500, seq: 3, shown: 0, pattern: "neutral" });
		expect(depot.grants(light.id).at(-1)).toMatchObject({ epoch: T0 + 120, seq: 1, stars: 5 });
	});

	it("come at most once a minute; what is due earlier is taken when the minute is over", () => {
		const { depot, light } = litTaxi();
		light.period({ epoch: T0 + 500, seq: 3 });
		depot.advance(10_000);
		light.period({ epoch: T0 + 600, seq: 3 });
		light.period({ epoch: T0 + 700, seq: 3 });
		expect(depot.core.depot(depot.now()).epoch).toBe(T0 + 120);
		depot.advance(49_000);
		expect(depot.core.depot(depot.now()).epoch).toBe(T0 + 120);
		depot.advance(2_000);
		expect(depot.core.depot(depot.now()).epoch).toBe(T0 + 180);
		depot.advance(600_000);
		expect(depot.core.depot(depot.now()).epoch).toBe(T0 + 180);
	});

	it("are taken once for each epoch so named, however often and by how many lights, also after a restart", () => {
		const { depot, light } = litTaxi();
		for (let i = 0; i < 5; i++) {
			light.period({ epoch: 4_000_000_000, seq: i });
			depot.advance(61_000);
			if (i === 2) depot.restart();
		}
		expect(depot.core.depot(depot.now()).epoch).toBe(T0 + 120);
	});

	it("keep the minute over a restart", () => {
		const { depot, light } = litTaxi();
		light.period({ epoch: T0 + 500, seq: 3 });
		depot.advance(5_000);
		depot.restart();
		light.period({ epoch: T0 + 600, seq: 3 });
		expect(depot.core.depot(depot.now()).epoch).toBe(T0 + 120);
		depot.advance(56_000);
		expect(depot.core.depot(depot.now()).epoch).toBeGreaterThan(T0 + 120);
	});

	it("follow a conflict over the newest grant", () => {
		const { depot, light } = litTaxi();
		const { epoch, seq } = light.pair;
		light.period({ refused: { code: "conflict", kind: "grant", epoch, seq } });
		expect(depot.core.depot(depot.now()).epoch).toBe(T0 + 120);
		depot.advance(200_000);
		light.period({ refused: { code: "conflict", kind: "grant", epoch, seq } });
		expect(depot.core.depot(depot.now()).epoch, "an old conflict is not one any more").toBe(T0 + 120);
	});

	it("drop a grant that was not sent yet, and decide it anew", () => {
		const { depot, light } = litTaxi();
		depot.hold.signs = true;
		depot.signIn("A-10001", "C3");
		expect(depot.heldSigns).toHaveLength(1);
		light.report({ epoch: T0 + 500, seq: 3 });
		depot.hold.signs = false;
		depot.releaseSign();
		depot.advance(1000);
		const sent = depot.grants(light.id).slice(1);
		expect(sent).toMatchObject([{ epoch: T0 + 120, seq: 1, stars: 3 }]);
	});
});

describe("blanking the fleet", () => {
	it("takes a new epoch, sends its notice, answers then, and lights the lights anew from their new asks", () => {
		const { depot, light } = litTaxi();
		depot.sent = [];
		expect(depot.tell({ what: "blank-fleet" })).toEqual({ epoch: T0 + 120 });
		expect(depot.notices()).toMatchObject([{ epoch: T0 + 120, issuedAt: T0 + 120 }]);
		expect(depot.kinds()).toEqual(["notice"]);
		light.goDark().period({ noticeEpoch: T0 + 120 });
		expect(depot.grants(light.id)).toMatchObject([{ epoch: T0 + 120, seq: 1, stars: 5 }]);
	});

	it("is not answered and not sent before epoch and notice are durable, and no grant is signed meanwhile", () => {
		const { depot, light } = litTaxi();
		depot.hold.commits = true;
		depot.sent = [];
		expect(depot.ask({ what: "blank-fleet" })).toBeNull();
		depot.releaseCommit();
		depot.signIn("A-10001", "C3");
		expect(depot.kinds()).toEqual([]);
		depot.hold.commits = false;
		while (depot.heldCommits.length > 0) depot.releaseCommit();
		expect(depot.kinds()).toEqual(["notice", "grant"]);
		expect(depot.grants(light.id)).toMatchObject([{ epoch: T0 + 120, stars: 3 }]);
	});

	it("does not wait for the minute, and two at once share one notice", () => {
		const { depot } = litTaxi();
		depot.tell({ what: "blank-fleet" });
		depot.hold.signs = true;
		depot.ask({ what: "blank-fleet" });
		depot.ask({ what: "blank-fleet" });
		depot.hold.signs = false;
		depot.releaseSign();
		expect(depot.notices().map((n) => n.epoch)).toEqual([T0 + 120, T0 + 121]);
		expect([...depot.answers.values()].slice(-2)).toEqual([
			{ ok: true, value: { epoch: T0 + 121 } },
			{ ok: true, value: { epoch: T0 + 121 } },
		]);
	});

	it("follows a newest notice that was refused as stale, once for what the light names", () => {
		const { depot, light } = litTaxi();
		depot.tell({ what: "blank-fleet" });
		depot.advance(61_000);
		const refused = { code: "stale", kind: "notice", epoch: T0 + 120, seq: 0 } as const;
		light.report({ epoch: T0 + 500, seq: 9, refused });
		expect(depot.notices().map((n) => n.epoch)).toEqual([T0 + 120, T0 + 181]);
		depot.advance(61_000);
		light.report({ epoch: T0 + 500, seq: 9, refused: { ...refused, epoch: T0 + 181 } });
		depot.advance(61_000);
		expect(depot.notices()).toHaveLength(2);
	});

	it("grants anew, with the newest ask, a light for which the notice stays stale", () => {
		const { depot, light } = litTaxi();
		const before = depot.grants(light.id).length;
		depot.tell({ what: "blank-fleet" });
		const refused = { code: "stale", kind: "notice", epoch: T0 + 120, seq: 0 } as const;
		light.report({ noticeEpoch: 4_000_000_000, refused });
		expect(depot.grants(light.id)).toHaveLength(before + 1);
		expect(depot.grants(light.id).at(-1)?.epoch).toBe(T0 + 120);
		depot.advance(2000);
		light.accept();
		light.report({ noticeEpoch: 4_000_000_000, refused });
		expect(depot.grants(light.id)).toHaveLength(before + 1);
	});

	it("is published again at a start, after the keys and before the grants", () => {
		const { depot, light } = litTaxi();
		depot.tell({ what: "blank-fleet" });
		light.goDark().period();
		light.take();
		depot.advance(2000);
		depot.restart();
		expect(depot.kinds()).toEqual(["keys", "notice", "grant"]);
	});
});
