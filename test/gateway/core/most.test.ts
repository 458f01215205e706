import { describe, expect, it } from "vitest";
import type { Observed, OutboxEntry, StarChange } from "../../../gateway/core/model.ts";
import { lastSeen, mostSeen } from "../../../gateway/core/why/most.ts";
import { unixMs } from "../../../protocol/wire/units.ts";

const HEARD = 1_800_000_000_000;
const LEASE_S = 1800;
const ASK = new Uint8Array(16).fill(1);
const OTHER_ASK = new Uint8Array(16).fill(2);
const at = (afterS: number) => unixMs(HEARD + afterS * 1000);

/** A light that was heard showing `shown`, with `leaseLeftS` of its lease left. */
const observed = (shown: number, leaseLeftS: number | null, ask = ASK) =>
	({ shown, leaseLeftS, ask, heardAt: HEARD, resumesLeft: 0 }) as unknown as Observed;
const entry = (ask: Uint8Array | null, change: object = {}) =>
	({
		ask,
		leaseS: LEASE_S,
		notAfter: HEARD / 1000 + LEASE_S,
		resumes: 0,
		resumeS: 0,
		...change,
	}) as unknown as OutboxEntry;
const change = (stars: number, openedAfterS: number, before: number | null = 1) =>
	({ stars, openedAt: at(openedAfterS), before }) as unknown as StarChange;
const most = (seen: ReturnType<typeof lastSeen>, changes: readonly StarChange[], afterS: number) => {
	const told = mostSeen(seen, changes, at(afterS));
	return told === null ? null : [told.stars, told.darkBy === null ? null : (told.darkBy - HEARD) / 1000];
};

describe("the most that a passenger can see", () => {
	it("is not known of a light that was never heard", () => {
		expect(mostSeen(lastSeen(null, null), [], at(0))).toBeNull();
	});

	it("is what the light said it shows, until its lease is over, while nothing else can be on its way", () => {
		const seen = lastSeen(observed(4, 600), entry(OTHER_ASK));
		const changes = [change(5, 100), change(4, -3000)];
		expect(most(seen, changes, 300)).toEqual([4, 600]);
		expect(most(seen, changes, 600)).toEqual([0, null]);
	});

	it("counts every star that was owed since the report, once its newest ask was used: a grant may have come without an answer", () => {
		const seen = lastSeen(observed(4, 600), entry(ASK));
		// 5 was owed for a while, 2 is owed now.
		const changes = [change(2, 200), change(5, 100), change(4, -3000)];
		expect(most(seen, changes, 300)).toEqual([5, LEASE_S]);
		expect(most(seen, [change(2, 200), change(4, -3000)], 300)).toEqual([4, LEASE_S]);
		expect(most(seen, changes, LEASE_S)).toEqual([0, null]);
	});

	it("also counts a dark light that may have taken a grant since", () => {
		expect(most(lastSeen(observed(0, null), entry(ASK)), [change(3, 10), change(0, -60)], 60)).toEqual([3, LEASE_S]);
		expect(most(lastSeen(observed(0, null), entry(OTHER_ASK)), [change(3, 10), change(0, -60)], 60)).toEqual([0, null]);
	});

	it("is five where the changes since the report are not all at hand", () => {
		expect(most(lastSeen(observed(1, 60), entry(ASK)), [change(2, 200)], 300)?.[0]).toBe(5);
		expect(most(lastSeen(observed(1, 60), entry(ASK)), [change(2, 200, null)], 300)?.[0]).toBe(2);
	});

	it("never lasts beyond the end that is written in the grant, and tells of what a loss of power brings back", () => {
		const short = entry(ASK, { notAfter: HEARD / 1000 + 90, resumes: 2, resumeS: 600 });
		const told = mostSeen(lastSeen(observed(0, null), short), [change(3, 10), change(0, -60)], at(30));
		expect([told?.darkBy, told?.resumes]).toEqual([at(90), { times: 2, eachS: 600 }]);
	});
});
