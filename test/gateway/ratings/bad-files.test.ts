import { closeSync, ftruncateSync, mkdtempSync, openSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import iconv from "iconv-lite";
import { describe, expect, it } from "vitest";
import { readNamedFile } from "../../../gateway/sources/read-file.ts";
import { HEADER, readText } from "./support.ts";

const code = (promise: Promise<unknown>) =>
	promise.then(
		() => "read",
		(e: { code?: string }) => e.code ?? String(e),
	);
const message = (promise: Promise<unknown>) =>
	promise.then(
		() => "",
		(e: Error) => e.message,
	);
const good = `${HEADER}\r\n1,甲,C1,2025年度,20,AAA,2026-01-15,\r\n`;

describe("a file that cannot be read is refused whole, with a code, its name and where", () => {
	it.each([
		["empty", new Uint8Array(), "file-empty"],
		["only blanks", "\r\n\r\n", "header-not-found"],
		["with other columns", "a,b,c\n1,2,3\n", "header-not-found"],
		["without a score column", "从业资格证号,考核等级,考核日期\nC1,AAA,2026-01-15\n", "column-missing"],
		["with a header only", `${HEADER}\r\n`, "no-rows"],
		["an Excel workbook", Uint8Array.from([0x50, 0x4b, 3, 4, 20, 0, 6, 0]), "not-a-csv"],
		["binary", Uint8Array.from([1, 2, 0, 3, 4]), "not-a-csv"],
		["UTF-16", new Uint8Array(iconv.encode(good, "utf-16le")), "not-a-csv"],
		["cut inside a quoted cell", `${good}2,乙,C2,2025年度,20,AAA,2026-01-15,"备`, "truncated"],
		["cut inside its last row", `${good}2,乙,C2,2025年度,20,AA`, "truncated"],
		["one endless line", `${HEADER}\r\n${"9".repeat(200_000)}`, "line-too-long"],
		["an endless quoted cell", `${HEADER}\r\n"${"9\n".repeat(100_000)}`, "line-too-long"],
	])("%s", async (_name, content, expected) => {
		expect(await code(readText(content))).toBe(expected);
		expect(await message(readText(content))).toContain("list.csv");
	});

	it("GB18030 cut in half of a character, and UTF-8 too, naming the line", async () => {
		const gb = new Uint8Array(iconv.encode(`${good}2,乙`, "gb18030"));
		expect(await code(readText(gb.slice(0, gb.length - 1)))).toBe("encoding-broken");
		const utf8 = new TextEncoder().encode(`${good}2,乙`);
		expect(await code(readText(utf8.slice(0, utf8.length - 1)))).toBe("encoding-broken");
		expect(await message(readText(utf8.slice(0, utf8.length - 1)))).toContain("line 3");
	});

	it("tells the titles it saw, and nothing of anybody where there are rows only", async () => {
		expect(await message(readText("姓名,工号,得分\n张三,17,20\n"))).toContain("Seen: 姓名, 工号, 得分.");
		const rows = "1,张三,410404199903213205,豫DY6393\n2,李四,,豫DY6393\n,王五,41040319991117076X,\n";
		expect(await message(readText(rows))).toContain("Seen: nothing.");
		expect(await message(readText(`结果表,,\n${rows}`))).toContain("Seen: 结果表.");
	});

	it("an endless line before it becomes text, and one that ends in carriage returns not at all", async () => {
		expect(await code(readText(new Uint8Array(60_000_000).fill(57)))).toBe("line-too-long");
		const old = `${HEADER}\r${"1,甲,C1,2025年度,20,AAA,2026-01-15,\r".repeat(10_000)}`;
		expect(await code(readText(old))).toBe("read");
	});

	it("bytes that are neither encoding, naming the line", async () => {
		const bytes = new Uint8Array([...new TextEncoder().encode(good), 0xff, 0xff, 0x2c, 0x31]);
		expect(await code(readText(bytes))).toBe("encoding-broken");
	});

	it("a line of 1 GB: by its size, before a byte of it is read", () => {
		const folder = mkdtempSync(join(tmpdir(), "liangxing-big-"));
		const path = join(folder, "big.csv");
		const fd = openSync(path, "w");
		ftruncateSync(fd, 1024 ** 3);
		closeSync(fd);
		try {
			expect(() => readNamedFile(path)).toThrow(expect.objectContaining({ code: "file-too-large" }));
		} finally {
			rmSync(folder, { recursive: true });
		}
	});

	it("what is not there, and what is no file", () => {
		expect(() => readNamedFile(join(tmpdir(), "liangxing-nothing.csv"))).toThrow(
			expect.objectContaining({ code: "file-not-found" }),
		);
		expect(() => readNamedFile(tmpdir())).toThrow(expect.objectContaining({ code: "file-unreadable" }));
	});
});
