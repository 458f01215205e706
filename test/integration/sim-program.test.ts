import { spawnSync } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { tempFolder } from "../support/depot-files.ts";
import { ROOT } from "../support/source-tree.ts";

const MAIN = join(ROOT, "dist", "simulator", "main.js");

function run(args: readonly string[], lang = "C", input = "") {
	const kept = Object.entries(process.env).filter(([name]) => !/^(LIANGXING_|LC_|LANG)/.test(name));
	const env = { ...Object.fromEntries(kept), LANG: lang };
	const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, ...args], { encoding: "utf8", env, input });
	return { code: status, out: stdout, err: stderr };
}

const last = (text: string): unknown => JSON.parse(text.trimEnd().split("\n").at(-1) ?? "");

describe("liangxing-sim", () => {
	it("tells its version and its help, in the language of the system or of --lang", () => {
		const { version } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as { version: string };
		expect(run(["--version"])).toEqual({ code: 0, out: `${version}\n`, err: "" });
		for (const command of ["demo", "fuzz", "grant", "verify"]) {
			const en = run([command, "--help"]);
			expect([command, en.code, en.err]).toEqual([command, 0, ""]);
			expect(en.out).toMatch(/^Usage: [\s\S]*Examples:\n {2}\$ liangxing-sim /);
			expect(run([command, "--help"], "zh_CN.UTF-8").out).toMatch(/^用法：[\s\S]*例：\n {2}\$ liangxing-sim /);
		}
		expect(run(["--help", "--lang", "zh"]).out).toContain("退出码");
	});

	it("called wrongly exits 2 and names the command's own help, in JSON too", () => {
		const lights = run(["demo", "--lights", "none", "--json"]);
		expect([lights.code, lights.err]).toEqual([
			2,
			expect.stringMatching(/^called-wrongly: .*from 1 to 5000\.\nnext: liangxing-sim demo --help\n$/),
		]);
		expect(last(lights.out)).toMatchObject({ error: { code: "called-wrongly", next: "liangxing-sim demo --help" } });
		expect(run(["grant", "--lang", "zh"]).err).toMatch(
			/^called-wrongly: 缺少选项 .*\n下一步：liangxing-sim grant --help\n$/,
		);
		expect(run(["nonsense"]).code).toBe(2);
	});

	it("verify says with 2 that it was given no grant, since a pipe that failed is no good news", () => {
		const folder = tempFolder("sim-verify");
		const { publicKey } = generateKeyPairSync("ed25519");
		const key = folder.file("signing.pub", publicKey.export({ format: "pem", type: "spki" }).toString());
		for (const input of ["", "\n \r\n"]) {
			const ran = run(["verify", "--key", key], "C", input);
			expect([ran.code, ran.out, ran.err]).toEqual([
				2,
				"",
				"input-empty: Standard input held no grant.\nnext: Pass grants in hex, one a line, as liangxing-sim grant prints them.\n",
			]);
		}
		expect(run(["verify", "--key", key], "C", "00\n")).toEqual({
			code: 1,
			out: '{"ok":false,"code":"malformed"}\n',
			err: "",
		});
		folder.remove();
	});

	it("says with 2 that a file is not there, whichever command was to read it", () => {
		for (const args of [
			["demo", "--ratings", "none.csv", "--fleet", "none.csv", "--until-lit"],
			["grant", "--light", "PDS00000001H", "--stars", "1", "--key", "none.csv"],
			["verify", "--key", "none.csv"],
		]) {
			const ran = run([...args, "--lang", "zh"]);
			expect([args, ran.code, ran.err]).toEqual([
				args,
				2,
				expect.stringMatching(/^file-not-found: 没有文件 none\.csv。\n/),
			]);
		}
	});
});
