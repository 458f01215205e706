import fc from "fast-check";
import iconv from "iconv-lite";
import { describe, expect, it } from "vitest";
import { daysOf, isCalendarDay, parseAsOf } from "../../../gateway/core/ratings/dates.ts";
import { fold, foldCertificate, foldTitle } from "../../../gateway/core/ratings/fold.ts";
import { isIdentityNumber } from "../../../gateway/core/ratings/identity.ts";
import { ROW_CODES } from "../../../gateway/core/ratings/validate.ts";
import { SEED } from "../../support/seed.ts";
import { HEADER, outcome, readText } from "./support.ts";

const seed = SEED;
const DAY_MS = 86_400_000;
const SHANGHAI_S = 8 * 3600;

const cell = fc.oneof(
	fc.string({ unit: fc.constantFrom(..."ａＺ０９ 　\u00a0\u200b\ufeff\tAz09年-．／"), maxLength: 12 }),
	fc.string({ unit: "grapheme", maxLength: 8 }),
);

describe("folding", () => {
	it("does nothing more when done again", () => {
		fc.assert(
			fc.property(cell, (text) => {
				for (const each of [fold, foldCertificate, foldTitle]) expect(each(each(text))).toBe(each(text));
			}),
			{ seed, numRuns: 2000 },
		);
	});
	it("leaves neither blanks around a value nor full-width digits and letters in it", () => {
		fc.assert(
			fc.property(cell, (text) => {
				expect(fold(text)).not.toMatch(/^[\s\u200b\u3000]|[\s\u200b\u3000]$|[０-９Ａ-Ｚａ-ｚ]/);
			}),
			{ seed, numRuns: 2000 },
		);
	});
});

describe("dates", () => {
	const day = fc.integer({ min: 1, max: 74_000 });
	it("are the same day in each form that is read, and that day's midnight in Shanghai", () => {
		fc.assert(
			fc.property(day, (n) => {
				const [y = "", m = "", d = ""] = new Date(n * DAY_MS).toISOString().slice(0, 10).split("-");
				const short = [y, Number(m), Number(d)];
				const forms = [
					`${y}-${m}-${d}`,
					short.join("/"),
					short.join("."),
					`${y}${m}${d}`,
					`${y}年${Number(m)}月${d}日`,
				];
				for (const form of [...forms, String(n + 25_569)]) expect(parseAsOf(form)).toBe(n * 86_400 - SHANGHAI_S);
				expect(daysOf(Number(y), Number(m), Number(d))).toBe(n);
			}),
			{ seed, numRuns: 2000 },
		);
	});
	it("exist in the calendar or are none", () => {
		fc.assert(
			fc.property(
				fc.integer({ min: 1900, max: 2400 }),
				fc.integer({ min: 0, max: 13 }),
				fc.integer({ min: 0, max: 32 }),
				(y, m, d) => {
					const date = new Date(Date.UTC(y, m - 1, d));
					expect(isCalendarDay(y, m, d)).toBe(m >= 1 && date.getUTCMonth() === m - 1 && date.getUTCDate() === d);
				},
			),
			{ seed, numRuns: 5000 },
		);
	});
});

describe("an identity number", () => {
	const good = ["11010519491231002X", "410402198001010014"];
	it("is one with its check character only, and no neighbour of it is", () => {
		for (const number of good) {
			expect(isIdentityNumber(number)).toBe(true);
			for (let at = 0; at < 18; at++)
				for (const other of "0123456789X")
					if (other !== number[at])
						expect(isIdentityNumber(number.slice(0, at) + other + number.slice(at + 1))).toBe(false);
		}
	});
	it("is none with a day of birth that never was, though its check character fits", () => {
		expect(isIdentityNumber("410404199902303217")).toBe(false);
	});
});

const certificate = fc.constantFrom(
	"C1",
	"c1",
	"Ｃ1",
	"C2",
	"C3",
	"11010519491231002X",
	"11010519491231002x",
	"410403199404284150",
	"",
);
const line = fc
	.tuple(
		certificate,
		fc.constantFrom("20", "２０", "20.0", "10.5", "3", "", "二十", "-3", "87"),
		fc.constantFrom("AAA", "aaa", "A", "B", "未评定", "", "优"),
		fc.constantFrom("2026-01-15", "2026/1/15", "46037", "2036-01-15", "", "x"),
		fc.constantFrom("", '"补,训"', "=1+1"),
	)
	.map(([c, score, grade, date, note]) => `甲,${c},2025年度,${score},${grade},${date},${note}`);
const file = (lines: readonly string[]) => `${[HEADER, ...lines.map((l, i) => `${i + 1},${l}`)].join("\r\n")}\r\n`;

describe("a file of any rows", () => {
	const runs = { seed, numRuns: 150 };
	it("gives each row one outcome: accepted, quarantined with a known code, or noted as a repetition", async () => {
		await fc.assert(
			fc.asyncProperty(fc.array(line, { minLength: 1, maxLength: 12 }), async (lines) => {
				const read = await readText(file(lines));
				const rows = [...read.accepted, ...read.quarantined, ...read.notes].map((r) => r.row).sort((a, b) => a - b);
				expect(rows).toEqual(lines.map((_, i) => i + 1));
				for (const { reason } of read.quarantined) expect(ROW_CODES).toContain(reason);
				const drivers = read.accepted.map((r) => r.certificate);
				expect(new Set(drivers).size).toBe(drivers.length);
				for (const { certificate: c } of read.quarantined) expect(drivers).not.toContain(c);
			}),
			runs,
		);
	});
	it("comes to the same drivers in any order of its rows", async () => {
		const both = fc
			.array(line, { minLength: 1, maxLength: 12 })
			.chain((lines) => fc.tuple(fc.constant(lines), fc.shuffledSubarray(lines, { minLength: lines.length })));
		await fc.assert(
			fc.asyncProperty(both, async ([lines, turned]) => {
				const [one, other] = [outcome(await readText(file(lines))), outcome(await readText(file(turned)))];
				const codes = (list: readonly string[]) => list.map((q) => q.split(" ")[1]).sort();
				expect(other.accepted.sort()).toEqual(one.accepted.sort());
				expect(codes(other.quarantined)).toEqual(codes(one.quarantined));
			}),
			runs,
		);
	});
	it("reads the same in GB18030, in UTF-8 and with a byte order mark", async () => {
		await fc.assert(
			fc.asyncProperty(fc.array(line, { minLength: 1, maxLength: 12 }), async (lines) => {
				const text = file(lines);
				const read = outcome(await readText(text));
				expect(outcome(await readText(new Uint8Array(iconv.encode(text, "gb18030"))))).toEqual(read);
				expect(outcome(await readText(`\ufeff${text}`))).toEqual(read);
			}),
			runs,
		);
	});
	it("cut anywhere is refused, or comes to no driver's rating that the whole file does not have", async () => {
		const whole = Array.from({ length: 8 }, (_, i) => `甲,D${i},2025年度,${20 + i},AAA,2026-01-15,完`);
		const bytes = new Uint8Array(iconv.encode(file(whole), "gb18030"));
		const all = outcome(await readText(bytes)).accepted;
		for (let length = 0; length < bytes.length; length++) {
			const cut = await readText(bytes.slice(0, length)).then(outcome, (e: { code?: string }) => e.code ?? String(e));
			if (typeof cut === "string")
				expect([
					"file-empty",
					"header-not-found",
					"column-missing",
					"no-rows",
					"truncated",
					"encoding-broken",
				]).toContain(cut);
			else expect(all).toEqual(expect.arrayContaining(cut.accepted));
		}
	});
});
