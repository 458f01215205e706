import { describe, expect, it } from "vitest";
import { ageShare, leaseText, longAge, shortAge } from "../../../gateway/console/src/age.ts";
import { REASONS } from "../../../gateway/console/src/reasons.ts";
import { STATUSES } from "../../../gateway/console/src/row.ts";
import { reasonText, sayLight, WORDS, type Words } from "../../../gateway/console/src/words.ts";
import { fakeLight, inState } from "../../support/fake-depot.ts";

const { zh, en } = WORDS;

/** Every text of a dictionary with its path; functions are called with sample arguments. */
function texts(words: Words): Map<string, string> {
	const out = new Map<string, string>();
	const visit = (path: string, value: unknown): void => {
		if (typeof value === "string") out.set(path, value);
		else if (typeof value === "function")
			out.set(
				path,
				String((value as (...args: unknown[]) => string)(...Array.from({ length: value.length }, () => 3))),
			);
		else if (typeof value === "object" && value !== null)
			for (const [key, inner] of Object.entries(value)) visit(`${path}.${key}`, inner);
	};
	visit("", words);
	return out;
}

describe("the dictionaries", () => {
	it("say the same things in both languages, and nothing is empty", () => {
		expect([...texts(en).keys()]).toEqual([...texts(zh).keys()]);
		for (const words of [zh, en]) for (const [key, text] of texts(words)) expect(text.trim(), key).not.toBe("");
	});

	it("hold no Chinese in English, but for the name and the way back to Chinese", () => {
		const chinese = [...texts(en)].filter(([, text]) => /[\u4e00-\u9fff]/.test(text)).map(([key]) => key);
		expect(chinese).toEqual([".product", ".other", ".otherLabel"]);
	});

	it("have words for every state and every reason that they know", () => {
		for (const words of [zh, en]) {
			for (const s of STATUSES) expect([words.status[s], words.meaning[s]].every((t) => t.length > 0)).toBe(true);
			for (const r of REASONS) expect(words.reasons[r]).not.toBe(r);
		}
	});
});

describe("ages in words", () => {
	it.each([
		[0, "不到 1 分", "under 1 min"],
		[59, "不到 1 分", "under 1 min"],
		[60, "1 分", "1 min"],
		[3599, "59 分", "59 min"],
		[3600, "1 时", "1 h"],
		[172_799, "47 时", "47 h"],
		[172_800, "2 天", "2 d"],
		[47_520_000, "550 天", "550 d"],
	])("%i seconds are %s, or %s", (seconds, chinese, english) => {
		expect([shortAge(seconds, zh), shortAge(seconds, en)]).toEqual([chinese, english]);
	});

	it("have two units where there is room, until hours say nothing any more", () => {
		expect(longAge(46_980, zh)).toBe("13 时 03 分");
		expect(longAge(3 * 86_400 + 4 * 3600, zh)).toBe("3 天 4 时");
		expect(longAge(27 * 86_400 + 4 * 3600, zh)).toBe("27 天");
	});

	it("fill a bar up to its limit and not beyond", () => {
		expect([ageShare(null), ageShare(0), ageShare(275 * 86_400), ageShare(9e9)]).toEqual([0, 0, 0.5, 1]);
	});

	it("count a lease in minutes and seconds", () => {
		expect([leaseText(null), leaseText(0), leaseText(249), leaseText(3600)]).toEqual(["—", "0:00", "4:09", "60:00"]);
	});
});

describe("why a light is not right", () => {
	it("is said in words, with the code of a refusal", () => {
		expect(reasonText(inState(1, "refused", { reason: "bad-signature" }), zh)).toBe("bad-signature：签名不符");
		expect(reasonText(inState(1, "fault", { reason: "lamp-open" }), en)).toBe("a lamp is open");
		expect(reasonText(fakeLight(1), zh)).toBe("");
	});

	it("says how many stars too many before anything else", () => {
		const view = inState(1, "differs", { desired: 3, observed: 5, reason: "not-shown" });
		expect(reasonText(view, zh)).toBe("多亮 2 星 · 灯面没有照办");
		expect(reasonText({ ...view, status: "refused", reason: "void" }, zh)).toBe("多亮 2 星 · void：已作废");
		expect(reasonText({ ...view, status: "fault", reason: "lamp-stuck-on" }, en)).toBe(
			"2 stars too many · a lamp is stuck on",
		);
		expect(reasonText({ ...view, status: "moving", reason: null }, zh)).toBe("");
	});

	it("shows a code that it has no words for as it is", () => {
		expect(reasonText(inState(1, "differs", { desired: 5, observed: 0, reason: "from-tomorrow" }), en)).toBe(
			"from-tomorrow",
		);
	});
});

it("tells a screen reader the plate, the state and the three numbers, and never a number that is not known", () => {
	expect(sayLight(fakeLight(3), zh)).toBe("豫DT0003，一致：应亮 3，已应答 3，实亮 3");
	expect(sayLight(inState(3, "silent", { observed: null }), en)).toBe(
		"豫DT0003, silent: desired 3, acked 3, observed not known",
	);
	expect(sayLight(inState(3, "acked", { observed: null, acked: null }), en)).toContain("acked —, observed unseen");
});
