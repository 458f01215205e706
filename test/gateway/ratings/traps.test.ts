import iconv from "iconv-lite";
import { describe, expect, it } from "vitest";
import { HEADER, outcome, readLines, readText } from "./support.ts";

const row = (certificate: string, score = "20", grade = "AAA", note = "") =>
	`1,甲,${certificate},2025年度,${score},${grade},2026-01-15,${note}`;

describe("a header", () => {
	it("is looked for below any number of title rows and notes", async () => {
		const titles = Array.from({ length: 80 }, (_, i) => `说明第${i}级,,,,,,,`);
		expect(outcome(await readText([...titles, HEADER, row("C1")].join("\n"))).accepted).toEqual(["C1 AAA 20"]);
	});
	it("is the first row with both titles, not one that names them in a sentence", async () => {
		const text = ["考核等级说明,从业资格证号见证件,", "考核等级,,", HEADER, row("C1")].join("\n");
		expect(outcome(await readText(text)).rows).toBe(1);
	});
	it("may have blanks, full-width ones and line ends inside its titles", async () => {
		const text = `"从业资格\n证号",得　分,考 核 等 级 ,　考核日期\nC1,20,AAA,2026-01-15\n`;
		expect(outcome(await readText(text)).accepted).toEqual(["C1 AAA 20"]);
	});
	it("may explain its titles in brackets, where no row has the bare ones", async () => {
		const text = "从业资格证号（身份证号）,加分,得分(分),考核等级[AAA-B],考核日期\nC1,0,20,AAA,2026-01-15\n";
		expect(outcome(await readText(text)).accepted).toEqual(["C1 AAA 20"]);
	});
	it("that comes again at each page is no data, in whatever way its titles are written", async () => {
		const header = "从业资格证号,得 分,考核 等级（级）,考核日期";
		const text = [header, "C1,20,AAA,2026-01-15", header, "C2,20,AAA,2026-01-15"].join("\n");
		expect(outcome(await readText(text))).toMatchObject({ rows: 2, quarantined: [] });
	});
	it("with a column more, named or not, or an empty one at the left changes nothing", async () => {
		const text = [",从业资格证号,得分,考核等级,考核日期,", ",C1,20,AAA,2026-01-15,x,y", ",合计,1人,,,"].join("\n");
		expect(outcome(await readText(text))).toMatchObject({ rows: 1, accepted: ["C1 AAA 20"], quarantined: [] });
	});
});

describe("a total", () => {
	it.each(["合计", " 合　计 ", "合计：", "合计（人）", "本页合计", "总合计:"])(
		"%j in the first cell is no data",
		async (word) => {
			expect(outcome(await readLines([row("C1"), `${word},2416人,,,,,,`])).rows).toBe(1);
		},
	);
	it("is not a row whose company has the word inside its name", async () => {
		const text = "所属企业,从业资格证号,得分,考核等级,考核日期\n联合计程车公司,C1,20,AAA,2026-01-15\n合计,,,,\n";
		expect(outcome(await readText(text))).toMatchObject({ rows: 1, accepted: ["C1 AAA 20"] });
	});
	it("is not a row with the word in another cell", async () => {
		expect(outcome(await readLines([row("C1", "20", "AAA", "合计两次"), "2,合计,C2,,20,AAA,2026-01-15,"])).rows).toBe(
			2,
		);
	});
	it("may end the file in fewer cells and without a line end", async () => {
		expect(outcome(await readLines([row("C1"), row("C2"), "合计,2人"])).accepted).toHaveLength(2);
	});
});

describe("rows of one driver", () => {
	it("count as one driver's whatever the case, width and blanks of the certificate number", async () => {
		const result = outcome(
			await readLines([row("11010519491231002X"), row("　１１０１０５１９４９１２３１００２ｘ", "10", "A")]),
		);
		expect(result.quarantined).toEqual(["1 duplicate-conflict", "2 duplicate-conflict"]);
	});
	it("three times the same count once, and two are noted", async () => {
		const result = outcome(await readLines([row("C1"), row("C2"), row("C1"), row("C1")]));
		expect(result).toMatchObject({
			accepted: ["C1 AAA 20", "C2 AAA 20"],
			notes: ["3 duplicate-identical", "4 duplicate-identical"],
		});
	});
	it("twice the same and once another are all quarantined, and none is noted", async () => {
		const result = outcome(await readLines([row("C1"), row("C1"), row("C1", "19", "AA")]));
		expect(result.quarantined).toHaveLength(3);
		expect(result.notes).toEqual([]);
	});
	it("contradict each other also in a column that nobody reads, in a date written otherwise, and in a cell that is missing", async () => {
		const other = (line: string) =>
			readLines([row("C1"), line, row("C2")]).then((file) => outcome(file).quarantined.length);
		expect(await other(row("C1").replace("甲", "乙"))).toBe(2);
		expect(await other(row("C1").replace("2026-01-15", "2026/1/15"))).toBe(2);
		expect(await other(row("C1", "20.0"))).toBe(2);
		expect(await other(`${row("C1")}x`)).toBe(2);
		expect(await other(`${row("C1")},x`)).toBe(2);
	});
	it("are the same with and without empty cells at their end", async () => {
		expect(
			outcome(await readLines([row("C1"), `${row("C1")},,,`, row("C1").slice(0, -1), row("C2")])).notes,
		).toHaveLength(2);
	});
	it("replace by their contradiction the codes of certificates that are too long or have a wrong check character", async () => {
		const long = "41040219970827574X12";
		const lines = [row(long), row(long, "10", "A"), row("410403199404284150"), row("410403199404284150", "10", "A")];
		expect(outcome(await readLines(lines)).quarantined.map((q) => q.split(" ")[1])).toEqual(
			Array(4).fill("duplicate-conflict"),
		);
	});
	it("stay few lines of work when all rows are one driver's", async () => {
		const lines = Array.from({ length: 20_000 }, (_, i) => row("C1", i % 2 === 0 ? "20" : "21"));
		expect(outcome(await readLines(lines)).quarantined).toHaveLength(20_000);
	});
});

describe("what programs make of a sheet", () => {
	it("thousands of blank rows at the end are none", async () => {
		const blank = [",,,,,,,", " ,　,,,,,,", "", "\u200b,,,,,,,", '"",,,,,,,'];
		const lines = [row("C1"), ...Array.from({ length: 40_000 }, (_, i) => blank[i % blank.length] ?? "")];
		expect(outcome(await readLines(lines))).toMatchObject({ rows: 1, quarantined: [] });
	});
	it("line ends may be mixed: a title pasted with another one does not decide for the rest", async () => {
		const lines = [row("C1"), row("C2"), row("C3")];
		for (const ends of [
			["\r\n", "\n"],
			["\n", "\r\n"],
			["\r", "\r"],
		] as const)
			expect(
				outcome(await readText(`考核结果${ends[0]}${HEADER}${ends[0]}${lines.join(ends[1])}${ends[1]}`)).rows,
			).toBe(3);
	});
	it("line ends and quotes inside a quoted cell belong to it, and do not shift the rows' numbers", async () => {
		const result = outcome(await readLines([row("C1", "20", "AAA", '"补训后\r\n复核""合格"""'), row("C2", "二十")]));
		expect(result.quarantined).toEqual(["2 score-not-a-number"]);
	});
	it("a cell that starts with = is text", async () => {
		const result = outcome(
			await readLines([row("C1", "20", "AAA", '"=HYPERLINK(""http://example.invalid"",""x"")"'), row("C2", "=20")]),
		);
		expect(result).toMatchObject({ accepted: ["C1 AAA 20"], quarantined: ["2 score-not-a-number"] });
	});
	it("a byte order mark does not hide the first title, in UTF-8 and in GB18030, quoted or not", async () => {
		for (const header of ["从业资格证号,得分,考核等级,考核日期", '"从业资格证号","得分","考核等级","考核日期"']) {
			const text = `\ufeff${header}\nC1,20,AAA,2026-01-15\n`;
			expect(outcome(await readText(text)).rows).toBe(1);
			expect(outcome(await readText(new Uint8Array(iconv.encode(text, "gb18030")))).rows).toBe(1);
		}
	});
	it("characters of four bytes in GB18030 are read", async () => {
		const file = await readText(
			new Uint8Array(iconv.encode(`${HEADER}\n${row("C1").replace("甲", "㼆𠀀")}\n`, "gb18030")),
		);
		expect(file.encoding).toBe("gb18030");
		expect(outcome(file).accepted).toEqual(["C1 AAA 20"]);
	});
});

describe("a file that was cut", () => {
	it("inside its last row is refused, naming line and column", async () => {
		const whole = [HEADER, row("C1"), row("C2")].join("\n");
		for (const cut of [3, 8, 20]) {
			const failure = readText(whole.slice(0, whole.length - cut));
			await expect(failure).rejects.toMatchObject({ code: "truncated", context: { line: 3 } });
		}
	});
	it("is not one whose last row is whole and has no line end, nor one with short rows all the way", async () => {
		expect(outcome(await readText([HEADER, row("C1"), row("C2")].join("\n"))).rows).toBe(2);
		const short = (certificate: string) => row(certificate).slice(0, -1);
		expect(outcome(await readText([HEADER, short("C1"), short("C2")].join("\n"))).rows).toBe(2);
	});
	it("is not one whose last row is short and ends its line", async () => {
		expect(outcome(await readText(`${[HEADER, row("C1"), "2,甲,C2"].join("\n")}\n`)).quarantined).toEqual([
			"2 grade-missing",
		]);
	});
});
