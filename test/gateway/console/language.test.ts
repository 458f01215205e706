import { describe, expect, it } from "vitest";
import { languageAmong } from "../../../gateway/console/src/language.ts";

describe("the language of a browser", () => {
	it.each([
		[["zh-CN", "zh"], "zh"],
		[["zh-Hant-TW", "en"], "zh"],
		[["ZH"], "zh"],
		[["en-GB", "zh-CN"], "en"],
		[["ja", "zh-CN", "en"], "zh"],
		[["fr-FR"], "en"],
		[["zha"], "en"],
		[[], "en"],
	])("of %j is %s", (wanted, language) => {
		expect(languageAmong(wanted)).toBe(language);
	});
});
