import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { StarChange } from "../../../gateway/core/model.ts";
import { equalBytes, toHex } from "../../../protocol/wire/bytes.ts";
import { SEED } from "../../support/seed.ts";
import { config, type Depot, oneTaxi, type ScriptedLight } from "./harness.ts";

const LEASE_MS = config.leaseS * 1000;
const PLATE = "A-10001";

/** Everything the store knows of changes, oldest first. */
const told = (depot: Depot): StarChange[] =>
	[...depot.store.followed(), ...depot.store.view().changes.values()].sort((a, b) => a.n - b.n);

const ends = (depot: Depot): string[] => told(depot).map(({ end }) => end?.what ?? "open");

/** A light that is bound, was heard, and is dark as it owes: nothing has changed yet. */
function lit(): { depot: Depot; light: ScriptedLight } {
	const taxi = oneTaxi();
	taxi.light.report();
	taxi.light.take();
	taxi.depot.advance(5_000);
	return taxi;
}

describe("a change of what a light owes", () => {
	it("carries one trace id from its duty and rating through the grant, and ends as shown", () => {
		const { depot, light } = lit();
		depot.signIn(PLATE, "C5");
		depot.advance(2_000);
		const grant = light.take();
		depot.advance(2_000);
		const change = told(depot).at(-1);
		expect(change).toMatchObject({ stars: 5, driver: "D000001", reason: "rated", pull: "P000001", duty: "S000001" });
		expect(change?.end).toMatchObject({ what: "shown", by: null });
		expect(equalBytes(change?.trace ?? new Uint8Array(), grant.trace)).toBe(true);
	});

	it("is superseded by another star that became due first, and names it", () => {
		const { depot } = lit();
		depot.signIn(PLATE, "C5");
		depot.signIn(PLATE, "C3");
		depot.advance(2_000);
		const [first, second] = told(depot).slice(-2);
		expect(first?.end).toMatchObject({ what: "superseded", by: toHex(second?.trace ?? new Uint8Array()) });
		expect(second?.before).toBe(first?.n);
	});

	it("is not due any more when the driver signs out first", () => {
		const { depot } = lit();
		depot.signIn(PLATE, "C5");
		depot.signOut(PLATE);
		depot.advance(2_000);
		expect(ends(depot).at(-2)).toBe("not-due");
	});

	it("is revoked when the light is taken off the vehicle first", () => {
		const { depot, light } = lit();
		depot.signIn(PLATE, "C5");
		depot.tell({ what: "light-bind", light: light.id, plate: null });
		depot.advance(2_000);
		expect(ends(depot).at(-2)).toBe("revoked");
	});

	it("of 0 stars is not shown by a dark light that has not taken it: a star may still be on its way", () => {
		const { depot, light } = lit();
		depot.signIn(PLATE, "C5");
		depot.advance(2_000);
		depot.signOut(PLATE);
		depot.advance(2_000);
		light.period();
		depot.advance(2_000);
		expect(ends(depot).at(-1)).toBe("open");
		light.take();
		depot.advance(2_000);
		expect(ends(depot).at(-1)).toBe("shown");
	});

	it("of 0 stars whose grant was lost is shown once a lease has gone by and the light says that it is dark", () => {
		const { depot, light } = lit();
		depot.signIn(PLATE, "C5");
		depot.advance(2_000);
		depot.signOut(PLATE);
		depot.advance(LEASE_MS - 60_000);
		light.period();
		depot.advance(65_000);
		expect(ends(depot).at(-1)).toBe("shown");
	});

	it("of 0 stars that expired is shown once the light is heard again and dark, grant or not", () => {
		const { depot, light } = lit();
		depot.signIn(PLATE, "C5");
		depot.advance(2_000);
		depot.signOut(PLATE);
		depot.advance(LEASE_MS + 5_000);
		expect(ends(depot).at(-1)).toBe("expired");
		light.period();
		depot.advance(2_000);
		expect(ends(depot).at(-1)).toBe("shown");
	});

	it("is not held open, nor ended, by a clock that is set", () => {
		for (const step of [-2 * 86_400_000, 3_600_000]) {
			const { depot } = lit();
			depot.signIn(PLATE, "C5");
			depot.advance(2_000);
			depot.unix += step;
			depot.advance(LEASE_MS - 60_000);
			expect(ends(depot).at(-1)).toBe("open");
			depot.advance(65_000);
			expect(ends(depot).at(-1)).toBe("expired");
		}
	});

	it("expires after a lease in which the light was never heard, and says why", () => {
		const { depot } = oneTaxi();
		depot.signIn(PLATE, "C5");
		depot.advance(LEASE_MS - 1_000);
		expect(ends(depot).at(-1)).toBe("open");
		depot.advance(3_000);
		expect(told(depot).at(-1)?.end).toMatchObject({ what: "expired", by: "never-heard" });
	});

	it("ends as refused with its code where the light is another fleet's", () => {
		const { depot, light } = lit();
		depot.signIn(PLATE, "C5");
		depot.advance(2_000);
		const grant = depot.grants(light.id).at(-1);
		const { epoch = 0, seq = 0 } = grant ?? {};
		light.report({ refused: { code: "wrong-fleet", kind: "grant", epoch, seq } });
		depot.advance(2_000);
		expect(told(depot).at(-1)?.end).toMatchObject({ what: "refused", by: "wrong-fleet" });
	});

	it("that expired and is shown after all ends as shown", () => {
		const { depot, light } = lit();
		depot.signIn(PLATE, "C5");
		depot.advance(LEASE_MS + 5_000);
		expect(ends(depot).at(-1)).toBe("expired");
		light.period();
		depot.advance(2_000);
		light.take();
		depot.advance(2_000);
		expect(ends(depot).at(-1)).toBe("shown");
	});

	it("keeps its trace and its place through a loss of power", () => {
		const { depot } = lit();
		depot.signIn(PLATE, "C5");
		depot.advance(2_000);
		const before = told(depot).at(-1);
		depot.restart();
		depot.advance(2_000);
		expect(told(depot).at(-1)).toEqual(before);
		expect(before?.end).toBeNull();
	});

	it("that follows from time alone while the depot was off is told at the next start", () => {
		const { depot, light } = lit();
		depot.signIn(PLATE, "C5");
		depot.advance(2_000);
		light.take();
		depot.advance(2_000);
		depot.unix += 551 * 86_400_000;
		depot.restart();
		depot.tell({ what: "clock-accept" });
		depot.advance(2_000);
		expect(told(depot).at(-1)).toMatchObject({ stars: 0, reason: "rating-too-old" });
		expect(ends(depot).at(-2)).toBe("shown");
	});
});

describe("whatever happens", () => {
	it("no change stays open longer than a lease, and each names the one before it", () => {
		const move = fc.constantFrom("C5", "C3", "out", "take", "dark", "refuse", "wait", "cut", "unbind", "bind");
		const property = fc.property(fc.array(move, { minLength: 1, maxLength: 60 }), (moves) => {
			const { depot, light } = lit();
			for (const what of moves) {
				if (what === "C5" || what === "C3") depot.signIn(PLATE, what);
				else if (what === "out") depot.signOut(PLATE);
				else if (what === "take" && depot.grants(light.id).length > 0) light.take();
				else if (what === "dark") light.goDark().period();
				else if (what === "cut") depot.restart();
				else if (what === "wait") depot.advance(700_000);
				else if (what === "unbind") depot.tell({ what: "light-bind", light: light.id, plate: null });
				else if (what === "bind") depot.tell({ what: "light-bind", light: light.id, plate: PLATE });
				else if (what === "refuse") {
					const { epoch = 0, seq = 0 } = depot.grants(light.id).at(-1) ?? {};
					light.report({ refused: { code: "not-fresh", kind: "grant", epoch, seq } });
				}
				depot.advance(900);
			}
			depot.advance(LEASE_MS + 5_000);
			const all = told(depot);
			expect(ends(depot)).not.toContain("open");
			for (const [i, change] of all.entries()) expect(change.before).toBe(i === 0 ? null : all[i - 1]?.n);
		});
		fc.assert(property, { seed: SEED, numRuns: 60 });
	});
});
