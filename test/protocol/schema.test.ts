import { describe, expect, expectTypeOf, it } from "vitest";
import type { z } from "zod";
import type { LightView } from "../../gateway/core/types.ts";
import { dutyAnswer, dutyBody, errorBody, lightsAnswer, type lightView } from "../../protocol/schema/api.ts";
import { encodeOnline, MAX_ONLINE_BYTES, parseOnline } from "../../protocol/schema/online.ts";
import { firstProblem } from "../../protocol/schema/problem.ts";
import { formatProvision, type ProvisionFile, parseProvision } from "../../protocol/schema/provision.ts";
import { type CodedError, isCoded } from "../../protocol/wire/errors.ts";
import { keysBytes } from "./light-view.ts";
import { KEY, LIGHT, PUBLIC } from "./samples.ts";
import { hex, text } from "./second-opinion.ts";

describe("the online payload", () => {
	it("is the JSON of the protocol's table", () => {
		const bytes = encodeOnline({ online: false, session: 7 });
		expect(Buffer.from(bytes).toString()).toBe('{"online":false,"session":7}');
		expect(parseOnline(bytes)).toEqual({ online: false, session: 7 });
	});

	it("of a later version is read, without what is unknown", () => {
		expect(parseOnline(text('{"online":true,"session":7,"since":1}'))).toEqual({ online: true, session: 7 });
	});

	it.each([
		"",
		"{",
		"null",
		"[]",
		'{"online":true}',
		'{"session":1}',
		'{"online":"true","session":1}',
		'{"online":true,"session":-1}',
		'{"online":true,"session":1.5}',
		'{"online":true,"session":4294967296}',
		`{"online":true,"session":1,"pad":"${"x".repeat(MAX_ONLINE_BYTES)}"}`,
	])("of another form is none: %s", (payload) => {
		expect(parseOnline(text(payload))).toBeNull();
	});

	it("that is not UTF-8 is none", () => {
		expect(parseOnline(Uint8Array.of(0xff, 0xfe))).toBeNull();
	});
});

const privateKey = String(KEY.light.export({ format: "pem", type: "pkcs8" }));
const keys = keysBytes(1_749_000_000, [PUBLIC.depot]);
const file = (): ProvisionFile => ({
	version: 1,
	fleet: "demo",
	light: LIGHT,
	privateKey,
	publicKey: hex(PUBLIC.light),
	rootPublicKey: hex(PUBLIC.root),
	keys: hex(keys),
	broker: "mqtt://127.0.0.1:1883",
});

describe("a provisioning file", () => {
	const failure = (content: string): CodedError => {
		try {
			parseProvision(content);
		} catch (e) {
			if (isCoded(e)) return e;
		}
		throw new TypeError("it was taken");
	};

	it("comes back from its text, bytes as bytes", () => {
		expect(parseProvision(formatProvision(file()))).toEqual({
			...file(),
			publicKey: PUBLIC.light,
			rootPublicKey: PUBLIC.root,
			keys,
		});
	});

	it("edited on Windows is read too", () => {
		const content = formatProvision({ ...file(), privateKey: privateKey.replaceAll("\n", "\r\n") });
		expect(parseProvision(content.replaceAll("\n", "\r\n")).privateKey).toBe(privateKey);
	});

	it.each<[string, unknown]>([
		["version", 2],
		["fleet", "Demo"],
		["light", "PDS00000001J"],
		["privateKey", "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n"],
		["privateKey", hex(PUBLIC.light)],
		["publicKey", hex(PUBLIC.light).slice(2)],
		["rootPublicKey", "zz"],
		["keys", ""],
		["keys", "00".repeat(2049)],
		["broker", "http://127.0.0.1:1883"],
		["broker", "mqtt://user:password@127.0.0.1:1883"],
		["broker", "mqtt://127.0.0.1:1883/topic"],
	])("with a wrong %s is refused, naming the key and never the value", (key, value) => {
		const error = failure(JSON.stringify({ ...file(), [key]: value }));
		expect(error.code).toBe("provision-invalid");
		expect(error.context["key"]).toBe(key);
		expect(error.next).toContain("liangxing lights add");
		if (String(value).length > 2) expect(error.message).not.toContain(String(value));
	});

	it("with a missing or an unknown key is refused", () => {
		const { broker: _, ...rest } = file();
		expect(failure(JSON.stringify(rest)).context["key"]).toBe("broker");
		expect(failure(JSON.stringify({ ...file(), brocker: "x" })).message).toContain("brocker");
	});

	it("that is no JSON is refused without a word of its content", () => {
		const error = failure(`{"privateKey":"${privateKey}"`);
		expect(error.code).toBe("provision-invalid");
		expect(`${error.message}${String(error.cause)}`).not.toContain("PRIVATE");
	});

	it.each(["mqtt://localhost", "mqtts://depot.example:8883", "mqtt://[::1]:1883"])(
		"may name the broker %s",
		(broker) => {
			expect(parseProvision(formatProvision({ ...file(), broker })).broker).toBe(broker);
		},
	);
});

describe("a sign-in or sign-out", () => {
	it.each<[object, object]>([
		[{ vehicle: "V000001", driver: "D000001" }, {}],
		[{ vehicle: "V000001", certificate: "410402199001011234" }, {}],
		[{ plate: "豫DT0001", driver: "D000001" }, {}],
		[{ plate: " 豫DT0001 ", certificate: "410402199001011234" }, { plate: "豫DT0001" }],
		[{ vehicle: "V1", driver: "D1", at: "2026-03-01T08:00:00+08:00" }, { at: Date.UTC(2026, 2, 1) }],
		[{ vehicle: "V1", driver: "D1", at: "2026-03-01T00:00:00.250Z" }, { at: Date.UTC(2026, 2, 1) + 250 }],
		[{ vehicle: "V1", driver: "D1", at: 1_750_000_000 }, { at: 1_750_000_000_000 }],
	])("is taken: %j", (body, change) => {
		expect(dutyBody.parse(body)).toEqual({ ...body, ...change });
	});

	it.each<[string, unknown]>([
		["vehicle", {}],
		["vehicle", { driver: "D1" }],
		["driver", { vehicle: "V1" }],
		["vehicle", { vehicle: "V1", plate: "豫DT0001", driver: "D1" }],
		["driver", { vehicle: "V1", driver: "D1", certificate: "1" }],
		["plate", { plate: "", driver: "D1" }],
		["plate", { plate: "x".repeat(25), driver: "D1" }],
		["vehicle", { vehicle: "V 1", driver: "D1" }],
		["at", { vehicle: "V1", driver: "D1", at: "2026-03-01T08:00:00" }],
		["at", { vehicle: "V1", driver: "D1", at: "2026-02-30T08:00:00Z" }],
		["at", { vehicle: "V1", driver: "D1", at: "yesterday" }],
		["at", { vehicle: "V1", driver: "D1", at: 1_750_000_000_000 }],
		["at", { vehicle: "V1", driver: "D1", at: -1 }],
		["at", { vehicle: "V1", driver: "D1", at: null }],
		["(whole document)", { vehicle: "V1", drivr: "D1", driver: "D1" }],
		["(whole document)", null],
		["(whole document)", []],
		["certificate", { vehicle: "V1", certificate: 410402 }],
	])("is refused for its %s: %j", (key, body) => {
		const parsed = dutyBody.safeParse(body);
		expect(parsed.success).toBe(false);
		if (!parsed.success) expect(firstProblem(parsed.error).key).toBe(key);
	});

	it("is refused without a word of what was sent", () => {
		const parsed = dutyBody.safeParse({ vehicle: "V1", certificate: "4".repeat(60) });
		if (parsed.success) throw new TypeError("it was taken");
		expect(firstProblem(parsed.error).text).not.toContain("44");
	});
});

/** The keys that a schema names, without "and more". */
type Named<T> = { [K in keyof T as string extends K ? never : K]: T[K] };

describe("answers", () => {
	const row = { light: LIGHT, plate: "豫DT0001", desired: 5, acked: 5, observed: 5, ageS: 86_400 };

	it("hold the keys that clients are promised, and may hold more", () => {
		expect(lightsAnswer.parse({ lights: [row] })).toEqual({ lights: [row] });
		const unknown = { ...row, plate: null, acked: null, observed: null, ageS: null, zone: 3 };
		expect(lightsAnswer.parse({ lights: [unknown] })).toEqual({ lights: [unknown] });
		for (const key of Object.keys(row)) {
			const { [key]: _, ...rest } = row as Record<string, unknown>;
			expect(lightsAnswer.safeParse({ lights: [rest] }).success, key).toBe(false);
		}
	});

	it("fit what the gateway's core shows of a light", () => {
		expectTypeOf<LightView>().toExtend<Named<z.input<typeof lightView>>>();
	});

	it("of sign-in and of a refusal have one form", () => {
		expect(dutyAnswer.parse({ applied: false, duty: "X1" })).toEqual({ applied: false, duty: "X1" });
		const error = { code: "driver-not-assigned", message: "m", next: "n" };
		expect(errorBody.parse({ error })).toEqual({ error });
		expect(errorBody.safeParse({ error: { ...error, code: "Driver" } }).success).toBe(false);
		expect(errorBody.safeParse(error).success).toBe(false);
	});
});
