import { z } from "zod";
import type { Bound } from "../wire/bounds.ts";
import type { Form } from "../wire/field-table.ts";
import { KIND_TABLE, type KindInfo, type NamedField } from "../wire/kind-table.ts";
import { TOPIC_QOS, TOPIC_RULES, type TopicKind, type TopicRule, topicOf } from "../wire/topics.ts";
import type { LightId } from "../wire/units.ts";
import { MAX_ONLINE_BYTES, online } from "./online.ts";

type Json = Record<string, unknown>;

const FLEET = "{fleet}";
/** Stands where an id goes; the topic's own builder puts it there. */
const LIGHT = "{light}" as LightId;
const VEHICLE = "{vehicle}";

/** A topic's name with `{fleet}`, `{light}` and `{vehicle}` in it, made by the function that makes the real ones. */
export const topicForm = (kind: TopicKind): string =>
	kind === "keys" || kind === "notice"
		? topicOf[kind](FLEET)
		: kind === "duty"
			? topicOf.duty(FLEET, VEHICLE)
			: topicOf[kind](FLEET, LIGHT);

const textOf = ({ leastBytes, mostBytes, form }: Bound): Json => ({
	type: "string",
	"x-least-bytes": leastBytes,
	"x-most-bytes": mostBytes,
	...(form === undefined ? {} : { pattern: form.source }),
});

const bytesOf = (length: number): Json => ({
	type: "string",
	format: "binary",
	"x-cbor": "bstr",
	minLength: length,
	maxLength: length,
});

function schemaOf(form: Form): Json {
	switch (form.is) {
		case "uint":
			return { type: "integer", minimum: form.least, maximum: form.most };
		case "text":
			return textOf(form.bound);
		case "light":
			return { type: "string", pattern: "^[0-9A-HJKMNP-TV-Z]{12}$" };
		case "bytes":
			return bytesOf(form.length);
		case "bool":
			return { type: "boolean" };
		case "word":
			return { type: "string", enum: [...form.words] };
		case "array":
			return { type: "array", items: schemaOf(form.of), minItems: form.least, maxItems: form.most };
		case "map": {
			const values =
				form.of === "counters" ? { type: "integer", minimum: 0 } : { type: ["integer", "string", "boolean"] };
			return { type: "object", maxProperties: form.most, additionalProperties: values };
		}
		case "record":
			return objectOf(
				form.fields.map((field) => ({ ...field, name: String(field.key) })),
				true,
			);
	}
}

function objectOf(fields: readonly NamedField[], open: boolean): Json {
	const property = ({ key, name, form, about }: NamedField): [string, Json] => [
		String(key),
		{ title: name, description: about, ...schemaOf(form) },
	];
	return {
		type: "object",
		properties: Object.fromEntries(fields.map(property)),
		required: fields.filter(({ optional }) => !optional).map(({ key }) => String(key)),
		additionalProperties: open,
	};
}

function messageOf({ kind, about, signedBy, mostBytes, ignoresUnknown, fields, rules }: KindInfo): Json {
	const isNumbered = fields.every(({ key }) => typeof key === "number");
	return {
		name: kind,
		title: kind,
		summary: about,
		description: [
			`COSE_Sign1 (RFC 9052, tag 18) in deterministic CBOR, signed by ${signedBy}, external_aad \`liangxing/1/${kind}\`, at most ${mostBytes} bytes in all.`,
			`The schema describes the payload inside, a CBOR map with ${isNumbered ? "integer keys, written here as text" : "text keys"}.`,
			...rules.map((rule) => `${rule}.`),
		].join(" "),
		contentType: 'application/cose; cose-type="cose-sign1"',
		payload: objectOf(fields, ignoresUnknown),
	};
}

const onlineMessage = (): Json => {
	const { $schema: _dialect, ...payload } = z.toJSONSchema(online, { io: "input", target: "draft-7" }) as Json;
	return {
		name: "online",
		title: "online",
		summary: "Whether a light is connected. The only message that is not signed: a hint, never a fact.",
		description: `JSON in UTF-8, at most ${MAX_ONLINE_BYTES} bytes.`,
		contentType: "application/json",
		payload,
	};
};

const PARAMETERS: Json = {
	fleet: { description: "The fleet's name" },
	light: { description: "A light's id" },
	vehicle: { description: "Opaque id of a vehicle, never a plate" },
};

function channelOf(kind: TopicKind, rule: TopicRule): Json {
	const address = topicForm(kind);
	const names = Object.keys(PARAMETERS).filter((name) => address.includes(`{${name}}`));
	return {
		address,
		title: kind,
		description: rule.about,
		messages: { [kind]: { $ref: `#/components/messages/${kind}` } },
		parameters: Object.fromEntries(names.map((name) => [name, { $ref: `#/components/parameters/${name}` }])),
	};
}

/** As the depot does it: it sends its own messages and receives the others. */
const operationOf = (kind: TopicKind, { from, retained }: TopicRule): Json => ({
	action: from === "depot" ? "send" : "receive",
	title: `${kind}, published by the ${from}`,
	channel: { $ref: `#/channels/${kind}` },
	messages: [{ $ref: `#/channels/${kind}/messages/${kind}` }],
	bindings: { mqtt: { qos: TOPIC_QOS, retain: retained, bindingVersion: "0.2.0" } },
});

/** The AsyncAPI 3.0 document of a depot's broker, made of the tables by which messages are read and written. */
export function asyncApiDocument(): Json {
	const topics = Object.entries(TOPIC_RULES) as [TopicKind, TopicRule][];
	return {
		asyncapi: "3.0.0",
		info: {
			title: "Liangxing over MQTT",
			version: "1",
			description: "Messages between a depot, its lights and vehicle gateways, as the depot sends and receives them.",
		},
		servers: {
			depot: {
				host: "127.0.0.1:8791",
				protocol: "mqtt",
				protocolVersion: "3.1.1",
				description: "The embedded broker; this machine only, plain. A light's client id is its light id.",
			},
		},
		defaultContentType: 'application/cose; cose-type="cose-sign1"',
		channels: Object.fromEntries(topics.map(([kind, rule]) => [kind, channelOf(kind, rule)])),
		operations: Object.fromEntries(topics.map(([kind, rule]) => [kind, operationOf(kind, rule)])),
		components: {
			parameters: PARAMETERS,
			messages: {
				...Object.fromEntries(KIND_TABLE.map((info) => [info.kind, messageOf(info)])),
				online: onlineMessage(),
			},
		},
	};
}
