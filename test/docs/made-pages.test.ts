import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { Ajv } from "ajv";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { printSettings } from "../../gateway/config/describe.ts";
import { configJsonSchema } from "../../gateway/config/json-schema.ts";
import { CONFIG_KEYS } from "../../gateway/config/keys.ts";
import { loadSettings } from "../../gateway/config/load.ts";
import { madePages } from "../../gateway/config/made-pages.ts";
import { settingsSchema } from "../../gateway/config/schema.ts";
import { DESCRIPTIONS_ZH } from "../../gateway/config/words-zh.ts";
import { asyncApiDocument, topicForm } from "../../protocol/schema/async-api.ts";
import { decodeCbor, encodeCbor } from "../../protocol/wire/cbor.ts";
import { decodePayload, encodePayload, MAX_BYTES } from "../../protocol/wire/codec.ts";
import { KIND_TABLE } from "../../protocol/wire/kind-table.ts";
import { KINDS } from "../../protocol/wire/messages.ts";
import { parseTopic, TOPIC_RULES } from "../../protocol/wire/topics.ts";
import { SAMPLES } from "../protocol/samples.ts";
import { ROOT } from "../support/source-tree.ts";

const require = createRequire(import.meta.url);
const LIGHT = "PDS00000001H";

/** A document as JSON holds it. */
const plain = (value: unknown): Record<string, unknown> => JSON.parse(JSON.stringify(value)) as Record<string, unknown>;

describe("the pages made from the sources", () => {
	it.each(Object.keys(madePages()))("docs/%s is what the sources say (npm run docs)", (name) => {
		const kept = readFileSync(join(ROOT, "docs", name), "utf8");
		expect(kept === madePages()[name], `docs/${name} is older than its source: run npm run docs`).toBe(true);
	});
});

describe("the AsyncAPI document", () => {
	it("is valid AsyncAPI 3.0", () => {
		const ajv = new Ajv({ strict: false, validateFormats: false, allErrors: true });
		const validate = ajv.compile(require("@asyncapi/specs/schemas/3.0.0-without-$id.json"));
		validate(plain(asyncApiDocument()));
		expect(validate.errors ?? []).toEqual([]);
		validate({ ...plain(asyncApiDocument()), channels: 1 });
		expect(validate.errors?.length).toBeGreaterThan(0);
	});

	it("has a channel for each topic that is understood, and no other", () => {
		for (const kind of Object.keys(TOPIC_RULES) as (keyof typeof TOPIC_RULES)[]) {
			const topic = topicForm(kind).replace("{fleet}", "demo").replace("{light}", LIGHT).replace("{vehicle}", "V1");
			expect([topic, parseTopic(topic)?.kind]).toEqual([topic, kind]);
		}
		const channels = Object.keys(asyncApiDocument()["channels"] as object);
		expect(channels.sort()).toEqual([...KINDS, "online"].sort());
	});

	it("describes the payloads that the codec writes", () => {
		const messages = (plain(asyncApiDocument())["components"] as { messages: Record<string, { payload: object }> })
			.messages;
		const ajv = new Ajv({ strict: false, validateFormats: false });
		for (const kind of KINDS)
			for (const { message } of SAMPLES[kind]) {
				const decoded = decodeCbor(encodePayload(kind, message as never));
				const validate = ajv.compile(messages[kind]?.payload ?? {});
				validate(asJson(decoded.ok ? decoded.value : null));
				expect([kind, validate.errors ?? []]).toEqual([kind, []]);
			}
	});
});

/** CBOR as JSON: keys are text, bytes a text of as many characters. */
function asJson(value: unknown): unknown {
	if (value instanceof Map) return Object.fromEntries([...value].map(([key, v]) => [String(key), asJson(v)]));
	if (value instanceof Uint8Array) return "b".repeat(value.length);
	return Array.isArray(value) ? value.map(asJson) : value;
}

describe("the table of each kind", () => {
	it("names every field that a message holds, and the longest message", () => {
		for (const { kind, fields, mostBytes } of KIND_TABLE) {
			const samples = SAMPLES[kind].map(({ message }) => decodeCbor(encodePayload(kind, message as never)));
			const keys = new Set(samples.flatMap((d) => (d.ok && d.value instanceof Map ? [...d.value.keys()] : [])));
			for (const key of keys) expect([kind, fields.map((f) => f.key)]).toEqual([kind, expect.arrayContaining([key])]);
			expect(mostBytes).toBe(MAX_BYTES[kind]);
		}
	});

	it("is what the codec refuses by: each field that must be there is missed, and each bound is one", () => {
		for (const { kind, fields, ignoresUnknown } of KIND_TABLE) {
			const decoded = decodeCbor(encodePayload(kind, SAMPLES[kind][0]?.message as never));
			if (!decoded.ok || !(decoded.value instanceof Map)) throw new Error(`no sample of ${kind}`);
			const whole = decoded.value as Map<number | string, never>;
			const read = (change: (map: Map<number | string, unknown>) => void) => {
				const map = new Map<number | string, unknown>(whole);
				change(map);
				return decodePayload(kind, encodeCbor(map as never));
			};
			expect([kind, read(() => undefined)]).not.toEqual([kind, null]);
			for (const { key, form, optional } of fields) {
				if (!optional) expect([kind, key, read((map) => map.delete(key))]).toEqual([kind, key, null]);
				expect([kind, key, read((map) => map.set(key, wrong(form.is)))]).toEqual([kind, key, null]);
				if (form.is === "uint")
					expect([kind, key, read((map) => map.set(key, form.most + 1))]).toEqual([kind, key, null]);
				if (form.is === "bytes")
					expect([kind, key, read((map) => map.set(key, new Uint8Array(form.length + 1)))]).toEqual([kind, key, null]);
			}
			expect([kind, read((map) => map.set(typeof fields[0]?.key === "number" ? 99 : "new", 1)) === null]).toEqual([
				kind,
				!ignoresUnknown,
			]);
		}
	});
});

/** A value of another type than the form's. */
const wrong = (is: string): unknown => (is === "uint" ? "text" : is === "bool" ? 7 : -1);

describe("the settings", () => {
	it("have words in both languages, for each key of the schema and no other", () => {
		expect(Object.keys(DESCRIPTIONS_ZH).sort()).toEqual(CONFIG_KEYS.map(({ key }) => key).sort());
		for (const { key, description, descriptionZh } of CONFIG_KEYS) {
			expect([key, description]).toEqual([key, expect.stringMatching(/^[A-Z]/)]);
			expect([key, /\p{Script=Han}/u.test(descriptionZh)]).toEqual([key, true]);
		}
	});

	it("have a JSON schema that takes what the gateway takes, and refuses what it refuses", () => {
		const validate = new Ajv({ strict: false, validateFormats: false }).compile(plain(configJsonSchema()));
		const printed = parse(printSettings(loadSettings({ cwd: ROOT, env: {}, flags: {} })));
		const files: readonly unknown[] = [
			{},
			printed,
			{ fleet: "yard-2", http: { port: 0 } },
			{ fleet: "Yard 2" },
			{ http: { port: 65_536 } },
			{ http: { prt: 1 } },
			{ leaseS: 5 },
			{ heldRemovedShare: 1.1 },
			{ log: { level: "loud" } },
			{ allowUnassigned: "yes" },
			{ unknown: 1 },
		];
		const verdicts = files.map((file) => validate(file));
		expect(verdicts).toEqual(files.map((file) => settingsSchema.safeParse(file).success));
		expect(verdicts.filter(Boolean)).toHaveLength(3);
	});
});
