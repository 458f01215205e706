import { describe, expect, it } from "vitest";
import { acceptJob, acceptKeys, acceptNotice, comparePairs } from "../../protocol/wire/acceptance.ts";
import { grantBytes, jobBytes, keysBytes, noticeBytes, view } from "./light-view.ts";
import { OTHER_LIGHT, PUBLIC, token } from "./samples.ts";

const refused = (kind: string, code: string, epoch = 0) => ({ result: "refused", kind, code, epoch, seq: 0 });

describe("a notice", () => {
	it("of a newer epoch is accepted and ends the stored grant, whose epoch is lower", () => {
		expect(acceptNotice(view(), noticeBytes(101))).toMatchObject({
			result: "accepted",
			notice: { epoch: 101 },
			key: PUBLIC.depot,
			grantEnds: true,
		});
	});

	it("of the stored grant's own epoch is accepted and leaves that grant", () => {
		expect(acceptNotice(view(), noticeBytes(100))).toMatchObject({ result: "accepted", grantEnds: false });
	});

	it("ends a stored grant whose own epoch is lower than the stored pair's", () => {
		const v = view({ epoch: 120, grantPair: { epoch: 100, seq: 5 } });
		expect(acceptNotice(v, noticeBytes(120))).toMatchObject({ result: "accepted", grantEnds: true });
	});

	it("of the stored notice's epoch is answered again, even below the stored pair", () => {
		expect(acceptNotice(view(), noticeBytes(90))).toMatchObject({ result: "repeat" });
	});

	it("below the stored notice, or below the stored pair's epoch, is stale", () => {
		expect(acceptNotice(view(), noticeBytes(89))).toEqual(refused("notice", "stale", 89));
		expect(acceptNotice(view(), noticeBytes(99))).toEqual(refused("notice", "stale", 99));
		const ahead = view({ noticeEpoch: 200 });
		expect(acceptNotice(ahead, noticeBytes(150))).toEqual(refused("notice", "stale", 150));
	});

	it("without any stored grant ends none", () => {
		const fresh = view({
			epoch: 0,
			seq: 0,
			noticeEpoch: 0,
			noticeKey: null,
			grantBytes: null,
			grantKey: null,
			grantPair: null,
		});
		expect(acceptNotice(fresh, noticeBytes(1))).toMatchObject({ result: "accepted", grantEnds: false });
	});

	it("is refused with its code otherwise, and names its epoch where it could be read", () => {
		expect(acceptNotice(view(), noticeBytes(101, { fleet: "other" }))).toEqual(refused("notice", "wrong-fleet", 101));
		expect(acceptNotice(view(), noticeBytes(101, {}, "stranger"))).toEqual(refused("notice", "unknown-key", 101));
		expect(acceptNotice(view(), noticeBytes(101, {}, "root"))).toEqual(refused("notice", "unknown-key", 101));
		expect(acceptNotice(view(), grantBytes())).toEqual(refused("notice", "malformed"));
	});
});

describe("keys", () => {
	const both = [PUBLIC.depot, PUBLIC.next];

	it("of a higher version are taken from any older one; nothing ends where no key leaves", () => {
		expect(acceptKeys(view(), keysBytes(999, [...both, PUBLIC.vehicle]))).toMatchObject({
			result: "accepted",
			keys: { version: 999 },
			grantEnds: false,
			pair: { epoch: 100, seq: 5 },
			noticeEpoch: 90,
			noticeKey: PUBLIC.depot,
		});
	});

	it("of the stored version are answered again, of a lower one stale", () => {
		expect(acceptKeys(view(), keysBytes(10, [PUBLIC.stranger]))).toMatchObject({ result: "repeat" });
		expect(acceptKeys(view(), keysBytes(9, both))).toEqual(refused("keys", "stale"));
	});

	it("without the stored grant's and notice's key end that grant, and pair and notice epoch become 0", () => {
		expect(acceptKeys(view(), keysBytes(11, [PUBLIC.next]))).toMatchObject({
			result: "accepted",
			grantEnds: true,
			pair: { epoch: 0, seq: 0 },
			noticeEpoch: 0,
			noticeKey: null,
		});
	});

	it("without another key leave the stored grant, and the pair becomes that grant's own", () => {
		const v = view({ epoch: 4_000_000_000, seq: 77 });
		expect(acceptKeys(v, keysBytes(11, [PUBLIC.depot]))).toMatchObject({
			grantEnds: false,
			pair: { epoch: 100, seq: 5 },
			noticeEpoch: 90,
		});
	});

	it("that only add a key leave a pair above the stored grant's own as it is", () => {
		const v = view({ epoch: 4_000_000_000, seq: 77 });
		const pair = { epoch: 4_000_000_000, seq: 77 };
		expect(acceptKeys(v, keysBytes(11, [...both, PUBLIC.vehicle]))).toMatchObject({ grantEnds: false, pair });
	});

	it("without the notice's key alone drop the notice and keep the grant", () => {
		const v = view({ noticeKey: PUBLIC.next });
		expect(acceptKeys(v, keysBytes(11, [PUBLIC.depot]))).toMatchObject({
			grantEnds: false,
			noticeEpoch: 0,
			noticeKey: null,
		});
	});

	it("on a light without a grant make the pair (0, 0) when a key leaves", () => {
		const v = view({ grantBytes: null, grantKey: null, grantPair: null, noticeKey: null, noticeEpoch: 0 });
		expect(acceptKeys(v, keysBytes(11, [PUBLIC.next]))).toMatchObject({
			grantEnds: false,
			pair: { epoch: 0, seq: 0 },
			noticeEpoch: 0,
		});
	});

	it("come from the root key only: no signing key may change the set", () => {
		for (const who of ["depot", "next", "stranger"] as const) {
			expect(acceptKeys(view(), keysBytes(11, both, {}, who))).toEqual(refused("keys", "unknown-key"));
		}
		const alsoSigning = view({ trustedKeys: [PUBLIC.depot] });
		expect(acceptKeys(alsoSigning, keysBytes(11, both, {}, "depot"))).toEqual(refused("keys", "unknown-key"));
	});

	it("are refused with their code otherwise", () => {
		expect(acceptKeys(view(), keysBytes(11, both, { fleet: "other" }))).toEqual(refused("keys", "wrong-fleet"));
		expect(acceptKeys(view(), noticeBytes(1))).toEqual(refused("keys", "malformed"));
	});
});

describe("a job", () => {
	it("with a live ask is accepted", () => {
		expect(acceptJob(view(), jobBytes())).toMatchObject({
			result: "accepted",
			job: { what: "identify", parameters: null },
			askRecord: { ask: token("ask") },
			key: PUBLIC.depot,
		});
	});

	it("cannot be replayed: once its ask is dead it is not fresh, or void after a notice", () => {
		expect(acceptJob(view({ asks: [] }), jobBytes())).toEqual(refused("job", "not-fresh"));
		const killedByNotice = [token("ask")];
		expect(acceptJob(view({ asks: [], killedByNotice }), jobBytes())).toEqual(refused("job", "void"));
	});

	it("is refused with its code otherwise", () => {
		expect(acceptJob(view(), jobBytes({ fleet: "other" }))).toEqual(refused("job", "wrong-fleet"));
		expect(acceptJob(view(), jobBytes({ light: OTHER_LIGHT }))).toEqual(refused("job", "wrong-light"));
		expect(acceptJob(view(), jobBytes({}, "root"))).toEqual(refused("job", "unknown-key"));
		expect(acceptJob(view(), grantBytes())).toEqual(refused("job", "malformed"));
	});
});

describe("pairs", () => {
	it("are ordered by epoch, then seq", () => {
		expect(comparePairs({ epoch: 1, seq: 9 }, { epoch: 2, seq: 1 })).toBeLessThan(0);
		expect(comparePairs({ epoch: 2, seq: 2 }, { epoch: 2, seq: 1 })).toBeGreaterThan(0);
		expect(comparePairs({ epoch: 2, seq: 2 }, { epoch: 2, seq: 2 })).toBe(0);
	});
});
