import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type AcceptanceView, acceptGrant } from "../../protocol/wire/acceptance.ts";
import type { Grant } from "../../protocol/wire/messages.ts";
import { monoMs, type Stars, seconds } from "../../protocol/wire/units.ts";
import { SEED } from "../support/seed.ts";
import { DRAWN, grantBytes, STORED, view } from "./light-view.ts";
import { OTHER_LIGHT, PUBLIC, token } from "./samples.ts";
import { headerFor } from "./second-opinion.ts";

const NOW = monoMs(DRAWN + 1000);
const newer = { epoch: 100, seq: 6 };
const older = { epoch: 100, seq: 4 };
const equal = { epoch: 100, seq: 5 };
const dead = { ask: token("ask never drawn") };
const killed = { ask: token("ask killed by a notice") };

/** Code, "accepted" or "repeat". */
function outcome(bytes: Uint8Array, v: AcceptanceView = view(), now = NOW): string {
	const answer = acceptGrant(v, bytes, now);
	return answer.result === "refused" ? answer.code : answer.result;
}

describe("a grant with a live ask", () => {
	it("is accepted, with the ask's drawing, the key that signed it and the pair to store", () => {
		expect(acceptGrant(view(), grantBytes(newer), NOW)).toMatchObject({
			result: "accepted",
			grant: { stars: 5, ...newer },
			askRecord: { ask: token("ask"), drawnAt: DRAWN },
			key: PUBLIC.depot,
			pair: newer,
		});
	});

	it.each([
		["any of the live asks", { ask: token("newer ask") }],
		["an older epoch", { epoch: 1, seq: 1 }],
		["a pair below the stored one", older],
		["a pair equal to the stored one", equal],
		["an epoch below the notice's", { epoch: 80, seq: 9 }],
		["0 stars", { stars: 0 as Stars }],
	])("beats any stored pair: %s is accepted", (_name, change) => {
		expect(outcome(grantBytes({ ...newer, ...change }))).toBe("accepted");
	});

	it("never makes the stored pair fall", () => {
		for (const pair of [older, equal, { epoch: 1, seq: 900 }]) {
			expect(acceptGrant(view(), grantBytes(pair), NOW)).toMatchObject({ result: "accepted", pair: equal });
		}
	});

	it("signed by the other trusted key is accepted too", () => {
		expect(acceptGrant(view(), grantBytes(newer, "next"), NOW)).toMatchObject({ result: "accepted", key: PUBLIC.next });
	});

	it("is taken until leaseS after the drawing of its ask, then expired", () => {
		const bytes = grantBytes({ ...newer, leaseS: seconds(3600) });
		expect(outcome(bytes, view(), monoMs(DRAWN + 3_599_999))).toBe("accepted");
		expect(outcome(bytes, view(), monoMs(DRAWN + 3_600_000))).toBe("expired");
		const dark = grantBytes({ ...newer, stars: 0 });
		expect(outcome(dark, view(), monoMs(DRAWN + 3_600_000))).toBe("accepted");
	});
});

describe("a grant without a live ask", () => {
	it.each<[string, Partial<Grant>, string]>([
		["stars, an ask never drawn", { ...newer, ...dead }, "not-fresh"],
		["stars, an ask killed by a notice", { ...newer, ...killed }, "void"],
		["stars, older pair", { ...older, ...dead }, "stale"],
		["stars, older epoch with a higher seq", { epoch: 99, seq: 900, ...dead }, "stale"],
		["stars, older pair, killed by a notice", { ...older, ...killed }, "stale"],
		["stars, equal pair, other bytes", { ...equal, ...dead }, "conflict"],
		["stars, higher epoch with a lower seq", { epoch: 101, seq: 0, ...dead }, "not-fresh"],
		["no star, newer pair, no ask", { ...newer, stars: 0, ask: null }, "accepted"],
		["no star, newer pair, a dead ask", { ...newer, stars: 0, ...dead }, "accepted"],
		["no star, newer pair, killed by a notice", { ...newer, stars: 0, ...killed }, "accepted"],
		["no star, older pair, no ask", { ...older, stars: 0, ask: null }, "stale"],
		["no star, older pair, a dead ask", { ...older, stars: 0, ...dead }, "stale"],
		["no star, equal pair, no ask", { ...equal, stars: 0, ask: null }, "conflict"],
	])("%s", (_name, change, code) => {
		expect(outcome(grantBytes(change))).toBe(code);
	});

	it("of 0 stars that is accepted has no ask to count from, and sets no time", () => {
		const answer = acceptGrant(view(), grantBytes({ ...newer, stars: 0, ...dead }), NOW);
		expect(answer).toMatchObject({ result: "accepted", askRecord: null, pair: newer });
	});

	it("finds every star refused while the light has no live ask at all", () => {
		expect(outcome(grantBytes(newer), view({ asks: [] }))).toBe("not-fresh");
	});
});

describe("the stored grant's bytes again", () => {
	it("are answered again, whatever became of asks and time", () => {
		expect(acceptGrant(view(), STORED, NOW)).toMatchObject({ result: "repeat", grant: equal });
		expect(outcome(STORED, view({ asks: [] }), monoMs(DRAWN + 1e9))).toBe("repeat");
	});

	it("are answered again even where their ask is live once more: neither lease nor asks move", () => {
		const asks = [{ ask: token("ask of the stored grant"), drawnAt: NOW }];
		expect(outcome(STORED, view({ asks }))).toBe("repeat");
	});

	it("are refused once their key is gone", () => {
		expect(outcome(STORED, view({ trustedKeys: [PUBLIC.next] }))).toBe("unknown-key");
	});
});

/** Each fault and how to add it to a grant; the order is the order of acceptance. */
interface Attempt {
	readonly change: Partial<Grant>;
	readonly who: "depot" | "stranger";
	readonly forged: boolean;
	readonly malformed: boolean;
	readonly now: number;
}
const FAULTS: readonly (readonly [code: string, add: (a: Attempt) => Partial<Attempt>])[] = [
	["malformed", () => ({ malformed: true })],
	["unknown-key", () => ({ who: "stranger" })],
	["bad-signature", () => ({ forged: true })],
	["wrong-fleet", ({ change }) => ({ change: { ...change, fleet: "other" } })],
	["wrong-light", ({ change }) => ({ change: { ...change, light: OTHER_LIGHT } })],
	["stale", ({ change }) => ({ change: { ...change, ...older, ...dead } })],
	["void", ({ change }) => ({ change: { ...change, ...killed } })],
	["expired", () => ({ now: DRAWN + 4_000_000 })],
];

function attempt(faults: readonly string[]): string {
	let a: Attempt = { change: newer, who: "depot", forged: false, malformed: false, now: NOW };
	for (const [code, add] of FAULTS) if (faults.includes(code)) a = { ...a, ...add(a) };
	// A stranger's key under its own id is unknown; a forgery names a trusted key or the stranger's, and fails either way.
	const header = headerFor(a.who === "stranger" ? PUBLIC.stranger : PUBLIC.depot);
	const bytes = grantBytes(a.change, a.forged ? "vehicle" : a.who, { header });
	return outcome(a.malformed ? bytes.subarray(0, -1) : bytes, view(), monoMs(a.now));
}

describe("the order of acceptance", () => {
	it("is that of the protocol: of any faults together, the first is named", () => {
		const codes = FAULTS.map(([code]) => code);
		fc.assert(
			fc.property(fc.subarray(codes, { minLength: 1 }), (faults) => {
				expect(attempt(faults)).toBe(faults[0]);
			}),
			{ seed: SEED, numRuns: 400 },
		);
		expect(attempt([])).toBe("accepted");
	});

	it("names the stored bytes only after fleet and light are right", () => {
		const other = grantBytes({ ...newer, fleet: "other" });
		expect(outcome(other, view({ grantBytes: other }))).toBe("wrong-fleet");
		const foreign = grantBytes({ ...newer, light: OTHER_LIGHT });
		expect(outcome(foreign, view({ grantBytes: foreign }))).toBe("wrong-light");
	});
});

describe("a refusal", () => {
	it("names the pair that the grant claims, also where its key is unknown", () => {
		const refused = { result: "refused", kind: "grant" };
		expect(acceptGrant(view(), grantBytes({ epoch: 7, seq: 8 }, "stranger"), NOW)).toEqual({
			...refused,
			code: "unknown-key",
			epoch: 7,
			seq: 8,
		});
		expect(acceptGrant(view(), grantBytes({ ...older, ...dead }), NOW)).toEqual({
			...refused,
			code: "stale",
			...older,
		});
	});

	it("names (0, 0) where the grant could not be read", () => {
		expect(acceptGrant(view(), Uint8Array.of(0xd2), NOW)).toEqual({
			result: "refused",
			code: "malformed",
			kind: "grant",
			epoch: 0,
			seq: 0,
		});
	});

	it("and an acceptance leave the view as it was", () => {
		const v = view();
		const before = JSON.stringify(v);
		for (const bytes of [grantBytes(newer), STORED, grantBytes({ ...older, ...dead }), new Uint8Array(9)]) {
			acceptGrant(v, bytes, NOW);
		}
		expect(JSON.stringify(v)).toBe(before);
	});
});

describe("stars", () => {
	it("are never accepted without a live ask whose leaseS is not over, whatever pair, ask and time", () => {
		const ask = fc.constantFrom("ask", "newer ask", "ask never drawn", "ask killed by a notice").map(token);
		const pair = fc.record({ epoch: fc.integer({ min: 98, max: 102 }), seq: fc.integer({ min: 3, max: 7 }) });
		const stars = fc.integer({ min: 0, max: 5 }).map((n) => n as Stars);
		fc.assert(
			fc.property(ask, pair, stars, fc.integer({ min: 0, max: 6_000_000 }), (a, p, s, after) => {
				const now = monoMs(DRAWN + 600_000 + after);
				const answer = acceptGrant(view(), grantBytes({ ...p, stars: s, ask: a }), now);
				if (answer.result !== "accepted" || s === 0) return;
				expect(answer.askRecord).not.toBeNull();
				expect(now - (answer.askRecord?.drawnAt ?? 0)).toBeLessThan(3_600_000);
			}),
			{ seed: SEED, numRuns: 500 },
		);
	});

	it("are refused to any bytes at all that the depot did not sign", () => {
		fc.assert(
			fc.property(fc.uint8Array({ maxLength: 520 }), (bytes) => {
				expect(outcome(bytes)).toBe("malformed");
			}),
			{ seed: SEED, numRuns: 300 },
		);
	});
});
