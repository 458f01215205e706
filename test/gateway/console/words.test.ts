import { describe, expect, expectTypeOf, it } from "vitest";
import type { Refusal } from "../../../gateway/broker/counters.ts";
import { ageShare, leaseText, longAge, shortAge } from "../../../gateway/console/src/age.ts";
import { COUNTED, codeText, type TurnedAway } from "../../../gateway/console/src/codes.ts";
import { REASONS } from "../../../gateway/console/src/reasons.ts";
import { STATUSES } from "../../../gateway/console/src/row.ts";
import { sayLight, whyOf } from "../../../gateway/console/src/say.ts";
import { WORDS, type Words } from "../../../gateway/console/src/words.ts";
import type { LightView } from "../../../gateway/core/types.ts";
import { unixMs } from "../../../protocol/wire/units.ts";
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
			for (const c of COUNTED) expect(codeText(c, words)).not.toBe(c);
		}
	});

	it("know every code by which the broker turns something away", () => {
		expectTypeOf<TurnedAway>().toEqualTypeOf<Refusal>();
		expect(codeText("from-tomorrow", zh)).toBe("from-tomorrow");
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
		const shares = [null, 0, 275 * 86_400, 9e9].map((age) => ageShare(age, 550));
		expect(shares).toEqual([0, 0, 0.5, 1]);
	});

	it("are measured against the limit of the policy that is in force, and against none before it is known", () => {
		expect([ageShare(45 * 86_400, 90), ageShare(45 * 86_400, 30), ageShare(45 * 86_400, null)]).toEqual([0.5, 1, 0]);
		expect([zh.ageLimit(90), en.ageLimit(90)]).toEqual(["数据龄 / 限 90 天", "Age of truth / limit 90 d"]);
	});

	it("count a lease in minutes and seconds", () => {
		expect([leaseText(null), leaseText(0), leaseText(249), leaseText(3600)]).toEqual(["—", "0:00", "4:09", "60:00"]);
	});
});

describe("why a light is not right", () => {
	const said = (view: LightView, words: Words = zh, now = 0) => whyOf(view, words, now).text;

	it("is said in words, with the code of a refusal beside them", () => {
		const refused = inState(1, "refused", { reason: "bad-signature" });
		expect(whyOf(refused, zh, 0)).toEqual({ text: "签名不符", code: "bad-signature", past: false });
		expect(said(inState(1, "fault", { reason: "lamp-open" }), en)).toBe("a lamp is open");
		expect(said(fakeLight(1))).toBe("");
	});

	it("names the lamps that are broken, by their fault, from left to right", () => {
		const fault = (...lamps: string[]) => inState(1, "fault", { reason: "lamp-open", lamps });
		expect(said(fault("ok", "ok", "open", "ok", "ok"))).toBe("3 号灯珠断路");
		expect(said(fault("ok", "open", "ok", "ok", "open"))).toBe("2、5 号灯珠断路");
		expect(said(fault("ok", "open", "ok", "ok", "open"), en)).toBe("lamps 2, 5 open");
		expect(said(fault("short", "unknown", "ok", "stuck-on", "ok"))).toBe("1 号灯珠短路，4 号灯珠常亮");
		expect(said(fault("short", "unknown", "ok", "stuck-on", "ok"), en)).toBe("lamp 1 shorted; lamp 4 stuck on");
	});

	it("says how many stars too many before anything else", () => {
		const view = inState(1, "differs", { desired: 3, observed: 5, reason: "not-shown" });
		expect(said(view)).toBe("多亮 2 星 · 灯面没有照办");
		expect(said({ ...view, status: "refused", reason: "void" })).toBe("多亮 2 星 · 已作废");
		expect(said({ ...view, status: "fault", reason: "lamp-stuck-on" }, en)).toBe(
			"2 stars too many · a lamp is stuck on",
		);
		expect(said({ ...view, status: "moving", reason: null })).toBe("");
	});

	it("shows a code that it has no words for as it is", () => {
		expect(said(inState(1, "differs", { desired: 5, observed: 0, reason: "from-tomorrow" }), en)).toBe("from-tomorrow");
	});

	it("tells for a day what a light refused that has gone on since, as what is over", () => {
		const view = fakeLight(3, { refused: { code: "stale", kind: "grant", at: unixMs(1_000_000) } });
		expect(whyOf(view, zh, 1_000_000 + 200_000)).toEqual({
			text: "曾拒收：序号过旧，3 分前",
			code: "stale",
			past: true,
		});
		expect(said(view, en, 1_000_000 + 5_000)).toBe("refused a moment ago: number too old");
		expect(said(view, zh, 1_000_000 + 86_400_001)).toBe("");
		expect(said({ ...view, status: "silent", reason: "offline" }, zh, 1_000_000)).toBe("连接已断");
	});
});

it("tells a screen reader the plate, the state and the three numbers, and never a number that is not known", () => {
	expect(sayLight(fakeLight(3), zh)).toBe("豫DT0003，一致：应亮 3，已应答 3，实亮 3");
	expect(sayLight(inState(3, "silent", { observed: null }), en)).toBe(
		"豫DT0003, silent: desired 3, acked 3, observed not known",
	);
	expect(sayLight(inState(3, "acked", { observed: null, acked: null }), en)).toContain("acked —, observed unseen");
});
