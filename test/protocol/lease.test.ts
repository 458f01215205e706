import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
	type EndReason,
	endLease,
	type Lease,
	leaseAt,
	resumeLease,
	startLease,
	toStoredLease,
} from "../../protocol/wire/lease.ts";
import { type LightTime, restoreTime, timeAt, timeFromGrant, timeToSave } from "../../protocol/wire/light-time.ts";
import type { Grant } from "../../protocol/wire/messages.ts";
import { monoMs, type Stars, seconds, unixMs, unixSeconds } from "../../protocol/wire/units.ts";
import { SEED } from "../support/seed.ts";
import { grant, ISSUED } from "./samples.ts";

const at = (s: number) => monoMs(s * 1000);
const time = (s: number) => unixMs((ISSUED + s) * 1000);

describe("a lease", () => {
	it("shows its stars from the start and says how long it may", () => {
		const lease = startLease(grant({ stars: 4 }), at(100), at(160));
		expect(leaseAt(lease, at(160), time(60))).toEqual({
			stars: 4,
			leaseLeftS: 3540,
			ended: null,
			nextDeadline: at(3700),
		});
	});

	it("is over leaseS after the drawing of the ask, not after its acceptance", () => {
		const lease = startLease(grant(), at(100), at(160));
		expect(leaseAt(lease, monoMs(3_699_999), time(0)).stars).toBe(5);
		expect(leaseAt(lease, at(3700), time(0))).toEqual({
			stars: 0,
			leaseLeftS: 0,
			ended: "lease-over",
			nextDeadline: null,
		});
	});

	it("ends when the light's time is at notAfter, to the millisecond", () => {
		const lease = startLease(grant({ notAfter: unixSeconds(ISSUED + 10) }), at(0), at(0));
		expect(leaseAt(lease, at(5), unixMs((ISSUED + 10) * 1000 - 1))).toMatchObject({
			stars: 5,
			nextDeadline: monoMs(5001),
		});
		expect(leaseAt(lease, at(5), time(10))).toMatchObject({ stars: 0, ended: "not-after" });
	});

	it("once ended shows nothing and keeps its first reason", () => {
		const reasons: EndReason[] = ["superseded", "notice", "key-gone", "unsigned-zero", "unsigned-clock"];
		for (const reason of reasons) {
			const ended = endLease(startLease(grant(), at(0), at(0)), reason);
			expect(leaseAt(ended, at(1), time(1))).toMatchObject({ stars: 0, ended: reason, nextDeadline: null });
			expect(endLease(ended, "lease-over").ended).toBe(reason);
		}
	});

	it("shows nothing where the monotonic clock is before the lease's own start", () => {
		expect(leaseAt(startLease(grant(), at(100), at(100)), at(99), time(0))).toMatchObject({ stars: 0 });
	});

	it("of 0 stars has no deadline and needs no ask", () => {
		const dark = startLease(grant({ stars: 0, ask: null }), null, at(7));
		expect(leaseAt(dark, at(1e6), time(1e6))).toEqual({ stars: 0, leaseLeftS: 0, ended: null, nextDeadline: null });
	});
});

describe("after a loss of power", () => {
	const stored = (change: Partial<Grant> = {}, resumesLeft = change.resumes ?? 0, ended: EndReason | null = null) => ({
		grant: grant({ resumes: 2, resumeS: seconds(600), ...change }),
		resumesLeft,
		ended,
	});

	it("a grant without resumes is not shown again", () => {
		const lease = resumeLease(stored({ resumes: 0, resumeS: seconds(0) }), at(0), time(1));
		expect(lease).toMatchObject({ ended: "no-resumes", resumesLeft: 0 });
		expect(leaseAt(lease, at(0), time(1)).stars).toBe(0);
	});

	it("a grant with a resume left is shown for resumeS, and the count to write is one less", () => {
		const lease = resumeLease(stored({}, 2), at(3), time(1));
		expect(lease).toMatchObject({ ended: null, resumesLeft: 1 });
		expect(leaseAt(lease, at(3), time(1))).toMatchObject({ stars: 5, leaseLeftS: 600, nextDeadline: at(603) });
		expect(leaseAt(lease, at(603), time(1))).toMatchObject({ stars: 0, ended: "lease-over" });
	});

	it("it is not shown at or past notAfter, and keeps its count", () => {
		const lease = resumeLease(stored({}, 2), at(0), time(3600));
		expect(lease).toMatchObject({ ended: "not-after", resumesLeft: 2 });
		expect(resumeLease(stored({}, 2), at(0), time(3599)).ended).toBeNull();
	});

	it("it ends at notAfter even where resumeS is not over", () => {
		const lease = resumeLease(stored({}, 2), at(0), time(3500));
		expect(leaseAt(lease, at(0), time(3500))).toMatchObject({ leaseLeftS: 100, nextDeadline: at(100) });
	});

	it("a grant that had ended stays so, with its reason and its count", () => {
		expect(resumeLease(stored({}, 2, "notice"), at(0), time(0))).toMatchObject({ ended: "notice", resumesLeft: 2 });
	});

	it("a grant with resumes of 0 seconds is not shown", () => {
		expect(resumeLease(stored({ resumeS: seconds(0) }, 2), at(0), time(0)).ended).toBe("no-resumes");
	});

	it("a grant of 0 stars uses no resume", () => {
		expect(resumeLease(stored({ stars: 0 }, 2), at(0), time(0))).toMatchObject({ ended: null, resumesLeft: 2 });
	});
});

describe("time on a light", () => {
	it("is set by a grant, forwards or back, and goes on with monotonic time", () => {
		const set = timeFromGrant(grant(), at(50));
		expect(timeAt(set, at(50))).toBe(time(0));
		expect(timeAt(set, monoMs(61_250))).toBe(ISSUED * 1000 + 11_250);
		expect(timeToSave(set, monoMs(61_250))).toBe(ISSUED + 11);
		const back = timeFromGrant(grant({ issuedAt: unixSeconds(ISSUED - 1000) }), at(61));
		expect(timeAt(back, at(61))).toBe(time(-1000));
	});

	it("stands still without power: it goes on from what was saved", () => {
		const before = timeFromGrant(grant(), at(0));
		const saved = timeToSave(before, at(10));
		expect(timeAt(restoreTime(saved, at(3)), at(4))).toBe(time(11));
	});

	it("does not run backwards with a monotonic clock that does", () => {
		expect(timeAt(timeFromGrant(grant(), at(50)), at(40))).toBe(time(0));
	});

	it("is saved within uint32", () => {
		expect(timeToSave(restoreTime(unixSeconds(0xffff_ffff), at(0)), at(100))).toBe(0xffff_ffff);
	});
});

/** A light's power and monotonic time: steps of running, each run after the first begins with a loss of power. */
interface Life {
	readonly grant: Grant;
	readonly drawnToTakenMs: number;
	readonly runs: readonly (readonly number[])[];
}

const life: fc.Arbitrary<Life> = fc
	.record({
		leaseS: fc.integer({ min: 1, max: 4000 }),
		resumes: fc.integer({ min: 0, max: 4 }),
		part: fc.integer({ min: 0, max: 100 }),
		notAfterPart: fc.integer({ min: 1, max: 100 }),
		stars: fc.integer({ min: 1, max: 5 }),
		drawnToTakenMs: fc.integer({ min: 0, max: 100_000 }),
		runs: fc.array(fc.array(fc.integer({ min: 1, max: 1_500_000 }), { maxLength: 8 }), { minLength: 1, maxLength: 10 }),
	})
	.map(({ part, notAfterPart, drawnToTakenMs, runs, ...g }) => {
		const resumeS = seconds(Math.floor((g.leaseS * part) / 100));
		const bound = g.leaseS + g.resumes * resumeS;
		const notAfter = unixSeconds(ISSUED + Math.max(1, Math.floor((bound * notAfterPart) / 100)));
		const stars = g.stars as Stars;
		return { grant: grant({ ...g, stars, leaseS: seconds(g.leaseS), resumeS, notAfter }), drawnToTakenMs, runs };
	});

/** Lit milliseconds of each run; the light looks at its lease at each deadline and at each step's end, and stores ends. */
function live({ grant: g, drawnToTakenMs, runs }: Life, check: (lease: Lease, now: number, clock: LightTime) => void) {
	let now = drawnToTakenMs;
	let clock = timeFromGrant(g, monoMs(now));
	let lease = startLease(g, monoMs(0), monoMs(now));
	return runs.map((steps, run) => {
		if (run > 0) {
			// Power was away; monotonic time starts anywhere, and time stood still.
			const saved = timeToSave(clock, monoMs(now));
			now = run * 7_919;
			clock = restoreTime(saved, monoMs(now));
			lease = resumeLease(toStoredLease(lease), monoMs(now), timeAt(clock, monoMs(now)));
		}
		let lit = 0;
		for (const step of steps) {
			const until = now + step;
			while (now < until) {
				const seen = leaseAt(lease, monoMs(now), timeAt(clock, monoMs(now)));
				check(lease, now, clock);
				if (seen.ended) lease = endLease(lease, seen.ended);
				const next = Math.min(until, seen.nextDeadline ?? until);
				if (next <= now) throw new RangeError("a deadline that stands still would hang a light");
				if (seen.stars > 0) lit += next - now;
				now = next;
			}
		}
		return lit;
	});
}

describe("whatever is done with power and time", () => {
	it("a star is lit at most leaseS from the drawing of its ask, and resumes * resumeS in all after cuts", () => {
		let resumed = 0;
		fc.assert(
			fc.property(life, (one) => {
				const [first = 0, ...later] = live(one, () => {});
				if (first > 0) expect(first + one.drawnToTakenMs).toBeLessThanOrEqual(one.grant.leaseS * 1000);
				for (const lit of later) expect(lit).toBeLessThanOrEqual(one.grant.resumeS * 1000);
				const total = later.reduce((sum, lit) => sum + lit, 0);
				expect(total).toBeLessThanOrEqual(one.grant.resumes * one.grant.resumeS * 1000);
				if (total > 0) resumed += 1;
			}),
			{ seed: SEED, numRuns: 1000 },
		);
		expect(resumed).toBeGreaterThan(50);
	});

	it("nothing is shown at or past notAfter, and nothing after an end", () => {
		fc.assert(
			fc.property(life, (one) => {
				let ended = false;
				live(one, (lease, now, clock) => {
					const seen = leaseAt(lease, monoMs(now), timeAt(clock, monoMs(now)));
					if (timeAt(clock, monoMs(now)) >= one.grant.notAfter * 1000) expect(seen.stars).toBe(0);
					if (ended) expect(seen.stars).toBe(0);
					ended ||= seen.ended !== null;
				});
			}),
			{ seed: SEED, numRuns: 500 },
		);
	});

	it("never shows another count than the grant's", () => {
		fc.assert(
			fc.property(life, (one) => {
				live(one, (lease, now, clock) => {
					expect([0, one.grant.stars]).toContain(leaseAt(lease, monoMs(now), timeAt(clock, monoMs(now))).stars);
				});
			}),
			{ seed: SEED, numRuns: 200 },
		);
	});
});
