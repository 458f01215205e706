import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type JsonRow, readJsonRow } from "../../../gateway/core/ratings/json-row.ts";
import { readList } from "../../../gateway/sources/http/list.ts";
import { etagOf, ratingPage } from "../../../protocol/schema/rating-page.ts";
import { SEED } from "../../support/seed.ts";
import { NOW, policy } from "../ratings/support.ts";

const good = { certificate: "4104000000000000001", grade: "AAA", score: 25, period: "2025年度", asOf: "2026-01-15" };
const options = { policy, now: NOW, identityCheck: "quarantine" } as const;
const read = (...pages: (readonly unknown[])[]) =>
	readList(
		pages.map((rows) => rows.map(readJsonRow)),
		options,
		async () => undefined,
	);
/** What becomes of one row. */
const fate = async (row: unknown): Promise<string> => {
	const list = await read([row]);
	const [taken] = list.accepted;
	return taken === undefined ? (list.quarantined[0]?.reason ?? "nothing") : `${taken.grade} ${taken.score}`;
};

describe("a platform's row", () => {
	it.each([
		["as it should be", good, "AAA 25"],
		["with its score as a text", { ...good, score: "25.5" }, "AAA 25.5"],
		["in full width, with blanks around", { ...good, grade: " ＡＡＡ　", score: "２５" }, "AAA 25"],
		["not rated", { ...good, grade: "未评定", score: null }, "unrated null"],
		["with fields that nobody asked for", { ...good, name: "某人", phone: 1 }, "AAA 25"],
		["with the day as a number", { ...good, asOf: 20_260_115 }, "AAA 25"],
		["with a certificate number that came as a number", { ...good, certificate: 4.104e18 }, "row-malformed"],
		["with a grade that is a number", { ...good, grade: 5 }, "row-malformed"],
		["with a giant text", { ...good, period: "年".repeat(201) }, "row-malformed"],
		["with a zero byte", { ...good, period: "a\u0000b" }, "row-malformed"],
		["with half a character", { ...good, period: "a\ud800" }, "row-malformed"],
		["with an object for a score", { ...good, score: {} }, "row-malformed"],
		["that is null", null, "row-malformed"],
		["that is a list", [good], "row-malformed"],
		["that is empty", {}, "certificate-missing"],
		["with inherited fields only", Object.create(good) as object, "certificate-missing"],
		["that looks like a total", { ...good, certificate: "合计" }, "AAA 25"],
		["that looks like the header", { certificate: "从业资格证号", grade: "考核等级" }, "grade-unknown"],
		["with another grade's score", { ...good, score: 3 }, "grade-score-mismatch"],
		["of tomorrow", { ...good, asOf: "2999-01-01" }, "date-in-future"],
	])("%s", async (_name, row, wanted) => {
		expect(await fate(row)).toBe(wanted);
	});

	it("counts from 00:00 in China of the day on which its time lies there", async () => {
		const asOf = async (text: string) => (await read([{ ...good, asOf: text }])).accepted[0]?.asOf;
		const day = await asOf("2026-01-15");
		expect(await asOf("2026-01-14T16:00:00Z")).toBe(day);
		expect(await asOf("2026-01-15T23:59:59+08:00")).toBe(day);
		expect(await asOf("2026-01-15T16:00:00Z")).toBe(Number(day) + 86_400);
	});

	it("that is bad leaves its driver's former rating as it is where the number can be read", async () => {
		const { quarantined } = await read([
			{ ...good, score: {} },
			{ ...good, certificate: 1 },
		]);
		expect(quarantined.map(({ certificate }) => certificate)).toEqual([good.certificate, ""]);
	});

	it("is compared with the driver's rows of other pages: equal ones count once, others are all left out", async () => {
		const same = await read([good], [{ ...good, score: "25" }]);
		expect([same.accepted.length, same.notes]).toEqual([1, [{ row: 2, note: "duplicate-identical" }]]);
		const other = await read([good], [{ ...good, score: 26 }]);
		expect(other.quarantined.map(({ row, reason }) => [row, reason])).toEqual([
			[1, "duplicate-conflict"],
			[2, "duplicate-conflict"],
		]);
		const broken = await read([good], [{ ...good, score: [] }]);
		expect([broken.accepted.length, broken.quarantined.length]).toEqual([0, 2]);
	});

	it("may be any JSON: each row comes to exactly one end, and nothing is thrown", async () => {
		const field = fc.oneof(fc.jsonValue(), fc.string({ unit: "binary" }), fc.constantFrom("AAA", "25", "2026-01-15"));
		const row = fc.oneof(fc.jsonValue(), fc.record({ certificate: field, grade: field, score: field, asOf: field }));
		await fc.assert(
			fc.asyncProperty(fc.array(row, { maxLength: 8 }), async (rows) => {
				const list = await read(rows);
				const again = list.notes.filter(({ note }) => note === "duplicate-identical").length;
				expect(list.rows).toBe(rows.length);
				expect(list.accepted.length + list.quarantined.length + again).toBe(rows.length);
			}),
			{ seed: SEED, numRuns: 300 },
		);
	});

	it("has the same content hash in other pages, and another with another value", async () => {
		const rows: JsonRow[] = [good, { ...good, certificate: "X" }].map(readJsonRow);
		const hash = async (pages: JsonRow[][]) => (await readList(pages, options, async () => undefined)).contentHash;
		expect(await hash([rows])).toBe(await hash(rows.map((row) => [row])));
		expect(await hash([rows])).not.toBe(await hash([rows.slice(0, 1)]));
	});
});

describe("a platform's page", () => {
	const page = { snapshot: "s1", asOf: "2026-03-01T00:00:00+08:00", total: 1, rows: [good], next: null };
	it.each([
		["as it should be", {}, true],
		["with unix seconds and a place", { asOf: 1_772_294_400, from: 0 }, true],
		["with keys of a later version", { more: 1 }, true],
		["with bad rows, which are judged one by one", { rows: [null, 7, "x"] }, true],
		["with more rows than are taken at a time", { rows: Array.from({ length: 5001 }, () => null) }, false],
		["without an offset in its time", { asOf: "2026-03-01T00:00:00" }, false],
		["with a total that is none", { total: -1 }, false],
		["with a total beyond any city", { total: 1e9 }, false],
		["with a cursor that has line breaks", { next: "a\r\nb" }, false],
		["with a cursor of any length", { next: "a".repeat(201) }, false],
		["without a cursor", { next: undefined }, false],
	])("%s: %#", (_name, change, taken) => {
		expect(ratingPage.safeParse({ ...page, ...change }).success).toBe(taken);
	});

	it("has an ETag that can be sent back, or none", () => {
		expect(['"a"', 'W/"a"', "a", '"a\r\nx: y"', '"a"b"', null].map((tag) => etagOf(tag))).toEqual([
			...['"a"', 'W/"a"'],
			...[null, null, null, null],
		]);
	});
});
