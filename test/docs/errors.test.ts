import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ERROR_CATALOG, ERROR_CHAPTERS } from "../../protocol/schema/error-catalog.ts";
import type { ErrorTable, Wording } from "../../protocol/schema/error-entry.ts";
import { errorPage } from "../../protocol/schema/error-page.ts";
import { placesOf, readBack } from "../../protocol/schema/error-words.ts";
import { type ErrorSite, errorSites } from "../support/error-sites.ts";
import { ROOT, readSourceTree } from "../support/source-tree.ts";

const { sites, lost } = errorSites(readSourceTree());

/** Codes on one side only. */
function differences(found: Iterable<string>, table: ErrorTable) {
	const inSources = new Set(found);
	return {
		missing: [...inSources].filter((code) => !Object.hasOwn(table, code)).sort(),
		unused: Object.keys(table)
			.filter((code) => !inSources.has(code))
			.sort(),
	};
}

const wordingsOf = (code: string): readonly Wording[] => {
	const entry = ERROR_CATALOG[code];
	return entry === undefined ? [] : [...(entry.more ?? []), entry];
};

/** Texts in the sources that no wording of their code says. A wording is what carries a text into the other language. */
function unsaid(site: ErrorSite): string[] {
	const wordings = wordingsOf(site.code);
	const out: string[] = [];
	for (const [part, text] of [
		["what", site.message],
		["next", site.next],
	] as const)
		if (text !== null && !wordings.some(({ en }) => readBack(en[part], text.replaceAll("…", "12")) !== null))
			out.push(`${site.path}:${site.line} ${site.code} ${part}: ${text}`);
	return out;
}

describe("the table of error codes", () => {
	it("has every code that the sources give, and no other", () => {
		expect(lost).toEqual([]);
		expect(
			differences(
				sites.map((site) => site.code),
				ERROR_CATALOG,
			),
		).toEqual({ missing: [], unused: [] });
	});

	it("would miss a code: in a plain error, through a helper, in an answer, under a condition", () => {
		const planted = errorSites([
			{ path: "protocol/wire/errors.ts", text: "export class CodedError extends Error {}\n" },
			{
				path: "gateway/core/p.ts",
				text: [
					'const plain = () => { throw new CodedError("planted-plain", "a", { fault: "input", next: "b" }); };',
					'const refuse = (code: string) => new CodedError(code, "a", { fault: "input", next: "b" });',
					'const helped = () => refuse("planted-helped");',
					'const ANSWER = { ok: false, code: "planted-answer", message: "a", next: "b" };',
					'const either = (a: boolean) => new CodedError(a ? "planted-one" : "planted-other", "a", { next: "b" });',
					'const hidden = (a: number) => new CodedError("planted-" + a, "a", { fault: "input", next: "b" });',
				].join("\n"),
			},
		]);
		expect(
			differences(
				planted.sites.map((site) => site.code),
				{},
			).missing,
		).toEqual(["planted-answer", "planted-helped", "planted-one", "planted-other", "planted-plain"]);
		expect(planted.lost).toEqual(["gateway/core/p.ts:6"]);
	});

	it("has no code in two chapters", () => {
		const all = ERROR_CHAPTERS.flatMap(({ codes }) => Object.keys(codes));
		expect(all.filter((code, i) => all.indexOf(code) !== i)).toEqual([]);
	});

	it("says each text of the sources, so that it can be said in Chinese with its values", () => {
		expect(sites.flatMap(unsaid)).toEqual([]);
	});

	it("has the same places for values in both languages, and Chinese that is Chinese", () => {
		for (const code of Object.keys(ERROR_CATALOG))
			for (const { en, zh } of wordingsOf(code))
				for (const part of ["what", "next"] as const) {
					expect([code, zh[part], placesOf(zh[part]).toSorted()]).toEqual([
						code,
						zh[part],
						[...new Set(placesOf(en[part]))].toSorted().flatMap((p) => placesOf(zh[part]).filter((q) => q === p)),
					]);
					const bare = zh[part].replace(/\{\w+\}/g, "");
					expect([code, bare, bare === "" || /\p{Script=Han}/u.test(bare)]).toEqual([code, bare, true]);
				}
	});

	it("is what docs/errors.md shows (npm run docs)", () => {
		expect(readFileSync(join(ROOT, "docs", "errors.md"), "utf8")).toBe(errorPage());
	});
});
