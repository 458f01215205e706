import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { loadPolicy, parsePolicy } from "../../../gateway/config/policy-file.ts";
import { hashPolicy, PRESETS } from "../../../gateway/core/stars/presets.ts";
import { starsFor } from "../../../gateway/core/stars/stars-for.ts";
import { NodeCrypto } from "../../../gateway/depot/node-crypto.ts";
import { toHex } from "../../../protocol/wire/bytes.ts";
import { unixSeconds } from "../../../protocol/wire/units.ts";
import { ROOT } from "../../support/source-tree.ts";

const crypto = new NodeCrypto();
const shipped = (name: string) => readFileSync(join(ROOT, "gateway", "config", "policies", `${name}.yaml`), "utf8");
const DAY = 86_400;
const NOW = unixSeconds(1_795_521_600);
const rating = (score: number, grade: "AAA" | "AA" | "A" | "B" | "unrated" = "AAA", ageDays = 30) => ({
	grade,
	score,
	period: "",
	asOf: unixSeconds(NOW - ageDays * DAY),
	pull: "P1",
});

describe("a star policy", () => {
	it.each(Object.keys(PRESETS))("%s is shipped as a file that says the same as the preset, to the hash", (name) => {
		const fromFile = hashPolicy(parsePolicy(shipped(name), `${name}.yaml`), crypto);
		expect(toHex(fromFile.hash)).toBe(toHex(loadPolicy(name, crypto).hash));
	});

	it("has another hash as soon as one number differs", () => {
		const other = parsePolicy(shipped("score-2021").replace("from: 11", "from: 12"), "x.yaml");
		expect(toHex(hashPolicy(other, crypto).hash)).not.toBe(toHex(loadPolicy("score-2021", crypto).hash));
	});

	it.each([
		[30, 5],
		[20, 5],
		[19.5, 4],
		[11, 4],
		[10.5, 3],
		[7, 3],
		[6, 2],
		[4, 2],
		[3, 1],
		[0, 1],
	])("by score: %d points are %d stars", (score, stars) => {
		expect(starsFor(loadPolicy("score-2021", crypto), rating(score), NOW)).toBe(stars);
	});

	it.each([
		["AAA", 5],
		["AA", 3],
		["A", 1],
		["B", 0],
		["unrated", 0],
	] as const)("by grade, as in Tianjin: %s is %d", (grade, stars) => {
		expect(starsFor(loadPolicy("tianjin-2019", crypto), rating(20, grade), NOW)).toBe(stars);
	});

	it("counts a rating as unrated from the second at which it is too old", () => {
		const policy = loadPolicy("score-2021", crypto);
		expect(starsFor(policy, rating(20, "AAA", 550), unixSeconds(NOW - 1))).toBe(5);
		expect(starsFor(policy, rating(20, "AAA", 550), NOW)).toBe(0);
	});

	it.each([
		["an unknown key", "colour: red", "colour"],
		["stars above 5", "scoreBands: [{ from: 20, stars: 6 }]", "scoreBands"],
		["bands that rise", "scoreBands: [{ from: 4, stars: 2 }, { from: 20, stars: 5 }]", "scoreBands"],
		["a star for the unrated", "gradeStars: { AAA: 5, AA: 4, A: 3, B: 1, unrated: 1 }", "gradeStars.unrated"],
		["a word for a number", "maxAgeDays: soon", "maxAgeDays"],
	])("with %s is refused, naming the key", (_what, line, key) => {
		const lines = shipped("score-2021").split("\n");
		const name = line.split(":")[0] ?? "";
		const at = lines.findIndex((l) => l.startsWith(`${name}:`));
		const until = at < 0 ? at : at + 1 + lines.slice(at + 1).findIndex((l) => !l.startsWith(" "));
		const text = at < 0 ? [...lines, line] : [...lines.slice(0, at), line, ...lines.slice(until)];
		expect(() => parsePolicy(text.join("\n"), "mine.yaml")).toThrow(
			expect.objectContaining({ code: "policy-invalid" }),
		);
		expect(() => parsePolicy(text.join("\n"), "mine.yaml")).toThrow(key);
	});

	it("that is neither a preset nor a file is refused with the presets' names", () => {
		expect(() => loadPolicy("constructor", crypto)).toThrow(expect.objectContaining({ code: "policy-not-found" }));
	});
});
