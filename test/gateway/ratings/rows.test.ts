import { describe, expect, it } from "vitest";
import { outcome, readLines, readText } from "./support.ts";

const row = (certificate: string, score: string, grade: string, date = "2026-01-15", note = "") =>
	`1,甲,${certificate},2025年度,${score},${grade},${date},${note}`;

describe("a row's code is the first that fits", () => {
	it.each([
		["", "x", "?", "", "certificate-missing"],
		["\u3000 ", "20", "AAA", "2026-01-15", "certificate-missing"],
		["41040219970827574X12", "x", "?", "", "certificate-too-long"],
		["410403199404284150", "x", "?", "", "identity-check-digit"],
		["A12345678901234567", "20", "AAA", "2026-01-15", "identity-check-digit"],
		["C1", "20", "", "2026-01-15", "grade-missing"],
		["C1", "20", "优秀", "2026-01-15", "grade-unknown"],
		["C1", "20", "AAAA", "2026-01-15", "grade-unknown"],
		["C1", "", "AAA", "", "score-missing"],
		["C1", "二十", "AAA", "", "score-not-a-number"],
		["C1", "1e1", "A", "2026-01-15", "score-not-a-number"],
		["C1", "20分", "AAA", "2026-01-15", "score-not-a-number"],
		["C1", "-3", "B", "", "score-out-of-range"],
		["C1", "30.5", "AAA", "2026-01-15", "score-out-of-range"],
		["C1", "20", "B", "", "grade-score-mismatch"],
		["C1", "10.5", "AA", "2026-01-15", "grade-score-mismatch"],
		["C1", "20", "AAA", "", "date-missing"],
		["C1", "30.01", "未评定", "2026-01-15", "score-out-of-range"],
		["C1", "无此人", "未评定", "2026-01-15", "score-not-a-number"],
		["C1", "—", "AAA", "2026-01-15", "score-not-a-number"],
		["C1", "", "B", "2026-01-15", "score-missing"],
		["C1", "NaN", "B", "2026-01-15", "score-not-a-number"],
		["C1", "Infinity", "AAA", "2026-01-15", "score-not-a-number"],
		["C1", "0x14", "AAA", "2026-01-15", "score-not-a-number"],
		["C1", "19.99", "AAA", "2026-01-15", "grade-score-mismatch"],
		["C1", "3.9", "A", "2026-01-15", "grade-score-mismatch"],
		["410404199902303217", "20", "AAA", "2026-01-15", "identity-check-digit"],
		["C1", "20", "AAA", "2026-02-30", "date-not-a-date"],
		["C1", "20", "AAA", "2025-02-29", "date-not-a-date"],
		["C1", "20", "AAA", "2026", "date-not-a-date"],
		["C1", "20", "AAA", "202601", "date-not-a-date"],
		["C1", "20", "AAA", "60", "date-not-a-date"],
		["C1", "20", "AAA", "20261301", "date-not-a-date"],
		["C1", "20", "AAA", "15/01/2026", "date-not-a-date"],
		["C1", "20", "AAA", "9999-12-31", "date-in-future"],
		["C1", "20", "AAA", "55000", "date-in-future"],
		["C1", "20", "AAA", "去年", "date-not-a-date"],
		["C1", "20", "AAA", "2036-01-15", "date-in-future"],
		["C1", "20", "AAA", "2026-11-26", "date-in-future"],
	])("certificate %j, score %j, grade %j, date %j: %s", async (certificate, score, grade, date, code) => {
		expect(outcome(await readLines([row(certificate, score, grade, date)])).quarantined).toEqual([`1 ${code}`]);
	});
});

describe("what is accepted", () => {
	it.each([
		["c1", "20.0", "aaa", "2026/1/15", "C1 AAA 20"],
		["\u3000Ｃ１ ", "２０", "ＡＡＡ", "２０２６－０１－１５", "C1 AAA 20"],
		["C1", "10.5", "A", "2026.1.15", "C1 A 10.5"],
		["C1", "0", "b", "20260115", "C1 B 0"],
		["C1", "30", "AAA", "2026年1月15日", "C1 AAA 30"],
		["C1", "11", "aA", "46037", "C1 AA 11"],
		["C1", "4", "A", "2026-01-15 00:00:00", "C1 A 4"],
		["C1", "", "未评定", "2026-01-15", "C1 unrated null"],
		["C1", "—", "未评定", "2026-01-15", "C1 unrated null"],
		["C1", "25", "未评定", "2026-01-15", "C1 unrated 25"],
		["C1", "１０．５", "Ａ", "2026/1/15 0:00", "C1 A 10.5"],
		["C1", "3.9", "B", "46037.5", "C1 B 3.9"],
		["C1", "20", "AAA", "1991-05-01", "C1 AAA 20"],
		["C1", "20", "AAA", "2024-02-29", "C1 AAA 20"],
		["\u200bC1\u00a0\t", "\ufeff20\u2009", " AAA\u3000", "2026-01-15\u200b", "C1 AAA 20"],
		["C1", "20", "AAA", "2026-11-24", "C1 AAA 20"],
		["=C1", "20", "AAA", "2026-01-15", "=C1 AAA 20"],
		["11010519491231002x", "20", "AAA", "2026-01-15", "11010519491231002X AAA 20"],
		["4104000011024000001", "20", "AAA", "2026-01-15", "4104000011024000001 AAA 20"],
	])("certificate %j, score %j, grade %j, date %j", async (certificate, score, grade, date, accepted) => {
		expect(outcome(await readLines([row(certificate, score, grade, date)])).accepted).toEqual([accepted]);
	});

	it("dates a rating at 00:00 of its day in Asia/Shanghai, in whatever form it is written", async () => {
		const forms = [
			"2026-01-15",
			"2026/1/15",
			"46037",
			"20260115",
			"2026年1月15日",
			"2026.01.15",
			"２０２６／０１／１５",
		];
		const files = await Promise.all(forms.map((date) => readLines([row("C1", "20", "AAA", date)])));
		expect(new Set(files.map((f) => f.accepted[0]?.asOf))).toEqual(
			new Set([Date.parse("2026-01-15T00:00:00+08:00") / 1000]),
		);
	});
});

describe("rows of one driver", () => {
	const good = row("C1", "20", "AAA");
	it("that are equal but for their number count once, the later one is noted", async () => {
		const result = outcome(await readLines([good, good.replace(/^1,/, "2,"), row("C2", "20", "AAA")]));
		expect(result).toEqual({
			rows: 3,
			accepted: ["C1 AAA 20", "C2 AAA 20"],
			quarantined: [],
			notes: ["2 duplicate-identical"],
		});
	});
	it("that are equal after folding count once", async () => {
		const result = outcome(await readLines([good, row(" ｃ１", "２０", "aaa")]));
		expect(result.notes).toEqual(["2 duplicate-identical"]);
	});
	it("that differ in any other column are all quarantined, also those that have a code of their own", async () => {
		const result = outcome(
			await readLines([
				good,
				row("C1", "20", "AAA", "2026-01-15", "备注"),
				row("C1", "二十", "AAA"),
				row("C2", "20", "AAA"),
			]),
		);
		expect(result.quarantined).toEqual(["1 duplicate-conflict", "2 duplicate-conflict", "3 duplicate-conflict"]);
		expect(result.accepted).toEqual(["C2 AAA 20"]);
	});
	it("that are equal and wrong are quarantined once with their own code", async () => {
		const wrong = row("C1", "二十", "AAA");
		expect(outcome(await readLines([wrong, wrong]))).toEqual({
			rows: 2,
			accepted: [],
			quarantined: ["1 score-not-a-number"],
			notes: ["2 duplicate-identical"],
		});
	});
	it("without a certificate are strangers to each other", async () => {
		expect(outcome(await readLines([row("", "20", "AAA"), row("", "20", "AAA")])).quarantined).toEqual([
			"1 certificate-missing",
			"2 certificate-missing",
		]);
	});
});

describe("what is no data", () => {
	it("totals, blank rows and a header again are skipped and not counted", async () => {
		const lines = [
			row("C1", "20", "AAA"),
			",,,,,,,",
			"序号,姓名,从业资格证号,考核周期,得分,考核等级,考核日期,备注",
			row("C2", "19", "AA"),
			"合 计,2人,,,,,,",
			"",
			" , ,,,,,,",
		];
		expect(outcome(await readLines(lines))).toEqual({
			rows: 2,
			accepted: ["C1 AAA 20", "C2 AA 19"],
			quarantined: [],
			notes: [],
		});
	});
	it("title rows stand above the header, and columns come in any order with blanks in their titles", async () => {
		const text = ["考核结果,,", "（2025年度）", "考核日期,考 核 等 级,得分,从业资格证号", "2026-01-15,AAA,20,C1"].join(
			"\n",
		);
		expect(outcome(await readText(text)).accepted).toEqual(["C1 AAA 20"]);
	});
	it("a quoted cell keeps its line ends and quotes", async () => {
		expect(
			outcome(await readLines([row("C1", "20", "AAA", "2026-01-15", '"补训后\n复核""合格"""'), row("C2", "20", "AAA")]))
				.rows,
		).toBe(2);
	});
	it("a row that ends early has empty cells", async () => {
		expect(outcome(await readLines(["1,甲,C1", row("C2", "20", "AAA")])).quarantined).toEqual(["1 grade-missing"]);
	});
});

it("a wrong check character can be noted or passed over instead", async () => {
	const text = `序号,从业资格证号,得分,考核等级,考核日期\n1,410403199404284150,20,AAA,2026-01-15`;
	expect(outcome(await readText(text, "warn"))).toMatchObject({ quarantined: [], notes: ["1 identity-check-digit"] });
	expect(outcome(await readText(text, "off"))).toMatchObject({ quarantined: [], notes: [] });
});
