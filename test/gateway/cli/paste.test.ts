import { describe, expect, it } from "vitest";
import { dataNamed, pasteable } from "../../../gateway/cli/paste.ts";
import { ERROR_CATALOG } from "../../../protocol/schema/error-catalog.ts";

const DEPOT = { given: "my depot", path: "/srv/my depot" };
const LANGUAGES = ["zh", "en"] as const;

/** Every next step that the catalogue has, in both languages. */
const steps = Object.values(ERROR_CATALOG).flatMap((entry) =>
	[entry, ...(entry.more ?? [])].flatMap((wording) => LANGUAGES.map((lang) => wording[lang].next)),
);

describe("a printed next step", () => {
	it.each([
		["See the ids with: liangxing ratings held", "See the ids with: liangxing ratings held --data d"],
		[
			"导入最新：liangxing ratings import 文件；被扣留的见 liangxing ratings held list",
			"导入最新：liangxing ratings import 文件 --data d；被扣留的见 liangxing ratings held list --data d",
		],
		[
			"next: liangxing ratings held accept P000007  or  liangxing ratings held reject P000007",
			"next: liangxing ratings held accept P000007 --data d  or  liangxing ratings held reject P000007 --data d",
		],
		[
			"Register it: liangxing lights add ID --out FILE. If not, wait.",
			"Register it: liangxing lights add ID --out FILE --data d. If not, wait.",
		],
		["liangxing lights bind PDS00000001H 豫DT0001", "liangxing lights bind PDS00000001H 豫DT0001 --data d"],
		[
			"`liangxing gateway --print-config` lists every setting.",
			"`liangxing gateway --print-config --data d` lists every setting.",
		],
		["Start it: liangxing gateway --data DIR", "Start it: liangxing gateway --data d"],
		["liangxing policy activate ../o.yaml --hash 0a1b", "liangxing policy activate ../o.yaml --hash 0a1b --data d"],
		["liangxing lights add --help", "liangxing lights add --help"],
		["liangxing-sim demo; liangxing-light", "liangxing-sim demo; liangxing-light"],
	])("names the folder behind each command of it: %s", (text, told) => {
		expect(pasteable(text, { given: "d", path: "/w/d" })).toBe(told);
	});

	it("names it as one word for a shell, once, and in place of its whole path", () => {
		expect(pasteable("Start it: liangxing gateway --data /srv/my depot", DEPOT)).toBe(
			"Start it: liangxing gateway --data 'my depot'",
		);
		expect(pasteable("liangxing doctor", { given: "it's", path: "/w/it's" })).toBe(
			"liangxing doctor --data 'it'\\''s'",
		);
	});

	it("is as it was where no folder was given, but for quotes around a path with blanks", () => {
		const usual = { given: undefined, path: "/srv/my depot" };
		expect(pasteable("liangxing doctor; liangxing gateway --data /srv/my depot", usual)).toBe(
			"liangxing doctor; liangxing gateway --data '/srv/my depot'",
		);
	});

	it("names it in whatever step of the catalogue has a command of liangxing", () => {
		const some = steps.filter((step) => /liangxing [a-z]/.test(step));
		expect(some.length).toBeGreaterThan(40);
		for (const step of some) {
			const filled = step.replaceAll("{path}", DEPOT.path);
			const commands = filled.match(/liangxing [a-z]/g)?.length ?? 0;
			expect([step, pasteable(filled, DEPOT).split("--data 'my depot'").length - 1]).toEqual([step, commands]);
		}
	});
});

describe("the folder of a call", () => {
	it("is the last that was given, before a lone --; else that of the environment", () => {
		const env = { LIANGXING_DATA: "e" };
		expect(dataNamed(["keys", "--data", "a", "--data=b", "--", "--data", "c"], env, "/w")).toEqual({
			given: "b",
			path: "/w/b",
		});
		expect(dataNamed(["keys"], env, "/w")).toEqual({ given: undefined, path: "/w/e" });
		expect(dataNamed(["keys"], {}, "/w").path).toBe("/w/liangxing-data");
	});
});
