import { describe, expect, it } from "vitest";
import { dotOf } from "../../../gateway/console/src/dot.tsx";
import { windowsOf } from "../../../gateway/console/src/lamp.tsx";
import { fakeLight, inState } from "../../support/fake-depot.ts";

describe("the five windows", () => {
	it("are lit only for what is seen", () => {
		expect(windowsOf(fakeLight(3))).toEqual(["lit", "lit", "lit", "off", "off"]);
		expect(windowsOf(fakeLight(0))).toEqual(["off", "off", "off", "off", "off"]);
	});

	it("show what is owed and not there dashed, and what is there and not owed struck", () => {
		expect(windowsOf(inState(1, "moving", { desired: 4, observed: 2 }))).toEqual(["lit", "lit", "want", "want", "off"]);
		expect(windowsOf(inState(1, "differs", { desired: 2, observed: 3 }))).toEqual([
			"lit",
			"lit",
			"extra",
			"off",
			"off",
		]);
		expect(windowsOf(inState(1, "refused", { desired: 5, observed: 4 }))).toEqual(["lit", "lit", "lit", "lit", "want"]);
	});

	it("strike a star too many of a light that reports a fault, too", () => {
		expect(windowsOf(inState(1, "fault", { desired: 2, observed: 3, reason: "lamp-stuck-on" }))).toEqual([
			"lit",
			"lit",
			"extra",
			"off",
			"off",
		]);
	});

	it("have a cross where a lamp is broken, at the star that it belongs to", () => {
		const fault = (lamps: string[], observed: 0 | 1 = 0) =>
			windowsOf(inState(1, "fault", { desired: 4, observed, reason: "lamp-open", lamps }));
		expect(fault(["ok", "open", "ok", "ok", "short"])).toEqual(["off", "bad", "off", "off", "bad"]);
		// Ten lamps in pairs: the seventh belongs to the fourth star.
		const pairs = ["ok", "ok", "ok", "ok", "ok", "ok", "stuck-off", "ok", "ok", "unknown"];
		expect(fault(pairs)).toEqual(["off", "off", "off", "bad", "off"]);
		// Seven lamps on five stars: nobody can say which, so the frame alone says it.
		expect(fault(["open", "ok", "ok", "ok", "ok", "ok", "ok"])).toEqual(["off", "off", "off", "off", "off"]);
	});

	it("are outlines where the glass was answered for but cannot be read", () => {
		expect(windowsOf(inState(1, "acked", { desired: 4, acked: 3, observed: null }))).toEqual([
			"ack",
			"ack",
			"ack",
			"want",
			"off",
		]);
	});
});

describe("a dot", () => {
	it("has a drawing for its state and its stars, and none with stars for a silent or faulty light", () => {
		expect(dotOf(fakeLight(3))).toEqual({ kind: "seen", stars: 3 });
		expect(dotOf(inState(4, "moving"))).toEqual({ kind: "moving", stars: 4 });
		expect(dotOf(inState(4, "refused", { observed: 2 }))).toEqual({ kind: "differs", stars: 2 });
		expect(dotOf(inState(4, "acked", { acked: 4, observed: null }))).toEqual({ kind: "acked", stars: 4 });
		expect(dotOf(inState(4, "silent"))).toEqual({ kind: "silent", stars: 0 });
		expect(dotOf(inState(4, "fault"))).toEqual({ kind: "fault", stars: 0 });
	});
});
