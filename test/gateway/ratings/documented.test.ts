import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { FLEET_CODES, FLEET_NOTES } from "../../../gateway/core/fleet/validate.ts";
import { NOTE_CODES, ROW_CODES } from "../../../gateway/core/ratings/validate.ts";
import { ROW_WORDS } from "../../../protocol/schema/pull-words.ts";
import { ROOT } from "../../support/source-tree.ts";

/** Codes of the tables below each heading of the guide. */
function documented(): Map<string, string[]> {
	const codes = new Map<string, string[]>();
	let heading = "";
	for (const line of readFileSync(join(ROOT, "docs", "rating-files.md"), "utf8").split("\n")) {
		if (line.startsWith("## ")) heading = line.slice(3);
		const code = /^\| `([a-z-]+)` \|/.exec(line)?.[1];
		if (code !== undefined) codes.set(heading, [...(codes.get(heading) ?? []), code]);
	}
	return codes;
}

/** Codes that the readers can throw, as their sources have them. */
function thrown(): string[] {
	const folder = join(ROOT, "gateway", "sources");
	const codes = new Set<string>(["header-not-found", "column-missing"]);
	for (const file of readdirSync(folder).filter((name) => name.endsWith(".ts")))
		for (const match of readFileSync(join(folder, file), "utf8").matchAll(/(?:CodedError|input)\(\s*"([a-z-]+)"/g))
			codes.add(match[1] ?? "");
	return [...codes].sort();
}

it("the guide says of each code of a rating list what the console says", () => {
	const guide = readFileSync(join(ROOT, "docs", "rating-files.md"), "utf8");
	expect(Object.keys(ROW_WORDS)).toEqual([...ROW_CODES]);
	for (const [code, { zh, en }] of Object.entries(ROW_WORDS))
		expect(guide, code).toContain(`| \`${code}\` | ${zh.what} | ${en.next} |`);
});

it("the guide to rating files lists every code, in the order of the checks, and no other", () => {
	const guide = documented();
	expect(guide.get("Rows of a rating list that are not taken")).toEqual([...ROW_CODES, ...NOTE_CODES]);
	expect(guide.get("Rows of a fleet list that are not taken")).toEqual([...FLEET_CODES, ...FLEET_NOTES]);
	expect(guide.get("Files that are refused whole")?.sort()).toEqual(thrown());
});
