import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { checkTree, RULES, type Rule } from "./support/source-rules.ts";
import { ROOT, readSourceTree } from "./support/source-tree.ts";

const long = (lines: number) => Array.from({ length: lines }, (_, i) => `\tconst a${i} = ${i};`).join("\n");

/** One planted breach for each rule, and the rule that must report it. */
const PLANTS: readonly {
	readonly rule: Rule;
	readonly name: string;
	readonly files: Readonly<Record<string, string>>;
}[] = [
	{
		rule: "arrow",
		name: "the protocol imports the gateway",
		files: { "protocol/wire/p.ts": 'import type { A } from "../../gateway/core/model.ts";\nexport type B = A;\n' },
	},
	{
		rule: "arrow",
		name: "the gateway imports the device",
		files: { "gateway/api/p.ts": 'import { a } from "../../device/core/step.ts";\nexport const b = a;\n' },
	},
	{
		rule: "arrow",
		name: "the gateway imports the simulator",
		files: { "gateway/core/p.ts": 'import { a } from "../../simulator/clock/sim-clock.ts";\nexport const b = a;\n' },
	},
	{
		rule: "arrow",
		name: "the device's core imports a driver",
		files: { "device/core/p.ts": 'export { a } from "../drivers/mqtt-link.ts";\n' },
	},
	{
		rule: "arrow",
		name: "the wire imports the zod schemas",
		files: { "protocol/wire/p.ts": 'const a = () => import("../schema/api.ts");\nexport { a };\n' },
	},
	{
		rule: "purity",
		name: "a Node module two hops away",
		files: {
			"protocol/wire/p.ts": 'export { a } from "./q.ts";\n',
			"protocol/wire/q.ts": 'export { a } from "./r.ts";\n',
			"protocol/wire/r.ts": 'import fs from "node:fs";\nexport const a = fs;\n',
		},
	},
	{
		rule: "purity",
		name: "zod in the device's core",
		files: { "device/core/p.ts": 'import { z } from "zod";\nexport const a = z;\n' },
	},
	{
		rule: "banned-global",
		name: "Date.now in the gateway's core",
		files: { "gateway/core/p.ts": "export const a = () => Date.now();\n" },
	},
	{
		rule: "banned-global",
		name: "new Date() at the edge",
		files: { "gateway/api/p.ts": "export const a = () => new Date();\n" },
	},
	{
		rule: "banned-global",
		name: "Math.random anywhere",
		files: { "simulator/link/p.ts": "export const a = () => Math.random();\n" },
	},
	{
		rule: "banned-global",
		name: "setTimeout in the device's core",
		files: { "device/core/p.ts": "export const a = () => setTimeout(() => {}, 1);\n" },
	},
	{
		rule: "banned-global",
		name: "Buffer in the wire",
		files: { "protocol/wire/p.ts": 'export const a = Buffer.from("a");\n' },
	},
	{
		rule: "banned-global",
		name: "process in a port",
		files: { "protocol/ports/p.ts": "export const a = process.pid;\n" },
	},
	{
		rule: "composition-root",
		name: "the API reads the environment",
		files: { "gateway/api/p.ts": "export const a = process.env.HOME;\n" },
	},
	{
		rule: "plain-error",
		name: "a plain Error in the store",
		files: { "gateway/store/p.ts": 'export const a = () => { throw new Error("no"); };\n' },
	},
	{
		rule: "long-function",
		name: "a function of 73 lines",
		files: { "gateway/api/p.ts": `export function a() {\n${long(71)}\n}\n` },
	},
	{ rule: "long-file", name: "a file of 501 lines", files: { "gateway/api/p.ts": `${long(501)}\n` } },
	{
		rule: "import-cycle",
		name: "two files that import each other",
		files: {
			"gateway/api/p.ts": 'export { a } from "./q.ts";\n',
			"gateway/api/q.ts": 'import { b } from "./p.ts";\nexport const a = b;\n',
		},
	},
	{
		rule: "unreasoned-ignore",
		name: "an ignore without a reason",
		files: { "gateway/api/p.ts": "// biome-ignore lint/a/b: x\nexport const a = 1;\n" },
	},
	{ rule: "focused-or-skipped-test", name: "a focused test", files: { "test/p.test.ts": 'it.only("a", () => {});\n' } },
	{
		rule: "workplace-word",
		name: "a path of one machine",
		files: { "gateway/api/p.ts": `export const a = "/work${"/main"}/x";\n` },
	},
];

describe("the house rules", () => {
	it("hold in every source file", () => {
		const found = checkTree(readSourceTree()).map((v) => `${v.path}:${v.line} ${v.rule}: ${v.what}`);
		expect(found).toEqual([]);
	});

	it("look at a real tree: all five folders are there", () => {
		const tops = new Set(readSourceTree().map((f) => f.path.split("/")[0]));
		expect([...tops].sort()).toEqual(expect.arrayContaining(["device", "gateway", "protocol", "simulator", "test"]));
	});

	it("have a planted breach for each rule", () => {
		expect(new Set(PLANTS.map((p) => p.rule))).toEqual(new Set(RULES));
	});

	it.each(PLANTS)("report $name ($rule)", ({ rule, files }) => {
		const planted = Object.entries(files).map(([path, text]) => ({ path, text }));
		const found = checkTree(planted).filter((v) => v.rule === rule);
		expect(found.length).toBeGreaterThan(0);
	});
});

const temporary: string[] = [];
afterAll(() => {
	for (const folder of temporary) rmSync(folder, { recursive: true, force: true });
});

/** A copy of the configuration beside one planted file, so that the wall itself is what reports it. */
function plant(path: string, text: string, copies: readonly string[]): string {
	const folder = mkdtempSync(join(tmpdir(), "liangxing-wall-"));
	temporary.push(folder);
	for (const copy of copies) {
		mkdirSync(dirname(join(folder, copy)), { recursive: true });
		cpSync(join(ROOT, copy), join(folder, copy), { recursive: true });
	}
	mkdirSync(dirname(join(folder, path)), { recursive: true });
	writeFileSync(join(folder, path), text);
	return folder;
}

const bin = (name: string) => join(ROOT, "node_modules", ".bin", name);

describe("the compiler's wall", () => {
	const CONFIGS = ["tsconfig.base.json", "protocol", "device/core", "device/hal", "gateway/core"];
	const breaches: readonly (readonly [string, string, string, string])[] = [
		["protocol", "protocol/wire/p.ts", "export const a = process.pid;\n", "process"],
		["protocol", "protocol/wire/p.ts", 'import fs from "node:fs";\nexport const a = fs;\n', "node:fs"],
		["protocol", "protocol/wire/p.ts", "export const a = new TextEncoder();\n", "TextEncoder"],
		[
			"protocol",
			"protocol/wire/p.ts",
			'import type { Grade } from "../../gateway/core/model.ts";\nexport type A = Grade;\n',
			"TS6307",
		],
		["device/core", "device/core/p.ts", "export const a = setTimeout;\n", "setTimeout"],
		[
			"gateway/core",
			"gateway/core/p.ts",
			'import type { Face } from "../../device/core/types.ts";\nexport type A = Face;\n',
			"TS6307",
		],
	];
	it.each(breaches)("in %s refuses %s: %j", (project, path, text, word) => {
		const folder = plant(path, text, CONFIGS);
		const run = spawnSync(bin("tsc"), ["-b", join(folder, project)], { encoding: "utf8", cwd: folder });
		const about = run.stdout.split("\n").filter((line) => line.includes(path));
		expect(run.status).not.toBe(0);
		expect(about.join("\n")).toContain(word);
	});
});

describe("the linter's wall", () => {
	const breaches: readonly (readonly [string, string, string])[] = [
		["protocol/wire/p.ts", 'import { z } from "zod";\nexport const a = z;\n', "noRestrictedImports"],
		["protocol/wire/p.ts", 'import fs from "node:fs";\nexport const a = fs;\n', "noNodejsModules"],
		["device/core/p.ts", "export const a = Buffer;\n", "noRestrictedGlobals"],
		[
			"gateway/api/p.ts",
			'import { a } from "../../device/core/step.ts";\nexport const b = a;\n',
			"noRestrictedImports",
		],
		[
			"gateway/core/p.ts",
			'import { a } from "../store/sqlite-store.ts";\nexport const b = a;\n',
			"noRestrictedImports",
		],
		["simulator/scenario/p.ts", "export const a = setTimeout;\n", "noRestrictedGlobals"],
	];
	it.each(breaches)("refuses in %s: %j", (path, text, rule) => {
		const folder = plant(path, text, ["biome.json"]);
		const run = spawnSync(bin("biome"), ["lint", "--vcs-enabled=false", "."], { encoding: "utf8", cwd: folder });
		expect(run.status).not.toBe(0);
		expect(run.stdout + run.stderr).toContain(rule);
	});
});
