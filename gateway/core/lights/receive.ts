import type { Crypto } from "../../../protocol/ports/crypto.ts";
import { MAX_UINT32 } from "../../../protocol/wire/bounds.ts";
import { utf8Decode } from "../../../protocol/wire/bytes.ts";
import { MAX_BYTES } from "../../../protocol/wire/codec.ts";
import type { LightEvent, LightReport } from "../../../protocol/wire/messages.ts";
import { unseal } from "../../../protocol/wire/seal.ts";
import { parseTopic } from "../../../protocol/wire/topics.ts";
import type { LightId } from "../../../protocol/wire/units.ts";
import type { LightRecord } from "../model.ts";

/** Why a message was dropped; each is counted under its code. */
export const DROP_CODES = [
	"topic-unknown",
	"other-fleet",
	"light-unknown",
	"publisher-mismatch",
	"oversize",
	"malformed",
	"unknown-key",
	"bad-signature",
	"wrong-light",
	"replayed",
	"duty-unknown-key",
	"not-for-the-depot",
] as const;
export type DropCode = (typeof DROP_CODES)[number];

/** What a message turned out to be. */
export type Received =
	| { readonly kind: "state"; readonly light: LightId; readonly report: LightReport }
	| { readonly kind: "event"; readonly light: LightId; readonly event: LightEvent }
	| { readonly kind: "online"; readonly light: LightId; readonly online: boolean; readonly session: number }
	| { readonly kind: "dropped"; readonly code: DropCode };

/** `{"online":true,"session":4294967295}` with some blanks, and room for a key to come. */
const MAX_ONLINE_BYTES = 256;

const dropped = (code: DropCode): Received => ({ kind: "dropped", code });

/**
 * Reads a message from the broker. A `state` or `event` counts only if the light's own key signed it and it names this fleet and
 * the light of its topic; who carried it is of no account then. `online` is not signed, so there the publisher must fit where the
 * broker knows it. Never throws.
 */
export function receive(
	fleet: string,
	lightOf: (light: LightId) => LightRecord | null,
	topic: string,
	bytes: Uint8Array,
	publisher: string | null,
	crypto: Crypto,
): Received {
	const parsed = parseTopic(topic);
	if (parsed === null) return dropped("topic-unknown");
	if (parsed.fleet !== fleet) return dropped("other-fleet");
	// No vehicle gateway is enrolled yet, so no key could have signed a duty that counts.
	if (parsed.kind === "duty") return dropped("duty-unknown-key");
	if (parsed.light === undefined) return dropped("not-for-the-depot");
	const record = lightOf(parsed.light);
	if (record === null) return dropped("light-unknown");
	switch (parsed.kind) {
		case "state":
		case "event":
			return verified(parsed.kind, fleet, record, bytes, crypto);
		case "online":
			return publisher !== null && publisher !== record.light
				? dropped("publisher-mismatch")
				: readOnline(record.light, bytes);
		default:
			return dropped("not-for-the-depot");
	}
}

function verified(
	kind: "state" | "event",
	fleet: string,
	record: LightRecord,
	bytes: Uint8Array,
	crypto: Crypto,
): Received {
	if (bytes.length > MAX_BYTES[kind]) return dropped("oversize");
	const opened = unseal(kind, bytes, [record.publicKey], crypto);
	if (!opened.ok) return dropped(opened.code);
	const { message } = opened;
	if (message.fleet !== fleet || message.light !== record.light) return dropped("wrong-light");
	return "what" in message
		? { kind: "event", light: record.light, event: message }
		: { kind: "state", light: record.light, report: message };
}

function readOnline(light: LightId, bytes: Uint8Array): Received {
	if (bytes.length > MAX_ONLINE_BYTES) return dropped("oversize");
	const text = utf8Decode(bytes);
	let value: unknown = null;
	try {
		value = text === null ? null : JSON.parse(text);
	} catch {
		return dropped("malformed");
	}
	if (typeof value !== "object" || value === null || !("online" in value) || !("session" in value))
		return dropped("malformed");
	const { online, session } = value;
	if (typeof online !== "boolean" || typeof session !== "number") return dropped("malformed");
	if (!Number.isInteger(session) || session < 0 || session > MAX_UINT32) return dropped("malformed");
	return { kind: "online", light, online, session };
}
