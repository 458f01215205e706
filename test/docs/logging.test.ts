import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ROOT, readSourceTree } from "../support/source-tree.ts";

const sources = readSourceTree().filter((f) => f.path.startsWith("gateway/") && !f.path.startsWith("gateway/console/"));
const page = readFileSync(join(ROOT, "docs", "logging.md"), "utf8");
const rows = new Map(
	[...page.matchAll(/^\| `([a-z-]+)` \| ([a-z, ]+) \| (.+) \|$/gm)].map(([, code = "", levels = "", says = ""]) => [
		code,
		{ levels: levels.split(", "), says },
	]),
);

/** Lines whose code and level stand in the source as texts: `log.warn("code"`, `sink.log("warn", "code"`. */
const written = sources.flatMap(({ text }) => [
	...[...text.matchAll(/\blog\.(debug|info|warn|error)\(\s*"([a-z-]+)"/g)].map(([, level = "", code = ""]) => ({
		level,
		code,
	})),
	...[...text.matchAll(/\.log\(\s*"(debug|info|warn|error)",\s*"([a-z-]+)"/g)].map(([, level = "", code = ""]) => ({
		level,
		code,
	})),
]);

describe("the guide to the log", () => {
	it("has every line that the gateway writes, with its level", () => {
		expect(written.length).toBeGreaterThan(20);
		const missing = written.filter(({ level, code }) => !rows.get(code)?.levels.includes(level));
		expect(missing).toEqual([]);
	});

	it("has no line that nothing writes", () => {
		const unused = [...rows.keys()].filter((code) => !sources.some(({ text }) => text.includes(`"${code}"`)));
		expect(unused).toEqual([]);
	});

	it("says of each what it means, in the order of their codes", () => {
		expect([...rows.keys()]).toEqual([...rows.keys()].toSorted());
		for (const [code, { says }] of rows) expect([code, says]).toEqual([code, expect.stringMatching(/^[A-Z`].*\S$/)]);
	});
});
