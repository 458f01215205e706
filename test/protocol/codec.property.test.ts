import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodePayload, encodePayload, MAX_BYTES } from "../../protocol/wire/codec.ts";
import { disassemble } from "../../protocol/wire/cose.ts";
import { isCoded } from "../../protocol/wire/errors.ts";
import { type Grant, type Keys, KINDS, type Kind, type LightReport } from "../../protocol/wire/messages.ts";
import { finish, prepare, seal, unseal } from "../../protocol/wire/seal.ts";
import { type Stars, seconds, unixSeconds } from "../../protocol/wire/units.ts";
import { SEED } from "../support/seed.ts";
import { MESSAGE } from "./arbitraries.ts";
import { grant, ISSUED, KEY, PUBLIC, SAMPLES, SEEDS, sorted, token } from "./samples.ts";
import { cbor, hex, nodeCrypto, payloadMap, sealed, signerFrom } from "./second-opinion.ts";

const seed = SEED;
const depot = signerFrom(SEEDS.depot);

describe.each(KINDS)("a %s", (kind) => {
	it("comes back from its bytes as it was, and cborg writes the same", () => {
		fc.assert(
			fc.property(MESSAGE[kind], (message) => {
				const payload = encodePayload(kind, message);
				expect(decodePayload(kind, payload)).toEqual(message);
				expect(hex(payload)).toBe(hex(cbor(payloadMap(kind, message))));
			}),
			{ seed, numRuns: 200 },
		);
	});

	it("is sealed and opened within its size", () => {
		fc.assert(
			fc.property(MESSAGE[kind], (message) => {
				const bytes = seal(kind, message, depot, nodeCrypto);
				expect(bytes.length).toBeLessThanOrEqual(MAX_BYTES[kind]);
				expect(unseal(kind, bytes, [PUBLIC.depot], nodeCrypto)).toMatchObject({ ok: true, message });
				const prepared = prepare(kind, message, depot.publicKey, nodeCrypto);
				expect(hex(finish(prepared, depot.sign(prepared.toBeSigned)))).toBe(hex(bytes));
			}),
			{ seed, numRuns: 40 },
		);
	});

	it("with any bytes changed is refused without a throw, or decodes to what encodes to the same bytes", () => {
		const edits = fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { minLength: 1, maxLength: 3 });
		fc.assert(
			fc.property(MESSAGE[kind], edits, (message, changes) => {
				const payload = encodePayload(kind, message);
				for (const [where, to] of changes) payload[where % payload.length] = to;
				const decoded = decodePayload(kind, payload);
				// A renamed optional key is an unknown one, which `state` ignores: those bytes need not come back.
				if (decoded === null || kind === "state") return;
				expect(hex(encodePayload<Kind>(kind, decoded))).toBe(hex(payload));
			}),
			{ seed, numRuns: 1000 },
		);
	});

	it("is not found in random bytes, and looking never throws", () => {
		fc.assert(
			fc.property(fc.uint8Array({ maxLength: 600 }), (bytes) => {
				expect(decodePayload(kind, bytes)).toBeNull();
				expect(disassemble(bytes)).toBeNull();
				expect(unseal(kind, bytes, [PUBLIC.depot], nodeCrypto)).toMatchObject({ ok: false, code: "malformed" });
			}),
			{ seed, numRuns: 300 },
		);
	});

	it("does not pass for another kind", () => {
		for (const { message } of SAMPLES[kind]) {
			const bytes = seal(kind, message, depot, nodeCrypto);
			for (const other of KINDS.filter((k) => k !== kind)) {
				expect(unseal(other, bytes, [PUBLIC.depot], nodeCrypto).ok, other).toBe(false);
			}
		}
	});
});

describe("the strict writer", () => {
	const refused = (write: () => unknown): unknown => {
		try {
			write();
			return "written";
		} catch (e) {
			return isCoded(e) ? `${e.code} ${e.context["field"] ?? ""}`.trim() : e;
		}
	};

	it.each<[string, Partial<Grant>]>([
		["5", { stars: 6 as Stars }],
		["15", { ask: null }],
		["15", { ask: token("x").slice(1) }],
		["7", { notAfter: unixSeconds(ISSUED + 3601) }],
		["7", { notAfter: unixSeconds(ISSUED) }],
		["10", { resumeS: seconds(3601) }],
		["9", { resumes: 256 }],
		["3", { epoch: 1.5 }],
		["4", { seq: -1 }],
		["1", { fleet: "Demo" }],
		["2", { light: "PDS00000001J" as Grant["light"] }],
	])("names field %s of a grant outside its bound", (field, change) => {
		expect(refused(() => encodePayload("grant", grant(change)))).toBe(`message-out-of-bounds ${field}`);
	});

	it.each<[string, readonly Uint8Array[]]>([
		["none", []],
		["nine", Array.from({ length: 9 }, (_, n) => new Uint8Array(32).fill(n))],
		["descending", sorted(PUBLIC.depot, PUBLIC.next).toReversed()],
		["the same twice", [PUBLIC.depot, PUBLIC.depot]],
		["a short one", [PUBLIC.depot.slice(1)]],
	])("writes no keys with %s", (_name, keys) => {
		const message: Keys = { fleet: "demo", version: 1, keys };
		expect(refused(() => encodePayload("keys", message))).toBe("message-out-of-bounds 3");
		const bytes = sealed("keys", cbor(payloadMap("keys", message)), KEY.root);
		expect(unseal("keys", bytes, [PUBLIC.root], nodeCrypto)).toMatchObject({ ok: false, code: "malformed" });
	});

	it("writes no message beyond its size", () => {
		const parameters = Object.fromEntries(["a", "b", "c"].map((k) => [k, "x".repeat(150)]));
		const job = { fleet: "demo", light: grant().light, ask: token("ask"), what: "update" as const, parameters };
		expect(refused(() => seal("job", job, depot, nodeCrypto))).toBe("message-too-large");
	});
});

describe("the largest grant and the largest keys", () => {
	it("fit: 512 and 2,048 bytes are room enough", () => {
		const big = 0xffff_ffff;
		const change = { fleet: "x".repeat(32), epoch: big, seq: big, resumes: 255, resumeS: seconds(3600) };
		expect(seal("grant", grant(change), depot, nodeCrypto).length).toBeLessThan(512);
		const keys = Array.from({ length: 8 }, (_, n) => new Uint8Array(32).fill(n));
		expect(seal("keys", { fleet: "x".repeat(32), version: big, keys }, depot, nodeCrypto).length).toBeLessThan(2048);
	});
});

describe("a state", () => {
	const sample = SAMPLES.state[1]?.message as LightReport;
	const reading = (change: Record<string, unknown>) =>
		decodePayload("state", cbor(payloadMap("state", { ...sample, ...change })));

	it("with keys of a later version is read, without them", () => {
		const refusal = { ...sample.refused, later: "x" };
		expect(reading({ brightness: 80, zone: { a: [1, 2] }, refused: refusal })).toEqual(sample);
	});

	it("with an unknown integer key is read too", () => {
		const map = payloadMap("state", sample).set(1, "x");
		expect(decodePayload("state", cbor(map))).toEqual(sample);
	});

	it.each<[string, unknown]>([
		["shown", 6],
		["shown", "5"],
		["pattern", "stern"],
		["sensed", 1],
		["ask", token("x").slice(1)],
		["counter", -1],
		["counter", 2 ** 32],
		["fleet", "DEMO"],
		["light", "PDS00000001J"],
		["grant", token("x").slice(1)],
		["resumesLeft", 256],
		["lamps", ["ok", "fine"]],
		["lamps", Array.from({ length: 17 }, () => "ok")],
		["lamps", "ok"],
		["firmware", "x".repeat(65)],
		["firmware", "\u001b[31mred"],
		["link", { a: -1 }],
		["link", { a: "1" }],
		["link", { ["x".repeat(49)]: 1 }],
		["link", Object.fromEntries(Array.from({ length: 33 }, (_, n) => [`k${n}`, n]))],
		["refused", { ...sample.refused, code: "tired" }],
		["refused", { ...sample.refused, seq: "1" }],
		["refused", null],
		["refused", []],
	])("with %s = %j is malformed", (name, value) => {
		const map = payloadMap("state", sample).set(name, value);
		expect(decodePayload("state", cbor(map))).toBeNull();
	});

	it.each(["fleet", "light", "session", "counter", "ask", "shown", "pattern", "sensed", "epoch", "seq"])(
		"without %s is malformed",
		(name) => {
			const map = payloadMap("state", sample);
			map.delete(name);
			expect(decodePayload("state", cbor(map))).toBeNull();
		},
	);

	it("keeps a counter named __proto__ as a counter like any other", () => {
		const map = payloadMap("state", sample).set("link", new Map([["__proto__", 7]]));
		const link = decodePayload("state", cbor(map))?.link;
		expect(Object.entries(link ?? {})).toEqual([["__proto__", 7]]);
	});
});
