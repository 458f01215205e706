import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { haveChromium } from "../support/chromium.ts";
import { ConsoleBrowser, chineseIn, DESK, expectSound, LOOKS } from "../support/console-page.ts";
import { type FakeDepot, fakeLight, inState } from "../support/fake-depot.ts";

const console_ = new ConsoleBrowser();
const LIGHTS = [
	...Array.from({ length: 12 }, (_, n) => fakeLight(n)),
	inState(20, "differs", { desired: 4, observed: 5, reason: "not-shown" }),
	inState(21, "refused", { reason: "bad-signature" }),
	inState(22, "silent", { observed: null, reason: "not-heard" }),
	inState(23, "fault", { observed: 0, reason: "lamp-open" }),
	inState(24, "moving"),
	inState(25, "acked", { observed: null }),
];

const answer = (change: object = {}) => {
	const now = Date.now();
	return {
		at: now,
		since: now - 7_200_000,
		records: { ratings: 195, drivers: 200, vehicles: 120 },
		pulls: {
			appliedAt: now - 630_000,
			held: 0,
			newest: {
				id: "P000001",
				source: "csv",
				at: now - 600_000,
				rows: 199,
				accepted: 195,
				quarantined: 4,
				status: "applied",
			},
		},
		channels: {
			mqtt: {
				outbox: { heard: { entries: 3, oldestS: 2.25 }, absent: { entries: 1, oldestS: 300 } },
				ends: { shown: 40, refused: 1, acked: 0, expired: 2, superseded: 0, "not-due": 0, revoked: 0 },
				convergence: { bounds: [0.1, 0.5, 1, 5], counts: [10, 25, 4, 1, 0], sum: 14, count: 40 },
				refusals: {},
			},
		},
		...change,
	};
};
const told =
	(change: object = {}) =>
	(depot: FakeDepot) =>
		depot.answerTo("GET /api/v1/overview", () => ({ json: answer(change) }));

describe.skipIf(!haveChromium())("the overview", () => {
	beforeAll(() => console_.start());
	afterEach(() => console_.closePages());
	afterAll(() => console_.stop());

	it("says the share of right stars among lights that can be observed, as it is now", async () => {
		const { page, depot } = await console_.open(LIGHTS, "?p=overview", DESK, told());
		await page.waitForSelector(".share");
		expect(await page.locator(".share").textContent()).toBe("70.5%");
		expect(await page.locator(".lead .d").textContent()).toBe("所见即应亮：能回报灯面的 17 盏中 12 盏，此刻");
		expect(await page.locator(".lead .two").textContent()).toContain("只会应答的 1 盏单列");
		depot.push([fakeLight(20, { desired: 4, acked: 4, observed: 4 })]);
		await page.waitForSelector(".share:has-text('76.4')");
	});

	it("has every light in one bar, and leads from each state to its lights", async () => {
		const { page } = await console_.open(LIGHTS, "?p=overview", DESK, told());
		await page.waitForSelector(".statebar");
		const grown = await page
			.locator(".statebar i")
			.evaluateAll((all) => all.map((e) => Number(getComputedStyle(e).flexGrow)));
		expect(grown.reduce((a, b) => a + b, 0)).toBe(LIGHTS.length);
		await page.locator('.states a:has([data-s="fault"])').click();
		await page.waitForSelector('.tally button[data-s="fault"][aria-pressed="true"]');
		expect(await page.locator("[data-light]").count()).toBe(1);
	});

	it("draws the way from rating to glass with how many stand in each block and how long grants have waited", async () => {
		const { page } = await console_.open(LIGHTS, "?p=overview", DESK, told());
		await page.waitForSelector(".mimic svg");
		const text = await page.locator(".mimic").textContent();
		for (const part of [
			"199",
			"195",
			"隔离 4",
			"score-2021",
			"待应答 3",
			"最久 2.3 秒",
			"另有 1 张等灯上线",
			"一致 12",
		])
			expect(text).toContain(part);
		expect(await page.locator(".wagon").count()).toBe(3);
		expect(await page.locator(".sec header p").first().textContent()).toContain("现行评级最近一次取于10 分前");
	});

	it("gives the rows and the age of a held pull as its own, and the ratings in force as theirs", async () => {
		const { pulls } = answer();
		const at = Date.now() - 150_000;
		const newest = { ...pulls.newest, at, rows: 20, accepted: 18, quarantined: 2, status: "held" };
		const held = told({ pulls: { appliedAt: Date.now() - 7_500_000, held: 1, newest } });
		for (const [lang, intake, ratings] of [
			["", "入库：待确认20行，csv，2 分前，未生效", "评级195现行，驾驶员 200"],
			["&lang=en", "Intake: held20rows, csv, 2 min ago, not in force", "Ratings195in force, of 200 drivers"],
		] as const) {
			const { page } = await console_.open(LIGHTS, `?p=overview${lang}`, DESK, held);
			await page.waitForSelector(".mimic svg");
			expect(await page.locator('[data-stop="intake"]').textContent()).toBe(intake);
			expect(await page.locator('[data-stop="ratings"]').textContent()).toBe(ratings);
			const ends = await page
				.locator(".mimic [data-stop]")
				.evaluateAll((all) => all.map((e) => (e as SVGGElement).getBBox()).map(({ x, width }) => [x, x + width]));
			expect(ends[0]?.[1]).toBeLessThan(ends[1]?.[0] ?? 0);
		}
	});

	it("has charts only of what the gateway knows, says since when it counts, and what there is none of", async () => {
		const { page } = await console_.open(LIGHTS, "?p=overview&lang=en", DESK, told());
		await page.waitForSelector(".ch");
		const charts = page.locator(".ch");
		await page.waitForFunction(() => document.querySelectorAll(".ch").length === 4);
		const text = (await charts.allTextContents()).join("\n");
		expect(text).toContain("half within 0.5 s");
		expect(text).toMatch(/95% within 1 s, since .* \(gateway start\)/);
		expect(text).toContain("a lease went by without it2");
		expect(text).toContain("signature does not fit1");
		const { page: quiet } = await console_.open([fakeLight(0)], "?p=overview&lang=en", DESK, (depot) => {
			const { channels } = answer();
			const none = { bounds: [1], counts: [0, 0], sum: 0, count: 0 };
			told({ channels: { mqtt: { ...channels.mqtt, ends: {}, convergence: none } } })(depot);
		});
		await quiet.waitForFunction(() => document.querySelectorAll(".ch").length === 4);
		expect(await quiet.locator(".nothing").allTextContents()).toEqual(["none", "none", "none yet", "none yet"]);
	});

	it("says that there are no lights, and why the gateway gives no figures, with what it knows all the same", async () => {
		const empty = await console_.open([], "?p=overview", DESK, told());
		await empty.page.waitForSelector("text=还没有顶灯");
		const error = { code: "internal-error", message: "The gateway failed to work on this.", next: "Repeat." };
		const { page, depot } = await console_.open(LIGHTS, "?p=overview", DESK, (d) =>
			d.answerTo("GET /api/v1/overview", () => ({ status: 500, json: { error } })),
		);
		await page.waitForSelector("text=internal-error");
		expect(await page.locator(".share").textContent()).toBe("70.5%");
		told()(depot);
		await page.locator(".instead .btn").click();
		await page.waitForSelector(".mimic svg");
	});

	it("keeps its figures while the gateway is away, with their age, and asks anew once it is back", async () => {
		const { page, depot } = await console_.open(LIGHTS, "?p=overview", DESK, told());
		await page.waitForSelector(".mimic svg");
		await depot.stop();
		await page.waitForSelector('[role="alert"]');
		await page.waitForSelector(".notice:has-text('no-answer')", { timeout: 20_000 });
		expect(await page.locator(".mimic").textContent()).toContain("199");
		await depot.start();
		await page.waitForFunction(() => document.querySelectorAll(".notice").length === 0, undefined, { timeout: 20_000 });
	});

	it("speaks English when asked", async () => {
		const { page } = await console_.open(LIGHTS, "?p=overview&lang=en", DESK, told());
		await page.waitForSelector(".mimic svg");
		expect(await chineseIn(page)).toBeNull();
	});

	it.each(LOOKS)("has no serious accessibility fault and fits its window (%s, %o)", async (query, size) => {
		const { page } = await console_.open(LIGHTS, `?p=overview${query}`, size, told());
		await page.waitForSelector(".vline li", { state: "attached" });
		await expectSound(page, size);
	});
});
