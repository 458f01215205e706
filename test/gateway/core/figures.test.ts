import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ChangeTally } from "../../../gateway/core/figures/change-tally.ts";
import type { DepotFigures } from "../../../gateway/core/figures/figures.ts";
import { Histogram } from "../../../gateway/core/figures/histogram.ts";
import { unixMs } from "../../../protocol/wire/units.ts";
import { SEED } from "../../support/seed.ts";
import { config, Depot, oneTaxi, ScriptedLight, T0 } from "./harness.ts";

const figures = (depot: Depot): DepotFigures => depot.core.figures(depot.now());
const PLATE = "A-10001";

describe("the depot in figures", () => {
	it("counts a light as right only when a verified state shows what its driver on duty is owed", () => {
		const { depot, light } = oneTaxi();
		expect(figures(depot).channels.mqtt).toMatchObject({ onDuty: 0, onDutyRight: 0 });
		light.report();
		light.take();
		depot.advance(2_000);
		depot.signIn(PLATE, "C5");
		depot.advance(2_000);
		expect(figures(depot).channels.mqtt).toMatchObject({ onDuty: 1, onDutyRight: 0 });
		light.accept();
		// The grant is taken, but the depot has not heard so.
		expect(figures(depot).channels.mqtt.onDutyRight).toBe(0);
		light.report();
		expect(figures(depot).channels.mqtt).toMatchObject({ onDuty: 1, onDutyRight: 1, onDutySilent: 0 });
		depot.advance((config.silentAfterS + 1) * 1000);
		expect(figures(depot).channels.mqtt).toMatchObject({ onDuty: 1, onDutyRight: 0, onDutySilent: 1 });
	});

	it("tells how old the truth behind the lit stars is, and nothing where nobody is on duty", () => {
		const { depot } = oneTaxi();
		expect(figures(depot).channels.mqtt.age).toBeNull();
		depot.signIn(PLATE, "C5");
		expect(figures(depot).channels.mqtt.age).toEqual({ p50: 86_400, p95: 86_400, max: 86_400 });
		depot.advance(60_000);
		expect(figures(depot).channels.mqtt.age?.max).toBe(86_460);
	});

	it("measures a change from its beginning to the glass, once, and counts the other ends by their word", () => {
		const { depot, light } = oneTaxi();
		light.report();
		light.take();
		depot.advance(2_000);
		depot.signIn(PLATE, "C5");
		depot.advance(3_000);
		light.take();
		const { ends, convergenceS } = figures(depot).channels.mqtt;
		expect(ends.shown).toBe(convergenceS.count);
		expect(convergenceS.sum).toBeCloseTo(3, 5);
		depot.signIn(PLATE, "C3");
		depot.signOut(PLATE);
		depot.advance(2_000);
		expect(figures(depot).channels.mqtt.ends).toMatchObject({ "not-due": 1 });
	});

	it("shows a grant that is not answered as waiting, and how long, apart from those to silent lights", () => {
		const { depot, light } = oneTaxi();
		light.report();
		light.take();
		depot.advance(2_000);
		expect(figures(depot).channels.mqtt.outbox.heard).toEqual({ entries: 0, oldestS: 0 });
		depot.signIn(PLATE, "C5");
		depot.advance(5_000);
		expect(figures(depot).channels.mqtt.outbox.heard).toMatchObject({ entries: 1, oldestS: 5 });
		depot.advance((config.silentAfterS + 1) * 1000);
		const { heard, absent } = figures(depot).channels.mqtt.outbox;
		expect([heard.entries, absent.entries]).toEqual([0, 1]);
	});

	it("knows the newest pull and the newest that holds: a held one brings no truth, the same file again confirms what holds and settles it", () => {
		const depot = new Depot().start();
		expect(figures(depot).pulls).toEqual({ ageS: null, appliedAgeS: null, outcome: null, held: 0 });
		depot.pull({ C1: 24, C2: 24 });
		depot.advance(10_000);
		depot.pull({ C1: 1, C2: 1 });
		depot.advance(5_000);
		expect(figures(depot).pulls).toEqual({ ageS: 5, appliedAgeS: 15, outcome: "held", held: 1 });
		depot.pull({ C1: 24, C2: 24 });
		expect(figures(depot).pulls).toMatchObject({ appliedAgeS: 0, outcome: "unchanged", held: 0 });
	});

	it("says when the clock is in doubt, and names a few of the lights with a lamp fault", () => {
		const { depot, light } = oneTaxi();
		light.report({ lamps: ["open", "ok", "ok", "ok", "ok"], pattern: "fault" });
		expect(figures(depot)).toMatchObject({ clock: "trusted", faulty: [light.id] });
		depot.unix -= 60_000;
		expect(figures(depot).clock).toBe("clock-behind");
	});

	it("holds no certificate, plate or driver", () => {
		const { depot, light } = oneTaxi();
		light.report();
		depot.signIn(PLATE, "C5");
		expect(JSON.stringify(figures(depot))).not.toMatch(/C5|A-1000|D0000|V0000/);
	});

	it("has every light in exactly one status", () => {
		const depot = new Depot({}, undefined, T0 * 1000).start();
		const cars = Object.fromEntries(Array.from({ length: 9 }, (_, i) => [`A-${10_001 + i}`, [`C${i}`]]));
		depot.fleet(cars);
		for (const [i, plate] of Object.keys(cars).entries()) {
			const light = new ScriptedLight(depot, i + 1).bind(plate);
			if (i % 2 === 0) light.report();
			if (i % 4 === 0) light.report({ lamps: ["short", "ok", "ok", "ok", "ok"], pattern: "fault" });
		}
		const { status } = figures(depot).channels.mqtt;
		expect(Object.values(status).reduce((sum, n) => sum + n, 0)).toBe(9);
		expect(status).toMatchObject({ silent: 4, fault: 3 });
	});
});

describe("a histogram", () => {
	it("puts each value under the first bound that holds it, and loses none", () => {
		const bounds = [1, 5, 10];
		fc.assert(
			fc.property(fc.array(fc.double({ min: 0, max: 20, noNaN: true })), (values) => {
				const histogram = new Histogram(bounds);
				for (const value of values) histogram.observe(value);
				const { counts, count } = histogram.view();
				const upTo = (bound: number) => values.filter((v) => v <= bound).length;
				expect(counts.reduce((sum, n) => sum + n, 0)).toBe(count);
				expect(counts[0]).toBe(upTo(1));
				expect((counts[0] ?? 0) + (counts[1] ?? 0)).toBe(upTo(5));
				expect(count).toBe(values.length);
			}),
			{ seed: SEED },
		);
	});

	it("of convergence takes a clock that was put back for no time at all", () => {
		const { depot, light } = oneTaxi();
		light.report();
		depot.signIn(PLATE, "C5");
		depot.advance(2_000);
		const change = depot.store.view().changes.get(light.id);
		const tally = new ChangeTally();
		if (change !== undefined)
			tally.ended({ ...change, end: { what: "shown", by: null, at: unixMs(change.openedAt - 5_000) } });
		expect(tally.view().convergenceS).toMatchObject({ sum: 0, count: 1 });
	});
});
