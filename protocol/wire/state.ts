import { FIRMWARE, FLEET, MAX_LAMPS, MAX_RESUMES, MAX_STARS, TOKEN_BYTES } from "./bounds.ts";
import type { CborMap, CborValue } from "./cbor.ts";
import {
	array,
	bool,
	bytes,
	counters,
	light,
	optional,
	readMessage,
	record,
	type Table,
	text,
	uint,
	word,
	writeTable,
} from "./field-table.ts";
import type { Fields, Read } from "./fields.ts";
import { KINDS, type LampState, type LightReport, type Pattern, type Refusal, type RefusalCode } from "./messages.ts";

export const PATTERNS: readonly Pattern[] = ["stars", "neutral", "fault", "identify", "self-test"];
export const LAMP_STATES: readonly LampState[] = ["ok", "open", "short", "stuck-on", "stuck-off", "unknown"];
export const REFUSAL_CODES: readonly RefusalCode[] = [
	"malformed",
	"unknown-key",
	"bad-signature",
	"wrong-fleet",
	"wrong-light",
	"stale",
	"conflict",
	"not-fresh",
	"void",
	"expired",
];

const REFUSAL_FIELDS: Table<Refusal> = {
	code: word("code", REFUSAL_CODES, "why"),
	kind: word("kind", KINDS, "of which kind the message was"),
	epoch: uint("epoch", "its epoch, 0 where it has none or could not be read"),
	seq: uint("seq", "its seq, 0 likewise"),
};

export const STATE_FIELDS: Table<LightReport> = {
	fleet: text("fleet", FLEET, "the fleet's name"),
	light: light("light"),
	session: uint("session", "one more at each start of the light"),
	counter: uint("counter", "one more at each `state` or `event`, never falling"),
	ask: bytes("ask", TOKEN_BYTES, "the newest"),
	shown: uint("shown", "stars that the lamps show", 0, MAX_STARS),
	pattern: word("pattern", PATTERNS, "what the lamps show"),
	sensed: bool("sensed", "whether `shown` rests on sensed currents"),
	epoch: uint("epoch", "of the stored pair; 0 = none"),
	seq: uint("seq", "of the stored pair; 0 = none"),
	grant: optional(bytes("grant", TOKEN_BYTES, "start of SHA-256 over the stored grant's bytes"), undefined),
	asOf: optional(uint("asOf", "as-of time of the grant shown, unix seconds"), undefined),
	leaseLeftS: optional(uint("leaseLeftS", "seconds that the grant shown has left"), undefined),
	resumesLeft: optional(uint("resumesLeft", "resumes that the grant shown has left", 0, MAX_RESUMES), undefined),
	keysVersion: optional(uint("keysVersion", "of the trusted keys"), undefined),
	noticeEpoch: optional(uint("noticeEpoch", "of the stored notice"), undefined),
	refused: optional(record("refused", REFUSAL_FIELDS, "the last refusal since the last `state`"), undefined),
	lamps: optional(
		array("lamps", { is: "word", words: LAMP_STATES }, 0, MAX_LAMPS, "the lamps from left to right", readLamps),
		undefined,
	),
	operating: optional(uint("operating", "operating state of JT/T 905"), undefined),
	firmware: optional(text("firmware", FIRMWARE, "version of the firmware"), undefined),
	uptimeS: optional(uint("uptimeS", "seconds since the start"), undefined),
	supplyMv: optional(uint("supplyMv", "supply, millivolts"), undefined),
	link: optional(counters("link", "the link's counters: reconnects, dropped, ..."), undefined),
};

/** Payload of a `state`: text keys; what is not known is left out. */
export const writeState = (report: LightReport): CborMap => writeTable(STATE_FIELDS, report);

export const readState = (map: CborMap): Read<LightReport> => readMessage(STATE_FIELDS, map, "ignored");

function readLamps(items: readonly CborValue[], fields: Fields): readonly LampState[] {
	const lamps: LampState[] = [];
	for (const lamp of items) {
		const state = LAMP_STATES.find((s) => s === lamp);
		if (state === undefined) fields.refuse("lamps");
		else lamps.push(state);
	}
	return lamps;
}
