import { Command } from "commander";
import { describe, expect, it } from "vitest";
import { readBack, wordsOf } from "../../protocol/schema/error-words.ts";
import { asksJson, reportFailure, wrongUseIsCoded } from "../../protocol/schema/failure.ts";
import { helpStyle } from "../../protocol/schema/help-style.ts";
import { type Language, languageOf } from "../../protocol/schema/language.ts";
import { CodedError } from "../../protocol/wire/errors.ts";
import { lightIdError } from "../../protocol/wire/light-id-error.ts";

const missing = new CodedError("file-not-found", "There is no file a b.csv.", {
	fault: "input",
	next: "Check the path; a path with blanks needs quotes.",
});

function said(e: unknown, lang: Language, json = false) {
	let out = "";
	let err = "";
	const code = reportFailure(e, {
		lang,
		json,
		out: (text) => {
			out += text;
		},
		err: (text) => {
			err += text;
		},
	});
	return { out, err, code };
}

describe("a failure", () => {
	it("is said as code, what happened and the next step, in the language asked for", () => {
		expect(said(missing, "en")).toEqual({
			out: "",
			err: "file-not-found: There is no file a b.csv.\nnext: Check the path; a path with blanks needs quotes.\n",
			code: 2,
		});
		expect(said(missing, "zh").err).toBe(
			"file-not-found: 没有文件 a b.csv。\n下一步：检查路径；带空格的路径要加引号。\n",
		);
	});

	it("is one line of JSON on standard output where JSON is asked for, beside the lines for people", () => {
		const { out, err } = said(missing, "zh", true);
		expect(JSON.parse(out)).toEqual({
			error: { code: "file-not-found", message: "没有文件 a b.csv。", next: "检查路径；带空格的路径要加引号。" },
		});
		expect(out.trimEnd()).not.toContain("\n");
		expect(err).toMatch(/^file-not-found: /);
	});

	it("has its English behind it in brackets where the Chinese cannot carry the details", () => {
		const told = wordsOf({ code: "store-failed", message: "The store is on fire.", next: "Run." }, "zh");
		expect(told.what).toMatch(/^存储出错.*（The store is on fire\.）$/);
		expect(told.next).toMatch(/（Run\.）$/);
	});

	it("without words is said in English", () => {
		expect(wordsOf({ code: "of-tomorrow", message: "m", next: "n" }, "zh")).toEqual({ what: "m", next: "n" });
	});

	it("has the next step that belongs to its message, where two wordings begin alike", () => {
		const fleet = { code: "no-rows", message: "f.csv has a header and no row below it." };
		const of = (next: string) => wordsOf({ ...fleet, next }, "zh").next;
		expect(of("An empty list would remove every vehicle: export the file again.")).toContain("车辆");
		expect(of("An empty list would remove every rating: export the file again.")).toContain("评级");
	});

	it("of ours is no wrong use, and shows where it happened", () => {
		const { err, code } = said(new TypeError("x is not a function"), "en");
		expect(code).toBe(1);
		expect(err).toMatch(/^internal-error: A mistake in the program: x is not a function\nnext: .+\nTypeError: /);
	});

	it("reads values back from the text that a template made, odd characters included", () => {
		expect(readBack("{file}, line {line}: {how}.", "a, line b.csv, line 3: (?) x.")).toEqual({
			file: "a",
			line: "b.csv, line 3",
			how: "(?) x",
		});
		expect(readBack("{a} is empty.", "x is full.")).toBeNull();
	});
});

describe("wrong use", () => {
	function failing(args: readonly string[]): CodedError {
		const program = new Command("prog").configureOutput({ writeErr: () => undefined, outputError: () => undefined });
		program
			.command("group")
			.command("inner")
			.argument("<file>")
			.option("--json")
			.action(() => undefined);
		wrongUseIsCoded(program);
		try {
			program.parse(args, { from: "user" });
		} catch (e) {
			if (e instanceof CodedError) return e;
		}
		throw new Error("it was taken");
	}

	it("names the help of the command that was used, and exits 2", () => {
		const cases = [
			[["group", "inner"], "Missing required argument 'file'.", "prog group inner --help"],
			[["group", "inner", "f", "--jsn"], "Unknown option '--jsn' (did you mean --json?).", "prog group inner --help"],
			[["group", "other"], "Unknown command 'other'.", "prog group --help"],
			[["group"], "A command is missing.", "prog group --help"],
		] as const;
		for (const [args, message, next] of cases) {
			const e = failing(args);
			expect([e.code, e.message, e.next, said(e, "en").code]).toEqual(["called-wrongly", message, next, 2]);
			expect(said(e, "zh").err).toMatch(/^called-wrongly: [^A-Z]*\n下一步：prog group/);
		}
	});

	it("asks for JSON with --json anywhere before a bare --", () => {
		expect(asksJson(["a", "--json", "b"])).toBe(true);
		expect(asksJson(["a", "--", "--json"])).toBe(false);
	});
});

describe("the language", () => {
	it("is --lang, then LIANGXING_LANG, then the system's", () => {
		expect(languageOf(["--lang", "en"], { LANG: "zh_CN.UTF-8" })).toBe("en");
		expect(languageOf(["--lang=zh"], {})).toBe("zh");
		expect(languageOf([], { LIANGXING_LANG: "zh", LANG: "C" })).toBe("zh");
		expect(languageOf([], { LC_ALL: "", LANG: "zh_CN.UTF-8" })).toBe("zh");
		expect(languageOf(["--lang", "fr"], { LANG: "zh" })).toBe("zh");
		expect(languageOf([], {})).toBe("en");
	});

	it("reaches what commander adds to a help by itself", () => {
		const style = helpStyle("zh");
		expect(style.styleOptionDescription?.('灯 (choices: "a", "b", default: "a")')).toBe(
			'灯（可选 "a", "b"，默认 "a"）',
		);
		expect(style.styleOptionDescription?.("数 (default: 24)")).toBe("数（默认 24）");
		expect(style.styleTitle?.("Options:")).toBe("选项：");
	});
});

describe("a light id with a typing error", () => {
	it("says which character is wrong, what it should be, and where to look", () => {
		const told = (id: string) => said(lightIdError(id), "en").err;
		expect(told("PDS00000001J")).toContain("its check character is J and should be H");
		expect(told("PDS00000001J")).toContain("Probably a typing error");
		expect(told("PDS0000O001H")).toContain("its character 8, O,");
		expect(told("PDS")).toContain("it has 3 characters in place of 12");
		expect(said(lightIdError("PDS00000001J"), "zh").err).toContain("校验字符是 J，应为 H");
		expect(said(lightIdError(""), "en").code).toBe(2);
	});
});
