import type { Prng } from "../random/prng.ts";
import type { PlatformRow } from "./table.ts";

/** What can be wrong with a platform; each is one request's misfortune. */
export const FAULTS = {
	late: { zh: "答得太慢", en: "answers late" },
	repeated: { zh: "同一页再来一次", en: "sends the page before once more" },
	poisoned: {
		zh: "混入坏行：类型不对、超长、号码位数不对",
		en: "has bad rows: wrong types, giant texts, certificate numbers of a wrong length",
	},
	"rolled-back": { zh: "退回旧的一版", en: "shows an older list, as after a restore" },
	half: { zh: "一页传到一半断开", en: "cuts the connection in the middle of a page" },
	error: { zh: "答 500", en: "answers 500" },
	busy: { zh: "429，并说明等多久", en: "answers 429 with Retry-After" },
	"total-lies": { zh: "总数不实", en: "announces more rows than there are" },
	short: { zh: "最后一页少几行", en: "leaves rows out of the last page" },
	moved: { zh: "取到一半名单变了", en: "changes the list between two pages" },
	circle: { zh: "游标绕圈", en: "sends cursors that go in a circle" },
	"cursor-gone": { zh: "忘了游标", en: "forgets a cursor" },
	"not-json": { zh: "答的不是 JSON", en: "answers with a web page" },
	"bad-shape": { zh: "页的形式不对", en: "sends a page of another form" },
} as const satisfies Record<string, { readonly zh: string; readonly en: string }>;
export type Fault = keyof typeof FAULTS;

export const FAULT_NAMES = Object.keys(FAULTS) as readonly Fault[];
export const isFault = (name: string): name is Fault => Object.hasOwn(FAULTS, name);

/** More than any value of a rating has. */
const GIANT = 100_000;

/** Ways in which a row goes bad; none of them can be taken for a rating. */
const POISONS: readonly ((row: PlatformRow) => unknown)[] = [
	() => null,
	() => "豫D",
	() => [],
	(row) => ({ ...row, certificate: Number(row.certificate) }),
	(row) => ({ ...row, certificate: `${row.certificate}99` }),
	(row) => ({ ...row, certificate: "9".repeat(GIANT) }),
	(row) => ({ ...row, grade: 5 }),
	(row) => ({ ...row, grade: "AAAA" }),
	(row) => ({ ...row, grade: "AAA", score: { points: 20 } }),
	(row) => ({ ...row, grade: "AAA", score: "很好" }),
	(row) => ({ ...row, grade: "AAA", score: 1e21 }),
	(row) => ({ ...row, period: "年".repeat(GIANT) }),
	(row) => ({ ...row, period: "2025\u0000年度" }),
	(row) => ({ ...row, asOf: "2026-13-45" }),
	(row) => ({ ...row, asOf: "2999-01-01" }),
	(row) => ({ ...row, asOf: true }),
	(row) => ({ certificate: row.certificate }),
];

/** The rows with at least one of them spoiled. */
export function poison(rows: readonly PlatformRow[], random: Prng): unknown[] {
	const sure = rows.length === 0 ? -1 : random.int(0, rows.length - 1);
	return rows.map((row, i) => (i === sure || random.chance(0.05) ? random.pick(POISONS)(row) : row));
}
