import { describe, expect, it } from "vitest";
import { seconds } from "../../../protocol/wire/units.ts";
import { oneTaxi, T0 } from "./harness.ts";

const MS = T0 * 1000;

const code = (answer: ReturnType<ReturnType<typeof oneTaxi>["depot"]["signIn"]>) =>
	answer === null ? null : answer.ok ? (answer.value["code"] ?? answer.value["applied"]) : answer.code;

describe("sign-in", () => {
	it("starts a duty that the light owes stars for", () => {
		const { depot, light } = oneTaxi();
		expect(code(depot.signIn("A-10001", "C5"))).toBe(true);
		expect(depot.core.duties()).toMatchObject([{ driver: "D000001", until: null }]);
		expect(depot.view(light.id)).toMatchObject({ desired: 5, onDuty: true });
	});

	it("ends the duty before it, of the vehicle and of the driver elsewhere", () => {
		const { depot } = oneTaxi({ allowUnassigned: true });
		depot.signIn("A-10001", "C5");
		depot.signIn("A-10002", "C4");
		depot.signIn("A-10002", "C5");
		const [duty, ...others] = depot.core.duties();
		expect(others).toEqual([]);
		expect(duty).toMatchObject({ vehicle: "V000002", driver: "D000001" });
	});

	it("answers a repeat like the first and changes nothing", () => {
		const { depot } = oneTaxi();
		const first = depot.signIn("A-10001", "C5", MS);
		depot.advance(5000);
		const commits = depot.commits.length;
		expect(depot.signIn("A-10001", "C5", MS)).toEqual(first);
		expect(depot.signIn("A-10001", "C5")).toEqual(first);
		depot.advance(5000);
		expect(depot.commits.length).toBe(commits);
	});

	it.each([
		["vehicle-unknown", "A-99999", "C5", null],
		["driver-unknown", "A-10001", "C9", null],
		["driver-not-assigned", "A-10001", "C4", null],
		["at-in-future", "A-10001", "C5", MS + 61_000],
	] as const)("is refused with %s, which names the next step", (expected, plate, certificate, at) => {
		const { depot } = oneTaxi();
		const answer = depot.signIn(plate, certificate, at);
		expect(answer).toMatchObject({ ok: false, code: expected });
		expect(answer?.ok === false && answer.next.length).toBeGreaterThan(10);
		expect(depot.core.duties()).toEqual([]);
	});

	it("is taken from a driver who is not assigned where the settings allow it, and with up to a minute of clock difference", () => {
		const { depot } = oneTaxi({ allowUnassigned: true });
		expect(code(depot.signIn("A-10001", "C4", MS + 60_000))).toBe(true);
	});

	it("that is dated before the present duty is late and ignored", () => {
		const { depot } = oneTaxi();
		depot.signIn("A-10001", "C5", MS);
		expect(code(depot.signIn("A-10001", "C3", MS - 1000))).toBe("superseded");
		expect(depot.core.duties()).toMatchObject([{ driver: "D000001" }]);
	});

	it("without a date is the newest, even while the clock stands before the present duty", () => {
		const { depot } = oneTaxi();
		depot.signIn("A-10001", "C5", MS + 50_000);
		expect(code(depot.signIn("A-10001", "C3"))).toBe(true);
		expect(depot.core.duties()).toMatchObject([{ driver: "D000002", from: MS + 50_000 }]);
	});

	it("that comes once more after its sign-out does not light the star again, nor on another vehicle, nor after a restart", () => {
		const { depot } = oneTaxi({ allowUnassigned: true });
		depot.advance(100_000);
		depot.signIn("A-10001", "C5", MS + 10_000);
		depot.signOut("A-10001", "C5", MS + 20_000);
		expect(code(depot.signIn("A-10001", "C5", MS + 10_000))).toBe("superseded");
		depot.restart();
		expect(code(depot.signIn("A-10002", "C5", MS + 15_000))).toBe("superseded");
		expect(depot.core.duties()).toEqual([]);
	});
});

describe("sign-out", () => {
	it("makes the light owe 0 stars", () => {
		const { depot, light } = oneTaxi();
		depot.signIn("A-10001", "C5");
		expect(code(depot.signOut("A-10001", "C5"))).toBe(true);
		expect(depot.view(light.id)).toMatchObject({ desired: 0, onDuty: false });
	});

	it("of nobody in particular ends whoever is on duty", () => {
		const { depot } = oneTaxi();
		depot.signIn("A-10001", "C5");
		expect(code(depot.signOut("A-10001"))).toBe(true);
		expect(depot.core.duties()).toEqual([]);
	});

	it("of a driver who has been followed by another does not touch the star", () => {
		const { depot } = oneTaxi();
		depot.signIn("A-10001", "C5");
		depot.signIn("A-10001", "C3");
		expect(code(depot.signOut("A-10001", "C5"))).toBe("superseded");
		expect(depot.core.duties()).toMatchObject([{ driver: "D000002" }]);
	});

	it("that is dated before the present sign-in is late and ignored", () => {
		const { depot } = oneTaxi();
		depot.signIn("A-10001", "C5", MS);
		expect(code(depot.signOut("A-10001", "C5", MS - 1))).toBe("superseded");
		expect(depot.core.duties()).toHaveLength(1);
	});

	it("where nobody is on duty is answered well and changes nothing", () => {
		const { depot } = oneTaxi();
		const commits = depot.commits.length;
		expect(code(depot.signOut("A-10001", "C5"))).toBe("not-on-duty");
		expect(depot.commits.length).toBe(commits);
	});

	it("that overtakes its sign-in wins over it, also after a restart", () => {
		const { depot } = oneTaxi();
		depot.advance(60_000);
		depot.signOut("A-10001", "C5", MS + 20_000);
		depot.restart();
		expect(code(depot.signIn("A-10001", "C5", MS + 10_000))).toBe("superseded");
		expect(code(depot.signIn("A-10001", "C5", MS + 30_000))).toBe(true);
	});
});

describe("who owes what", () => {
	it.each([
		["a rating that changes", { C5: 8, C3: 8, C4: 12 }, 3],
		["a rating that is not rated any more", { C5: null, C3: 8, C4: 12 }, 0],
		["a rating that is gone", { C3: 8, C4: 12 }, 0],
	])("%s is owed at once by the light of the driver on duty", (_, ratings, stars) => {
		const { depot, light } = oneTaxi({ heldLoweredShare: 1, heldRemovedShare: 1 });
		depot.signIn("A-10001", "C5");
		depot.pull(ratings);
		expect(depot.view(light.id).desired).toBe(stars);
	});

	it("a driver of the fleet without a rating owes 0 stars", () => {
		const { depot, light } = oneTaxi({ allowUnassigned: true });
		depot.signIn("A-10001", "C0");
		expect(depot.view(light.id)).toMatchObject({ desired: 0, onDuty: true, ageS: null });
	});

	it("the age of truth is the time since the rating's as-of time", () => {
		const { depot, light } = oneTaxi();
		depot.signIn("A-10001", "C5");
		depot.advance(60_000);
		expect(depot.view(light.id).ageS).toBe(86_400 + 60);
	});

	it("the lease terms of the settings go into each grant", () => {
		const { depot, light } = oneTaxi({ leaseS: seconds(1800), resumes: 3, resumeS: seconds(60) });
		depot.signIn("A-10001", "C5");
		light.report();
		expect(depot.grants(light.id)[0]).toMatchObject({ leaseS: 1800, resumes: 3, resumeS: 60 });
	});
});
