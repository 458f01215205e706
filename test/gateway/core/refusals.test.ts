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
