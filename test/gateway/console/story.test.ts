import { describe, expect, it } from "vitest";
import type { Change, Story } from "../../../gateway/console/src/story-data.ts";
import { inside, stripsOf, windowOf } from "../../../gateway/console/src/story-day.ts";
import { sayStory } from "../../../gateway/console/src/story-say.ts";
import { storyWords } from "../../../gateway/console/src/words-story.ts";
import type { LightId, Stars } from "../../../protocol/wire/units.ts";
import { fakeLight, inState } from "../../support/fake-depot.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const MIDNIGHT = new Date(2026, 10, 24).getTime();
const at = (hours: number): string => new Date(MIDNIGHT + hours * HOUR).toISOString();
const NOW = MIDNIGHT + 18 * HOUR;

const change = (stars: Stars, opened: number, end: Change["end"]): Change => ({
	trace: `${stars}-${opened}`,
	stars,
	reason: stars === 0 ? "no-duty" : "rated",
	driver: null,
	pull: null,
	duty: null,
	openedAt: at(opened),
	end,
});
const shown = (hours: number) => ({ what: "shown" as const, by: null, at: at(hours) });
const hours = (all: readonly { from: number; to: number; stars: number | null }[]) =>
	all.map(({ from, to, stars }) => [(from - MIDNIGHT) / HOUR, (to - MIDNIGHT) / HOUR, stars]);

describe("the day of a light in three strips", () => {
	const day = [change(4, 16, shown(16.001)), change(0, 12, shown(12.001)), change(5, 6, shown(6.5))];

	it("has what was owed, what it answered and what was seen, each from the moment that the ledger names", () => {
		const strips = stripsOf(day, { stars: 4, heardAt: NOW }, NOW);
		expect(hours(strips.desired)).toEqual([
			[6, 12, 5],
			[12, 16, 0],
			[16, 18, 4],
		]);
		expect(hours(strips.acked)).toEqual([
			[6.5, 12.001, 5],
			[12.001, 16.001, 0],
			[16.001, 18, 4],
		]);
		// Before the first time that something was shown nobody knows what was.
		expect(hours(strips.observed)).toEqual([
			[6, 6.5, null],
			[6.5, 12.001, 5],
			[12.001, 16.001, 0],
			[16.001, 18, 4],
		]);
	});

	it("does not know what was seen while a change was not shown for long, nor since a silent light was heard last", () => {
		const expired = { what: "expired" as const, by: "not-heard", at: at(13) };
		const changes = [change(4, 16, shown(16.001)), change(0, 12, expired), change(5, 6, shown(6.001))];
		const strips = stripsOf(changes, { stars: null, heardAt: MIDNIGHT + 17 * HOUR }, NOW);
		expect(hours(strips.observed).slice(-4)).toEqual([
			[6.001, 12, 5],
			[12, 16.001, null],
			[16.001, 17, 4],
			[17, 18, null],
		]);
		expect(hours(strips.acked)).toEqual([
			[6.001, 16.001, 5],
			[16.001, 18, 4],
		]);
	});

	it("shows what is seen now where the light differs", () => {
		const strips = stripsOf([change(4, 16, shown(16.001))], { stars: 0, heardAt: MIDNIGHT + 17.5 * HOUR }, NOW);
		expect(hours(strips.observed).slice(-2)).toEqual([
			[16.001, 17.5, 4],
			[17.5, 18, 0],
		]);
	});

	it("is empty without changes", () => {
		expect(stripsOf([], { stars: null, heardAt: null }, NOW)).toEqual({
			desired: [],
			acked: [],
			observed: [],
			knownFrom: NOW,
		});
	});

	it("is drawn as the whole day, or as the short span that is known of it, the past never more than four fifths", () => {
		expect(windowOf(MIDNIGHT, NOW, MIDNIGHT)).toEqual({ from: MIDNIGHT, to: MIDNIGHT + 24 * HOUR, tickMs: 3 * HOUR });
		for (const known of [1, 5, 20, 90, 200, 400]) {
			const { from, to, tickMs } = windowOf(NOW - known * MINUTE, NOW, MIDNIGHT);
			expect(from).toBeLessThanOrEqual(NOW - known * MINUTE);
			expect(from).toBeGreaterThanOrEqual(MIDNIGHT);
			expect((NOW - from) / (to - from)).toBeLessThanOrEqual(0.8);
			expect((to - from) % tickMs).toBe(0);
		}
		const ahead = NOW + 70 * MINUTE;
		expect(windowOf(NOW - 20 * MINUTE, NOW, MIDNIGHT, ahead).to).toBeGreaterThanOrEqual(ahead);
		const window = { from: MIDNIGHT + 7 * HOUR, to: MIDNIGHT + 8 * HOUR, tickMs: MINUTE };
		expect(hours(inside(stripsOf(day, { stars: 4, heardAt: NOW }, NOW).desired, window))).toEqual([[7, 8, 5]]);
	});
});

describe("what is said of a light", () => {
	const { zh, en } = storyWords.all;
	const story = (most: Story["most"], seen: Story["seen"] = null): Story => ({
		light: "L" as LightId,
		plate: null,
		seen,
		most,
		changes: [],
		more: false,
	});
	const most = (stars: Stars, darkBy: string | null, times = 0) => ({ stars, darkBy, resumes: { times, eachS: 600 } });

	it("is what it owes, what it shows, and where it broke", () => {
		const silent = inState(5, "silent", { desired: 5, observed: null, heardAt: (NOW - HOUR) as never });
		const told = story(most(4, at(19.25)), { stars: 4, at: at(17), ends: at(19.25) });
		expect(sayStory(silent, { broken: "delivery" }, told, zh, "zh", NOW)).toEqual({
			first: "应亮 5 星，不知道灯面：17:00:00 起没有消息。断在「送达」。",
			second: "乘客此刻看到的不会多于 4 星。没有新的联络，最迟 19:15:00 熄星。",
		});
		expect(sayStory(silent, { broken: "delivery" }, told, en, "en", NOW).first).toBe(
			"Owes 5 stars; the glass is not known: silent since 17:00:00. Broken at delivery.",
		);
	});

	it("calls it no break where dark is right", () => {
		const dark = fakeLight(0);
		const told = story(most(0, null));
		expect(sayStory(dark, { broken: "duty" }, told, zh, "zh", NOW)).toEqual({
			first: "应熄星，灯面是熄的，一致。缘由在「当班」。",
			second: "乘客此刻看不到星。",
		});
	});

	it("says that nothing is known of a light that was never heard, and warns of a lamp that cannot be put out", () => {
		const never = inState(3, "silent", { observed: null, acked: null, heardAt: null });
		const said = sayStory(never, { broken: "delivery" }, story(null), en, "en", NOW);
		expect(said.second).toContain("not known");
		const stuck = inState(3, "fault", { observed: 0, lamps: ["stuck-on", "ok", "ok", "ok", "ok"] });
		expect(sayStory(stuck, { broken: "glass" }, story(most(0, null)), en, "en", NOW).second).toContain(
			"more may be seen",
		);
	});

	it("tells what a loss of power may bring back", () => {
		const told = story(most(3, at(19), 2));
		expect(sayStory(fakeLight(3), { broken: null }, told, zh, "zh", NOW).second).toContain(
			"还可能续亮 2 次，每次至多 10 分",
		);
	});

	it("has no Chinese in English", () => {
		const texts = Object.values(en).map((text) =>
			typeof text === "function" ? String((text as (...a: unknown[]) => string)(3, 2, 1)) : text,
		);
		expect(texts.filter((text) => /[\u4e00-\u9fff]/.test(text))).toEqual([]);
	});
});
