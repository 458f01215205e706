import { describe, expect, it } from "vitest";
import type { Refusal } from "../../../protocol/wire/messages.ts";
import { oneTaxi } from "./harness.ts";

/** What the depot logs when a light that restarts says that it refused something. */
function said(change: (newest: { epoch: number; seq: number }) => Partial<Refusal>) {
	const { depot, light } = oneTaxi();
	depot.signIn("A-10001", "C5");
	light.report();
	const { epoch, seq } = light.take();
	depot.advance(20_000);
	const refused: Refusal = { code: "not-fresh", kind: "grant", epoch, seq, ...change({ epoch, seq }) };
	light.goDark().period({ refused });
	return depot.logs.filter((line) => line.code === "light-refused");
}

describe("a light's refusal in the depot's log", () => {
	it("is an ordinary line in plain words when it is the kept grant, refused at the light's start", () => {
		expect(said(() => ({}))).toMatchObject([
			{ level: "info", fields: { refusal: "not-fresh", note: expect.stringContaining("Normal") } },
		]);
	});

	it.each<[string, Partial<Refusal>]>([
		["a wrong signature", { code: "bad-signature" }],
		["an unknown key", { code: "unknown-key" }],
		["another light's grant", { code: "wrong-light" }],
		["a job that is not fresh", { kind: "job", epoch: 0, seq: 0 }],
		["a grant that this depot never numbered so", { seq: 4711 }],
		["a lease that is over", { code: "expired" }],
	])("stays a warning for %s", (_, change) => {
		expect(said(() => change)).toMatchObject([{ level: "warn" }]);
	});
});

describe("what a light's row shows of its reports", () => {
	it("keeps the newest refusal after the light has gone on, and counts it", () => {
		const { depot, light } = oneTaxi();
		depot.signIn("A-10001", "C5");
		light.report();
		light.take();
		light.period({ refused: { code: "bad-signature", kind: "grant", epoch: 1, seq: 9 } });
		const heardAt = depot.now().unix;
		depot.advance(60_000);
		light.period({});
		expect(depot.view(light.id).refused).toEqual({ code: "bad-signature", kind: "grant", at: heardAt });
		expect(depot.core.depot(depot.now()).refusals).toEqual({ "bad-signature": 1 });
	});

	it("counts the kept grant that a start refuses, and makes no news of it", () => {
		const { depot, light } = oneTaxi();
		depot.signIn("A-10001", "C5");
		light.report();
		const { epoch, seq } = light.take();
		light.goDark().period({ refused: { code: "not-fresh", kind: "grant", epoch, seq } });
		expect(depot.view(light.id).refused).toBeNull();
		expect(depot.core.depot(depot.now()).refusals).toEqual({ "not-fresh": 1 });
	});

	it("has the lamps only while one is broken, and the operating state while the light says it", () => {
		const { depot, light } = oneTaxi();
		light.period({ lamps: ["ok", "ok", "unknown", "ok", "ok"], operating: 1 });
		expect(depot.view(light.id)).toMatchObject({ lamps: null, operating: 1 });
		const lamps = ["ok", "open", "ok", "ok", "ok"] as const;
		light.period({ lamps, pattern: "fault" });
		expect(depot.view(light.id)).toMatchObject({ status: "fault", reason: "lamp-open", lamps, operating: null });
	});

	it("stands beside the age limit of the policy in force", () => {
		const { depot } = oneTaxi();
		expect(depot.core.depot(depot.now()).policy).toMatchObject({ maxAgeDays: 550 });
	});
});
