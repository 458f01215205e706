import { describe, expect, it } from "vitest";
import type { RefusalCode } from "../../protocol/wire/messages.ts";
import {
	DEPOT,
	grantMessage,
	jobMessage,
	keysMessage,
	LightBench,
	NEXT_DEPOT,
	noticeMessage,
	OTHER_LIGHT,
	ROOT,
	signerOf,
} from "../support/light-bench.ts";

const THIEF = signerOf(66);

/** A light showing three stars of (epoch 5, seq 5), asked a second ago. */
function lit(): LightBench {
	const light = LightBench.started();
	light.grant({ stars: 3, epoch: 5, seq: 5 });
	light.advance(1_000);
	return light;
}

type Case = [
	name: string,
	code: RefusalCode,
	kind: "keys" | "notice" | "grant" | "job",
	make: (l: LightBench) => Uint8Array,
];

const cases: Case[] = [
	["noise", "malformed", "grant", () => Uint8Array.from([1, 2, 3])],
	["an empty message", "malformed", "keys", () => new Uint8Array(0)],
	["a message beyond its length", "malformed", "notice", () => new Uint8Array(100_000)],
	["a message of another kind", "malformed", "grant", () => noticeMessage(9)],
	[
		"a trailing byte",
		"malformed",
		"grant",
		(l) => Uint8Array.from([...grantMessage({ stars: 5, ask: l.ask(), seq: 6 }), 0]),
	],
	[
		"a stranger's grant",
		"unknown-key",
		"grant",
		(l) => grantMessage({ stars: 5, ask: l.ask(), seq: 6, signer: THIEF }),
	],
	["a stranger's notice", "unknown-key", "notice", () => noticeMessage(9, THIEF)],
	["keys signed by a signing key", "unknown-key", "keys", () => keysMessage(9, [THIEF], DEPOT)],
	[
		"a grant signed by the root key",
		"unknown-key",
		"grant",
		(l) => grantMessage({ stars: 5, ask: l.ask(), seq: 6, signer: ROOT }),
	],
	["another fleet's grant", "wrong-fleet", "grant", (l) => grantMessage({ stars: 5, ask: l.ask(), fleet: "other" })],
	["another fleet's notice", "wrong-fleet", "notice", () => noticeMessage(9, DEPOT, "other")],
	["another fleet's keys", "wrong-fleet", "keys", () => keysMessage(9, [THIEF], ROOT, "other")],
	[
		"another light's grant",
		"wrong-light",
		"grant",
		(l) => grantMessage({ stars: 5, ask: l.ask(), light: OTHER_LIGHT }),
	],
	["another light's job", "wrong-light", "job", (l) => jobMessage("identify", l.ask(), OTHER_LIGHT)],
	["an older seq without a live ask", "stale", "grant", () => grantMessage({ stars: 0, ask: null, epoch: 5, seq: 4 })],
	[
		"an older epoch without a live ask",
		"stale",
		"grant",
		() => grantMessage({ stars: 0, ask: null, epoch: 4, seq: 9 }),
	],
	[
		"the same pair with other bytes",
		"conflict",
		"grant",
		() => grantMessage({ stars: 0, ask: null, epoch: 5, seq: 5 }),
	],
	[
		"a newer pair for an ask never drawn",
		"not-fresh",
		"grant",
		() => grantMessage({ stars: 5, ask: new Uint8Array(8), epoch: 6 }),
	],
	["a job for an ask never drawn", "not-fresh", "job", () => jobMessage("identify", new Uint8Array(8))],
	["a notice below the stored pair", "stale", "notice", () => noticeMessage(4)],
	["older keys", "stale", "keys", () => keysMessage(0, [THIEF])],
];

describe("a message that is refused", () => {
	it.each(cases)("%s: %s", (_name, code, kind, make) => {
		const light = lit();
		const bytes = make(light);
		const { copies, last } = { copies: [...light.copies], last: light.last() };
		light.message(kind, bytes);
		expect(light.last().refused).toMatchObject({ code, kind });
		expect(light.face).toEqual({ pattern: "stars", stars: 3 });
		expect(light.last()).toMatchObject({ epoch: 5, seq: 5, ask: last.ask, shown: 3 });
		expect(light.copies).toEqual(copies);
		light.feed({ type: "link-up" });
		expect(light.last().refused).toBeUndefined();
	});

	it("has any byte changed: it is refused and nothing is lit or stored", () => {
		const light = LightBench.started();
		const before = [...light.copies];
		const good = grantMessage({ stars: 5, ask: light.ask() });
		for (let index = 0; index < good.length; index++) {
			const bad = good.slice();
			bad[index] = (bad[index] ?? 0) ^ 0x21;
			light.message("grant", bad);
			expect(light.face.stars).toBe(0);
		}
		expect(light.copies).toEqual(before);
		light.message("grant", good);
		expect(light.face.stars).toBe(5);
	});

	it("names the pair that it claims, so that the depot knows which one", () => {
		const light = lit();
		light.message("grant", grantMessage({ stars: 5, ask: new Uint8Array(8), epoch: 7, seq: 9 }));
		expect(light.last().refused).toEqual({ code: "not-fresh", kind: "grant", epoch: 7, seq: 9 });
	});
});

describe("a grant with a live ask", () => {
	it("beats any stored pair, and the stored pair does not fall", () => {
		const light = lit();
		light.grant({ stars: 4, epoch: 1, seq: 1 });
		expect(light.face.stars).toBe(4);
		expect(light.last()).toMatchObject({ epoch: 5, seq: 5, shown: 4 });
	});

	it("is refused once its leaseS since the ask is over", () => {
		const light = LightBench.started();
		const bytes = grantMessage({ stars: 5, ask: light.ask(), leaseS: 60, lastsS: 60 });
		light.advance(60_000);
		light.message("grant", bytes);
		expect(light.last().refused).toMatchObject({ code: "expired" });
		expect(light.face.stars).toBe(0);
	});
});

describe("the stored grant's bytes again", () => {
	it("are answered with the present state and change neither lease nor ask nor record", () => {
		const light = LightBench.started();
		const bytes = light.grant({ stars: 3 });
		light.advance(900_000);
		const { copies, ask } = { copies: [...light.copies], ask: light.ask() };
		light.message("grant", bytes);
		expect(light.copies).toEqual(copies);
		expect(light.last().ask).toEqual(ask);
		expect(light.last().refused).toBeUndefined();
		expect(light.last()).toMatchObject({ shown: 3, leaseLeftS: 2700 });
		light.advance(2_700_000);
		expect(light.face.stars).toBe(0);
		light.message("grant", bytes);
		expect(light.face.stars).toBe(0);
		expect(light.last().refused).toBeUndefined();
	});
});

describe("keys", () => {
	it("are taken at any higher version, answered again at the same one", () => {
		const light = lit();
		light.message("keys", keysMessage(900, [DEPOT, NEXT_DEPOT]));
		expect(light.last()).toMatchObject({ keysVersion: 900, shown: 3, epoch: 5, seq: 5 });
		const ask = light.ask();
		light.message("keys", keysMessage(900, [DEPOT, NEXT_DEPOT]));
		expect(light.last().ask).toEqual(ask);
		light.grant({ stars: 4, epoch: 5, seq: 6, signer: NEXT_DEPOT });
		expect(light.face.stars).toBe(4);
	});

	it("that drop another key than the grant's leave it lit and set the pair back to its own", () => {
		const light = LightBench.started();
		light.message("keys", keysMessage(2, [DEPOT, NEXT_DEPOT]));
		light.message("grant", grantMessage({ stars: 0, ask: null, epoch: 999, seq: 1, signer: NEXT_DEPOT }));
		light.advance(1_000);
		light.grant({ stars: 2, epoch: 3, seq: 4 });
		expect(light.last()).toMatchObject({ epoch: 999, seq: 1, shown: 2 });
		light.message("keys", keysMessage(3, [DEPOT]));
		expect(light.last()).toMatchObject({ epoch: 3, seq: 4, shown: 2 });
	});

	it("that drop the notice's key make its epoch 0, so that an honest notice is taken again", () => {
		const light = LightBench.started();
		light.message("keys", keysMessage(2, [DEPOT, NEXT_DEPOT]));
		light.message("notice", noticeMessage(4_000_000_000, NEXT_DEPOT));
		light.advance(1_000);
		light.message("notice", noticeMessage(8));
		expect(light.last().refused).toMatchObject({ code: "stale", kind: "notice", epoch: 8 });
		light.message("keys", keysMessage(3, [DEPOT]));
		light.message("notice", noticeMessage(8));
		expect(light.last()).toMatchObject({ noticeEpoch: 8, keysVersion: 3 });
	});

	it("bring no grant back when its key returns", () => {
		const light = lit();
		const bytes = grantMessage({ stars: 5, ask: light.ask(), epoch: 5, seq: 6 });
		light.message("grant", bytes);
		light.message("keys", keysMessage(2, [NEXT_DEPOT]));
		expect(light.face.stars).toBe(0);
		light.message("keys", keysMessage(3, [DEPOT, NEXT_DEPOT]));
		light.message("grant", bytes);
		expect(light.face.stars).toBe(0);
		light.powerCycle();
		expect(light.face.stars).toBe(0);
	});
});

describe("a notice", () => {
	it("darkens, kills the asks before it as void, and is answered again with the same epoch", () => {
		const light = lit();
		const signedBefore = grantMessage({ stars: 5, ask: light.ask(), epoch: 9 });
		light.message("notice", noticeMessage(6));
		expect(light.face.stars).toBe(0);
		expect(light.last()).toMatchObject({ noticeEpoch: 6, shown: 0, epoch: 5, seq: 5 });
		light.advance(1_000);
		light.message("grant", signedBefore);
		expect(light.last().refused).toMatchObject({ code: "void", epoch: 9 });
		const ask = light.ask();
		light.message("notice", noticeMessage(6));
		expect(light.last().ask).toEqual(ask);
		light.message("notice", noticeMessage(5));
		expect(light.last().refused).toMatchObject({ code: "stale", kind: "notice" });
	});

	it("of the grant's own epoch leaves the grant lit: it was signed in the epoch that the notice began", () => {
		const light = LightBench.started();
		light.grant({ stars: 4, epoch: 6, seq: 1 });
		light.message("notice", noticeMessage(6));
		expect(light.face.stars).toBe(4);
	});
});

describe("0 stars", () => {
	it("without an ask are taken with a newer pair, darken, and leave the light's time alone", () => {
		const light = LightBench.started();
		light.grant({ stars: 5, epoch: 1, seq: 1, lastsS: 3600 });
		light.message("grant", grantMessage({ stars: 0, ask: null, epoch: 1, seq: 2, issuedAt: 900_000 }));
		expect(light.face).toEqual({ pattern: "neutral", stars: 0 });
		expect(light.last()).toMatchObject({ epoch: 1, seq: 2 });
		light.advance(1_000);
		light.grant({ stars: 3, epoch: 1, seq: 3 });
		light.advance(10_000);
		expect(light.face.stars).toBe(3);
	});
});

describe("what a light logs of a refusal", () => {
	const logs = (light: LightBench, bytes: Uint8Array, retained: boolean) =>
		light
			.feed({ type: "message", kind: "grant", bytes, retained })
			.filter((effect) => effect.type === "log")
			.map(({ level, code, fields }) => [level, code, fields["refusal"]]);

	it("is an ordinary line in plain words for the grant that the broker kept from before its start", () => {
		const light = lit();
		const newer = grantMessage({ stars: 4, epoch: 5, seq: 6, ask: light.ask() });
		light.powerCycle();
		const [line] = light
			.feed({ type: "message", kind: "grant", bytes: newer, retained: true })
			.filter((effect) => effect.type === "log");
		expect(line).toMatchObject({ level: "info", code: "retained-grant-not-shown", fields: { refusal: "not-fresh" } });
		expect(String(line?.fields["note"])).toMatch(/normal at a start/);
		expect(light.face.pattern).toBe("neutral");
		expect(light.last().refused).toMatchObject({ code: "not-fresh", epoch: 5, seq: 6 });
	});

	it("stays a warning for one that comes unasked, and for a retained one that is wrong in itself", () => {
		const light = lit();
		const newer = grantMessage({ stars: 4, epoch: 5, seq: 6, ask: light.ask() });
		const strange = grantMessage({ stars: 4, epoch: 5, seq: 7, ask: light.ask(), signer: THIEF });
		light.powerCycle();
		expect(logs(light, newer, false)).toEqual([["warn", "message-refused", "not-fresh"]]);
		expect(logs(light, strange, true)).toEqual([["warn", "message-refused", "unknown-key"]]);
	});
});
