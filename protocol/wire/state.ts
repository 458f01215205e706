import { FIRMWARE, FLEET, MAX_LAMPS, MAX_RESUMES, MAX_STARS, TOKEN_BYTES } from "./bounds.ts";
import type { CborMap } from "./cbor.ts";
import { readCounters, recordToMap } from "./detail.ts";
import { Fields, type Read } from "./fields.ts";
import { readLight } from "./light-field.ts";
import {
	KINDS,
	type Kind,
	type LampState,
	type LightReport,
	type Pattern,
	type Refusal,
	type RefusalCode,
} from "./messages.ts";
import { type Stars, unixSeconds } from "./units.ts";

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

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** Payload of a `state`: text keys; what is not known is left out. */
export function writeState(report: LightReport): CborMap {
	const { refused, link } = report;
	return recordToMap({
		fleet: report.fleet,
		light: report.light,
		session: report.session,
		counter: report.counter,
		ask: report.ask,
		shown: report.shown,
		pattern: report.pattern,
		sensed: report.sensed,
		epoch: report.epoch,
		seq: report.seq,
		grant: report.grant,
		asOf: report.asOf,
		leaseLeftS: report.leaseLeftS,
		resumesLeft: report.resumesLeft,
		keysVersion: report.keysVersion,
		noticeEpoch: report.noticeEpoch,
		refused: refused && recordToMap({ code: refused.code, kind: refused.kind, epoch: refused.epoch, seq: refused.seq }),
		lamps: report.lamps,
		operating: report.operating,
		firmware: report.firmware,
		uptimeS: report.uptimeS,
		supplyMv: report.supplyMv,
		link: link && recordToMap(link),
	});
}

export function readState(map: CborMap): Read<LightReport> {
	const fields = new Fields(map);
	const report: Writable<LightReport> = {
		fleet: fields.text("fleet", FLEET),
		light: readLight(fields, "light"),
		session: fields.uint("session"),
		counter: fields.uint("counter"),
		ask: fields.bytes("ask", TOKEN_BYTES),
		shown: fields.uint("shown", 0, MAX_STARS) as Stars,
		pattern: fields.word("pattern", PATTERNS),
		sensed: fields.bool("sensed"),
		epoch: fields.uint("epoch"),
		seq: fields.uint("seq"),
	};
	readGrantShown(fields, report);
	readHardware(fields, report);
	return fields.done(report, "ignored");
}

function readGrantShown(fields: Fields, report: Writable<LightReport>): void {
	if (fields.has("grant")) report.grant = fields.bytes("grant", TOKEN_BYTES);
	if (fields.has("asOf")) report.asOf = unixSeconds(fields.uint("asOf"));
	if (fields.has("leaseLeftS")) report.leaseLeftS = fields.uint("leaseLeftS");
	if (fields.has("resumesLeft")) report.resumesLeft = fields.uint("resumesLeft", 0, MAX_RESUMES);
	if (fields.has("keysVersion")) report.keysVersion = fields.uint("keysVersion");
	if (fields.has("noticeEpoch")) report.noticeEpoch = fields.uint("noticeEpoch");
	if (fields.has("refused")) report.refused = readRefused(fields);
}

function readHardware(fields: Fields, report: Writable<LightReport>): void {
	if (fields.has("lamps")) report.lamps = readLamps(fields);
	if (fields.has("operating")) report.operating = fields.uint("operating");
	if (fields.has("firmware")) report.firmware = fields.text("firmware", FIRMWARE);
	if (fields.has("uptimeS")) report.uptimeS = fields.uint("uptimeS");
	if (fields.has("supplyMv")) report.supplyMv = fields.uint("supplyMv");
	if (fields.has("link")) report.link = readCounters(fields, "link");
}

function readRefused(fields: Fields): Refusal {
	const inner = new Fields(fields.submap("refused"));
	const refusal: Refusal = {
		code: inner.word("code", REFUSAL_CODES),
		kind: inner.word<Kind>("kind", KINDS),
		epoch: inner.uint("epoch"),
		seq: inner.uint("seq"),
	};
	const read = inner.done(refusal, "ignored");
	if (!read.ok) fields.refuse(`refused.${read.field}`);
	return refusal;
}

function readLamps(fields: Fields): LampState[] {
	const lamps: LampState[] = [];
	for (const lamp of fields.array("lamps", 0, MAX_LAMPS)) {
		const state = LAMP_STATES.find((s) => s === lamp);
		if (state === undefined) fields.refuse("lamps");
		else lamps.push(state);
	}
	return lamps;
}
