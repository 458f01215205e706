import type { Bound } from "../wire/bounds.ts";
import type { FieldInfo, Form } from "../wire/field-table.ts";
import { KIND_TABLE, type KindInfo } from "../wire/kind-table.ts";
import { DEFAULT_LEASE_S, DEFAULT_REPORT_S } from "../wire/messages.ts";
import { TOPIC_QOS, TOPIC_RULES, type TopicKind, type TopicRule } from "../wire/topics.ts";
import { topicForm } from "./async-api.ts";
import { MAX_ONLINE_BYTES } from "./online.ts";
import { REFUSAL_WORDS } from "./refusal-words.ts";

const HEAD = `# The protocol on the wire, version 1

Made from the tables in \`protocol/wire/\` by \`npm run docs\`; the codec reads and writes by the same tables, and a test holds page and tables equal.
The same as an AsyncAPI 3.0 document: [asyncapi.json](asyncapi.json).

## A signed message

A COSE_Sign1 structure (RFC 9052) with tag 18. Its protected header holds exactly \`alg\` = EdDSA (-8) and \`kid\`, the first 8 bytes of SHA-256 over the raw
32-byte Ed25519 public key; its unprotected header is empty. What is signed names the kind too: \`external_aad\` is the text \`liangxing/1/KIND\`, so a message of
one kind is never taken for another. All of it is deterministic CBOR (RFC 8949, 4.2.1): shortest integers, keys in order, no duplicate, no floating point, nothing
behind the end. A light id has 12 characters of Crockford base32 (\`0123456789ABCDEFGHJKMNPQRSTVWXYZ\`), the last a check by Luhn mod 32. A message with anything else in it, with a value outside its bound, or longer than its kind allows is \`malformed\`.
`;

const cell = (text: string): string => text.replaceAll("|", "\\|").replaceAll("<", "&lt;");
const code = (text: string): string => `\`${text.replaceAll("|", "\\|")}\``;

const MAX_UINT32 = 0xffff_ffff;

const boundText = ({ leastBytes, mostBytes, form }: Bound): string =>
	form === undefined ? `text of ${leastBytes} to ${mostBytes} bytes` : `text ${code(form.source)}`;

/** A field's type in words. */
function formText(form: Form): string {
	switch (form.is) {
		case "uint":
			return form.least === 0 && form.most === MAX_UINT32 ? "uint32" : `${form.least} to ${form.most}`;
		case "text":
			return boundText(form.bound);
		case "light":
			return "light id";
		case "bytes":
			return `${form.length} bytes`;
		case "bool":
			return "true or false";
		case "word":
			return form.words.map(code).join(", ");
		case "array":
			return `${form.least} to ${form.most} of: ${formText(form.of)}`;
		case "map":
			return form.of === "counters"
				? `map of names to counters, at most ${form.most}`
				: `map of names to integers, texts, true or false; at most ${form.most}`;
		case "record":
			return `map: ${form.fields.map((inner: FieldInfo) => `${code(String(inner.key))} (${formText(inner.form)})`).join(", ")}`;
	}
}

function kindText({ kind, about, signedBy, mostBytes, ignoresUnknown, fields, rules }: KindInfo): string {
	const numbered = fields.some(({ key }) => typeof key === "number");
	const head = numbered
		? "| key | name | value | meaning |\n|---|---|---|---|"
		: "| key | value | meaning |\n|---|---|---|";
	const rows = fields.map((field) => {
		const meaning = `${cell(field.about)}${field.optional ? " (may be left out)" : ""}`;
		const place = numbered ? `${field.key} | ${code(field.name)}` : code(field.name);
		return `| ${place} | ${formText(field.form)} | ${meaning} |`;
	});
	const more = ignoresUnknown ? "Other keys are ignored." : "Another key makes it malformed.";
	const between = rules.length === 0 ? "" : `\nBetween fields: ${rules.join("; ")}.\n`;
	return `### ${code(kind)}\n\n${about} Signed by ${signedBy}, at most ${mostBytes} bytes. ${more}\n\n${head}\n${rows.join("\n")}\n${between}`;
}

function topicText(): string {
	const rows = (Object.entries(TOPIC_RULES) as [TopicKind, TopicRule][]).map(
		([kind, { from, retained, payload, about }]) =>
			`| ${code(topicForm(kind))} | ${from} | ${retained ? "yes" : "no"} | ${payload === "signed" ? `signed ${code(kind)}` : `JSON, at most ${MAX_ONLINE_BYTES} bytes, unsigned`} | ${cell(about)} |`,
	);
	return `## Topics\n\nMQTT 3.1.1 is enough. Everything is published with QoS ${TOPIC_QOS}; a client id is the light's id. A light takes \`keys\`, then \`notice\`, then \`grant\`.\n\n| topic | published by | retained | payload | about |\n|---|---|---|---|---|\n${rows.join("\n")}\n`;
}

const refusalText = (): string =>
	`## Refusals\n\nA light looks in this order and names the first that holds; a refusal stores nothing. The next \`state\` tells it.\n\n| code | meaning |\n|---|---|\n${Object.entries(
		REFUSAL_WORDS,
	)
		.map(([name, { en }]) => `| ${code(name)} | ${cell(en)} |`)
		.join("\n")}\n`;

const limitText = (): string =>
	`## Defaults\n\n| what | value |\n|---|---|\n| lease of a grant | ${DEFAULT_LEASE_S} s |\n| report period of a light | ${DEFAULT_REPORT_S} s; a lease is at least 3 of them |\n${KIND_TABLE.map(
		({ kind, mostBytes }) => `| longest ${code(kind)} | ${mostBytes} bytes |`,
	).join("\n")}\n`;

/** The text of docs/protocol.md. */
export const protocolPage = (): string =>
	[HEAD, "## Kinds\n", ...KIND_TABLE.map(kindText), refusalText(), topicText(), limitText()].join("\n");
