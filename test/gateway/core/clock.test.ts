import { describe, expect, it } from "vitest";
import { readClock } from "../../../gateway/core/lights/clock-guard.ts";
import { unixMs, unixSeconds } from "../../../protocol/wire/units.ts";
import { oneTaxi, T0 } from "./harness.ts";

const DAY_MS = 86_400_000;

describe("the clock guard", () => {
	it.each<[string, number, number, string | number]>([
		["a fresh store takes any clock", 0, T0, T0],
		["the stored second itself", T0, T0, T0],
		["behind within 5 s the stored time is used", T0, T0 - 5, T0],
		["more than 5 s behind", T0, T0 - 6, "clock-behind"],
		["a day behind", T0, T0 - 86_400, "clock-behind"],
		["ahead", T0, T0 + 3600, T0 + 3600],
		["24 h ahead", T0, T0 + 86_400, T0 + 86_400],
		["more than 24 h ahead", T0, T0 + 86_401, "clock-ahead"],
	])("%s", (_, stored, now, expected) => {
		const reading = readClock(unixMs(now * 1000), unixSeconds(stored));
		expect(reading.trusted ? reading.s : reading.code).toBe(expected);
	});

	it("goes by what was stored while the clock does not fit", () => {
		expect(readClock(unixMs((T0 - 1000) * 1000), unixSeconds(T0))).toMatchObject({ trusted: false, s: T0 });
	});
});

function litTaxi() {
	const taxi = oneTaxi();
	taxi.depot.signIn("A-10001", "C5");
	taxi.light.report();
	taxi.light.take();
	taxi.depot.advance(20_000);
	return taxi;
}

describe("a depot whose clock jumps", () => {
	it("that was accepted more than a day behind asks again once it is set right, and says so beforehand", () => {
		const { depot, light } = litTaxi();
		const doubt = () => depot.core.depot(depot.now()).clock?.code ?? null;
		depot.unix -= DAY_MS + 60_000;
		light.report();
		expect(doubt()).toBe("clock-behind");
		expect(depot.logs.find((l) => l.code === "clock-behind")?.fields["note"]).toMatch(/asked about again/);
		depot.tell({ what: "clock-accept" });
		expect(doubt()).toBeNull();
		depot.unix += DAY_MS + 60_000;
		light.report();
		expect(doubt()).toBe("clock-ahead");
		depot.tell({ what: "clock-accept" });
		expect(doubt()).toBeNull();
	});

	it("that is set right again needs nobody's word", () => {
		const { depot, light } = litTaxi();
		depot.unix -= 2 * DAY_MS;
		light.report();
		depot.unix += 2 * DAY_MS;
		light.report();
		expect(depot.core.depot(depot.now()).clock).toBeNull();
		expect(depot.logs.map((l) => l.code)).toContain("clock-trusted");
	});

	it.each([
		["back by a day", -DAY_MS, "clock-behind"],
		["back by a minute", -60_000, "clock-behind"],
		["ahead by two days", 2 * DAY_MS, "clock-ahead"],
	] as const)("%s signs nothing, says so, and signs again once a person accepts it", (_, jump, code) => {
		const { depot, light } = litTaxi();
		depot.unix += jump;
		depot.signIn("A-10001", "C3");
		light.report();
		expect(depot.grants(light.id)).toHaveLength(1);
		expect(depot.core.depot(depot.now()).clock).toMatchObject({ code });
		expect(depot.logs.filter((l) => l.code === code)).toMatchObject([
			{ level: "error", fields: { next: "liangxing clock accept" } },
		]);
		expect(depot.ask({ what: "blank-fleet" })).toMatchObject({ ok: false, code });
		depot.advance(15_000);
		expect(depot.view(light.id)).toMatchObject({ status: "differs", reason: code });
		depot.tell({ what: "clock-accept" });
		const newest = depot.grants(light.id).at(-1);
		expect(newest).toMatchObject({ stars: 3, issuedAt: Math.floor(depot.unix / 1000) });
		expect(depot.core.depot(depot.now()).clock).toBeNull();
		expect(depot.store.view().meta.storedTime).toBe(newest?.issuedAt);
	});

	it("blanks the fleet first, once it is accepted, where a person asked for that in between", () => {
		const { depot, light } = litTaxi();
		depot.unix -= DAY_MS;
		depot.ask({ what: "blank-fleet" });
		depot.signIn("A-10001", "C3");
		depot.sent = [];
		depot.tell({ what: "clock-accept" });
		expect(depot.kinds()).toEqual(["notice", "grant"]);
		expect(depot.grants(light.id)[0]?.epoch).toBe(depot.notices()[0]?.epoch);
	});

	it("back by a few seconds signs with the stored time", () => {
		const { depot, light } = litTaxi();
		depot.signOut("A-10001");
		const at = depot.store.view().meta.storedTime;
		depot.unix -= 4000;
		depot.advance(1000);
		depot.signIn("A-10001", "C5");
		light.take();
		depot.advance(1000);
		expect(depot.grants(light.id).map((g) => g.issuedAt)).toEqual([T0, at, at]);
	});

	it("signs again by itself when the clock comes back", () => {
		const { depot, light } = litTaxi();
		depot.unix -= DAY_MS;
		depot.signIn("A-10001", "C3");
		depot.unix += DAY_MS;
		depot.feed({ type: "tick" });
		expect(depot.grants(light.id).at(-1)?.stars).toBe(3);
	});

	it("does not store a time that it does not trust", () => {
		const { depot } = litTaxi();
		const before = depot.store.view().meta.storedTime;
		depot.unix += 2 * DAY_MS;
		depot.signIn("A-10001", "C3");
		depot.advance(7_200_000);
		expect(depot.store.view().meta.storedTime).toBe(before);
	});

	it("is not trusted at a start either, and the newest signed grants are published all the same", () => {
		const { depot, light } = litTaxi();
		depot.unix += 2 * DAY_MS;
		depot.restart();
		expect(depot.core.depot(depot.now()).clock).toMatchObject({ code: "clock-ahead" });
		expect(depot.grants(light.id)).toHaveLength(1);
		depot.signOut("A-10001");
		expect(depot.grants(light.id)).toHaveLength(1);
	});

	it("ends no rating too early by a clock that it does not trust", () => {
		const { depot, light } = litTaxi();
		depot.unix += 900 * DAY_MS;
		depot.feed({ type: "tick" });
		expect(depot.view(light.id).desired).toBe(5);
	});

	it("accepts duties while it is wrong, and later sign-ins are not late because of that", () => {
		const { depot, light } = litTaxi();
		depot.unix += 2 * DAY_MS;
		depot.signIn("A-10001", "C3");
		depot.unix -= 2 * DAY_MS;
		expect(depot.signIn("A-10001", "C5")).toMatchObject({ ok: true, value: { applied: true } });
		light.report();
		expect(depot.view(light.id).desired).toBe(5);
	});

	it("is not asked to accept a clock that fits", () => {
		const { depot } = litTaxi();
		expect(depot.tell({ what: "clock-accept" })).toMatchObject({ applied: false });
	});
});

describe("the stored time", () => {
	it("goes along with each commit", () => {
		const { depot } = litTaxi();
		depot.advance(5_000);
		depot.signOut("A-10001");
		expect(depot.store.view().meta.storedTime).toBe(T0 + 25);
	});

	it("is stored at least hourly where nothing happens", () => {
		const { depot } = litTaxi();
		const times: number[] = [];
		for (let h = 0; h < 5; h++) {
			depot.advance(3_600_000);
			times.push(depot.store.view().meta.storedTime);
		}
		expect(times.every((t, i) => t >= T0 + i * 3600)).toBe(true);
		expect(depot.commits.filter((c) => c.at > 60_000)).toHaveLength(5);
	});
});
