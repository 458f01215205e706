import { hashPolicy, type PolicyTable, PRESETS } from "../../../gateway/core/stars/presets.ts";
import { NodeCrypto } from "../../../gateway/depot/node-crypto.ts";
import { type RatingFile, readRatingFile } from "../../../gateway/sources/ratings-file.ts";
import { unixSeconds } from "../../../protocol/wire/units.ts";

/** 2026-11-24T12:00Z. */
export const NOW = unixSeconds(1_795_521_600);
export const policy = hashPolicy(PRESETS["score-2021"] as PolicyTable, new NodeCrypto());
export const HEADER = "序号,姓名,从业资格证号,考核周期,得分,考核等级,考核日期,备注";

export const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Reads a rating file made of these lines below the usual header. */
export const readLines = (lines: readonly string[], header = HEADER): Promise<RatingFile> =>
	readText([header, ...lines].join("\r\n"));

export const readText = (
	text: string | Uint8Array,
	identityCheck: "quarantine" | "warn" | "off" = "quarantine",
): Promise<RatingFile> =>
	readRatingFile(
		{ name: "list.csv", bytes: typeof text === "string" ? bytesOf(text) : text },
		{ policy, now: NOW, identityCheck },
	);

/** What was decided, short: accepted as `certificate grade score`, the rest as `row code`. */
export const outcome = (file: RatingFile) => ({
	rows: file.rows,
	accepted: file.accepted.map((r) => `${r.certificate} ${r.grade} ${r.score}`),
	quarantined: file.quarantined.map((q) => `${q.row} ${q.reason}`),
	notes: file.notes.map((n) => `${n.row} ${n.note}`),
});
