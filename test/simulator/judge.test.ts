import { describe, expect, it } from "vitest";
import { makeLightId } from "../../protocol/wire/light-id.ts";
import type { Grant } from "../../protocol/wire/messages.ts";
import { seconds, unixSeconds } from "../../protocol/wire/units.ts";
import { LightLedger } from "../../simulator/scenario/light-ledger.ts";
import type { SignedGrant } from "../../simulator/scenario/signed.ts";
import { starsOf } from "../../simulator/scenario/star-table.ts";
import { Truth } from "../../simulator/scenario/truth.ts";

const LIGHT = makeLightId("S0000000001");
const ASK = "0011223344556677";
const askBytes = (hex: string) => Uint8Array.from(hex.match(/../g) ?? [], (h) => Number.parseInt(h, 16));

function signed(order: number, atMs: number, change: Partial<Grant> = {}): SignedGrant {
	const message: Grant = {
		fleet: "sim",
		light: LIGHT,
		epoch: 5,
		seq: order + 1,
		stars: 3,
		issuedAt: unixSeconds(1000),
		notAfter: unixSeconds(1600),
		leaseS: seconds(600),
		resumes: 0,
		resumeS: seconds(0),
		asOf: unixSeconds(500),
		policy: new Uint8Array(8),
		trace: new Uint8Array(8),
		ask: askBytes(ASK),
		...change,
	};
	return { kind: "grant", message, order, atMs, key: "k", signature: new Uint8Array(64) };
}

/** A light that drew an ask at 1 s and got a grant at 2 s, whose record is being written. */
function lightWithGrant(grant = signed(0, 1500)) {
	const ledger = new LightLedger(LIGHT);
	ledger.powerOn(0);
	ledger.drew(ASK, 1000);
	ledger.gotGrant(grant, 2000);
	return ledger;
}

function write(ledger: LightLedger, atMs: number) {
	for (const slot of [0, 1] as const) {
		ledger.writeBegan(atMs);
		ledger.writeDone(slot, atMs);
	}
	ledger.settle();
}

describe("the judge of a light", () => {
	it("lets a star stand on a delivered grant, once both copies hold it, until the lease is over", () => {
		const ledger = lightWithGrant();
		expect(ledger.goLit(3, 2010)).toBe("lit-before-written");
		write(ledger, 2010);
		expect(ledger.goLit(3, 2020)).toBeNull();
		expect(ledger.stillLit(600_900)).toBeNull();
		expect(ledger.stillLit(603_500)).toBe("lease-over");
	});

	it("finds a star without a grant, of another count, or for an ask that the light never drew", () => {
		const ledger = lightWithGrant();
		write(ledger, 2010);
		expect(ledger.goLit(4, 2020)).toBe("never-delivered");
		ledger.gotGrant(signed(1, 1800, { stars: 5, ask: askBytes("ffffffffffffffff") }), 2030);
		expect(ledger.goLit(5, 2040)).toBe("never-delivered");
	});

	it("finds a grant that was dark for good and is shown again", () => {
		const ledger = lightWithGrant();
		write(ledger, 2010);
		ledger.goLit(3, 2020);
		ledger.goDark(3000, true);
		write(ledger, 3000);
		expect(ledger.goLit(3, 3100)).toBe("ended-before");
		ledger.powerOff(3200);
		ledger.powerOn(3300);
		expect(ledger.goLit(3, 3400)).toBe("ended-before");
	});

	it("lets a star come back after a lamp's repair", () => {
		const ledger = lightWithGrant();
		write(ledger, 2010);
		ledger.goLit(3, 2020);
		ledger.goDark(3000, false);
		expect(ledger.goLit(3, 4000)).toBeNull();
	});

	it("ends everything at an unsigned zero, and what is older than what the light has acted on", () => {
		const zero = lightWithGrant();
		write(zero, 2010);
		zero.goLit(3, 2020);
		zero.killAtOnce("zero", 2500);
		expect(zero.stillLit(2500)).toBe("ask-dead");
		const newer = lightWithGrant(signed(4, 1500));
		write(newer, 2010);
		newer.acted = 9;
		expect(newer.goLit(3, 2020)).toBe("older-after-newer");
	});

	it("gives back a grant after a cut only within its resumes", () => {
		const cut = (resumes: number) => {
			const ledger = lightWithGrant(signed(0, 1500, { resumes, resumeS: seconds(60) }));
			write(ledger, 2010);
			ledger.goLit(3, 2020);
			ledger.powerOff(10_000);
			ledger.powerOn(20_000);
			write(ledger, 20_010);
			return ledger;
		};
		expect(cut(0).goLit(3, 20_020)).toBe("resumes-over");
		const once = cut(1);
		expect(once.goLit(3, 20_020)).toBeNull();
		expect(once.stillLit(79_000)).toBeNull();
		expect(once.stillLit(82_000)).toBe("resumes-over");
		once.powerOff(82_000);
		once.powerOn(90_000);
		write(once, 90_010);
		expect(once.goLit(3, 90_020)).toBe("resumes-over");
	});
});

describe("the simulator's own truth", () => {
	const row = (score: number, asOf: number) => ({
		row: 1,
		certificate: "C1",
		grade: "A" as const,
		score,
		period: "2025",
		asOf: unixSeconds(asOf),
	});

	it("has the star table in its own words, the age limit included", () => {
		expect([0, 3.5, 4, 6.5, 7, 10.5, 11, 19.5, 20, 30].map((s) => starsOf(row(s, 0), 10, 550))).toEqual([
			1, 1, 2, 2, 3, 3, 4, 4, 5, 5,
		]);
		expect(starsOf(row(30, 0), 550 * 86_400, 550)).toBe(5);
		expect(starsOf(row(30, 0), 550 * 86_400 + 1, 550)).toBe(0);
		expect(starsOf(null, 0, 550)).toBe(0);
	});

	it("holds both before and after for right while a call is on its way", () => {
		const truth = new Truth(["P1"], 550);
		truth.openRatings(new Map([["C1", row(25, 0)]]));
		truth.settleRatings(true);
		expect([...truth.owed("P1", 5, 5)]).toEqual([0]);
		const id = truth.openDuty(new Map([["P1", "C1"]]));
		expect([...truth.owed("P1", 5, 5)].sort()).toEqual([0, 5]);
		expect(truth.driverOn("P1")).toBeUndefined();
		truth.settleDuty(id, true);
		expect([...truth.owed("P1", 5, 5)]).toEqual([5]);
		const copy = truth.copy();
		truth.settleDuty(truth.openDuty(new Map([["P1", null]])), true);
		expect([...truth.owed("P1", 5, 5)]).toEqual([0]);
		truth.restore(copy);
		expect(truth.driverOn("P1")).toBe("C1");
	});
});
