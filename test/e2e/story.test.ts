import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { LightView } from "../../gateway/core/types.ts";
import { unixMs } from "../../protocol/wire/units.ts";
import { haveChromium } from "../support/chromium.ts";
import { ConsoleBrowser, chineseIn, DESK, expectSound, LOOKS } from "../support/console-page.ts";
import { type FakeDepot, fakeLight, inState } from "../support/fake-depot.ts";
import { fakeWhy, tellStory } from "../support/fake-story.ts";

const console_ = new ConsoleBrowser();
const SILENT = inState(5, "silent", {
	desired: 5,
	acked: 4,
	observed: null,
	reason: "not-heard",
	heardAt: unixMs(Date.now() - 90_000),
});
const LIGHTS = [...Array.from({ length: 5 }, (_, n) => fakeLight(n)), SILENT];
const STORY = `?p=story&light=${SILENT.light}`;
const told =
	(changes = 3, view: () => LightView = () => SILENT) =>
	(depot: FakeDepot) =>
		tellStory(depot, view, changes);

/** The story of a silent light, with its break drawn; the gateway tells what stands in `now`. */
async function silentStory(now: { view: LightView }) {
	const opened = await console_.open(
		LIGHTS,
		STORY,
		DESK,
		told(3, () => now.view),
	);
	await opened.page.waitForSelector(".blk.amiss");
	return opened;
}

describe.skipIf(!haveChromium())("the story of a light", () => {
	beforeAll(() => console_.start());
	afterEach(() => console_.closePages());
	afterAll(() => console_.stop());

	it("says what is owed, where it broke and what a passenger sees at most, and the next step", async () => {
		const { page } = await console_.open(LIGHTS, STORY, DESK, told());
		await page.waitForSelector(".say2:not(:empty)");
		expect(await page.locator(".say").textContent()).toMatch(/^应亮 5 星，不知道灯面：.*起没有消息。断在「送达」。$/);
		expect(await page.locator(".say2").textContent()).toMatch(
			/^乘客此刻看到的不会多于 5 星。没有新的联络，最迟 .* 熄星。$/,
		);
		expect(await page.locator(".nextstep").textContent()).toContain("检查供电和网络");
		expect(await page.locator(".trio figcaption b").allTextContents()).toEqual(["5", "4", "?"]);
		expect(await page.locator(".trio .w.want").count()).toBe(5);
		expect(await page.locator(".trio .w.ack").count()).toBe(4);
		expect(await page.locator(".trio .hatch").count()).toBe(1);
	});

	it("draws the chain as a track that a buffer stop ends at the first broken link, each link with time, age and id", async () => {
		const { page } = await console_.open(LIGHTS, STORY, DESK, told());
		await page.waitForSelector(".line");
		const places = await page.locator(".blk").evaluateAll((all) => all.map((e) => e.className.split(" ")[1]));
		expect(places).toEqual(["ok", "ok", "ok", "ok", "cut", "past"]);
		expect(await page.locator(".blk.amiss .flagb").textContent()).toBe("断在这里");
		expect(await page.locator('[data-link="grant"] h3').textContent()).toMatch(/^凭证\d\d:\d\d:\d\d$/);
		expect(await page.locator('[data-link="grant"] dl').textContent()).toMatch(/已有1 分编号3\/412/);
		// In the words of `liangxing why`.
		expect(await page.locator('[data-link="grant"] .what').textContent()).toBe("5 星凭证 3/412 已签发。");
	});

	it("draws the day as three strips, and what is not known hatched", async () => {
		const { page } = await console_.open(LIGHTS, STORY, DESK, told(3));
		await page.waitForSelector(".graph svg");
		expect(await page.locator(".graph .w1").count()).toBeGreaterThan(0);
		expect(await page.locator(".graph .w3").count()).toBeGreaterThan(0);
		expect(await page.locator(".graph .hx").count()).toBeGreaterThan(0);
		expect(await page.locator(".graph .txb").allTextContents()).toEqual(
			expect.arrayContaining(["应亮", "已应答", "实亮"]),
		);
	});

	it("lists the changes of the light with their ends, some at first, and more when asked, also beyond what came first", async () => {
		const { page, depot } = await console_.open(LIGHTS, STORY, DESK, told(130));
		const rows = page.locator(".ev tbody tr");
		await rows.first().waitFor();
		expect(await rows.count()).toBe(20);
		expect(await rows.first().textContent()).toContain("已亮到灯面2 秒0000000000000000");
		for (const n of [40, 60, 80, 100, 120, 130]) {
			await page.locator(".cutoff .btn").click();
			await page.waitForFunction((count) => document.querySelectorAll(".ev tbody tr").length === count, n);
		}
		expect(await page.locator(".cutoff").count()).toBe(0);
		const limits = depot.asked.map(({ url }) => /limit=(\d+)/.exec(url)?.[1]);
		expect(new Set(limits.filter((l) => l !== undefined))).toEqual(new Set(["100", "500"]));
	});

	it("is asked again when its light changes, not when others do, and at most once a second", async () => {
		const now = { view: SILENT };
		const { page, depot } = await silentStory(now);
		const asked = () => depot.asked.filter(({ url }) => url === "/api/v1/why").length;
		const before = asked();
		depot.push([fakeLight(1, { desired: 2 })]);
		const start = Date.now();
		for (let n = 0; n < 20; n++) {
			now.view = fakeLight(5, { acked: (n % 5) as never });
			depot.push([now.view]);
			await page.waitForTimeout(100);
		}
		await page.waitForSelector(".say:has-text('一致')");
		expect(await page.locator(".blk.cut").count()).toBe(0);
		expect(asked() - before).toBeLessThanOrEqual(Math.ceil((Date.now() - start) / 1000) + 1);
		expect(asked()).toBeGreaterThan(before);
	});

	it("keeps what it knows while the stream is cut, and asks anew once it is back", async () => {
		const now = { view: SILENT };
		const { page, depot } = await silentStory(now);
		await depot.stop();
		await page.waitForSelector('[role="alert"]');
		expect(await page.locator(".blk.amiss").count()).toBe(1);
		now.view = fakeLight(5);
		depot.push([now.view]);
		await depot.start();
		await page.waitForSelector(".line:not(:has(.cut))", { timeout: 15_000 });
	});

	it("says with code, cause and next step why there is none, in the language of the page, and tries again", async () => {
		const error = {
			code: "light-unknown",
			message: "No such light is registered.",
			next: "See the ids with: liangxing lights list",
		};
		const { page, depot } = await console_.open(LIGHTS, "?p=story&light=PDS00000001H", DESK, (d) => {
			d.answerTo("POST /api/v1/why", () => ({ status: 404, json: { error } }));
		});
		await page.waitForSelector("text=light-unknown");
		await page.waitForFunction(() => /[\u4e00-\u9fff]/.test(document.querySelector(".instead p")?.textContent ?? ""));
		await page.locator("#language").click();
		await page.waitForSelector("text=No such light is registered.");
		depot.answerTo(
			"POST /api/v1/why",
			fakeWhy(() => SILENT),
		);
		await page.locator(".instead .btn").click();
		await page.waitForSelector(".line, .instead:has-text('light-unknown')");
	});

	it("is opened by a click on a card, by Enter on a row, from the dots, and by Enter in the search", async () => {
		const opened = async (
			query: string,
			act: (page: Awaited<ReturnType<typeof console_.open>>["page"]) => Promise<void>,
		) => {
			const { page } = await console_.open(LIGHTS, query, DESK, told());
			await page.waitForSelector("[data-light]");
			await act(page);
			await page.waitForURL(`**/*light=${SILENT.light}*`);
			await page.waitForSelector(".blk.amiss");
			expect(decodeURIComponent(page.url())).not.toContain("豫");
			expect(await page.evaluate(() => document.activeElement?.id)).toBe("main");
			await page.goBack();
			await page.waitForSelector("[data-light]");
		};
		await opened("", (page) => page.locator(`.lt[data-light="${SILENT.light}"] .lamp`).click());
		await opened("?d=row", async (page) => {
			await page.locator(`.tr[data-light="${SILENT.light}"] a.open`).focus();
			await page.keyboard.press("Enter");
		});
		await opened("?d=dot", async (page) => {
			await page.waitForSelector(`[aria-selected="true"][data-light="${SILENT.light}"]`);
			await page.locator(`[role="listbox"]:has([data-light="${SILENT.light}"])`).focus();
			await page.keyboard.press("Enter");
		});
		await opened("", async (page) => {
			await page.keyboard.press("/");
			await page.keyboard.type("T0005");
			await page.waitForSelector("text=找到 1 盏");
			await page.keyboard.press("Enter");
		});
	});

	it("is reached by keys alone: arrows go from card to card and from row to row, also to rows that are not drawn yet", async () => {
		const many = Array.from({ length: 200 }, (_, n) => fakeLight(n, { company: "晨光出租" }));
		const focused = (page: Awaited<ReturnType<typeof console_.open>>["page"]) =>
			page.evaluate(() => document.activeElement?.closest("[data-light]")?.getAttribute("data-plate"));
		const cards = await console_.open(many, "", DESK);
		await cards.page.locator(".lt a.open").first().focus();
		await cards.page.keyboard.press("ArrowRight");
		expect(await focused(cards.page)).toBe("豫DT0001");
		await cards.page.keyboard.press("ArrowDown");
		const across = Number((await focused(cards.page))?.slice(-4)) - 1;
		expect(across).toBeGreaterThan(3);
		await cards.page.keyboard.press("ArrowUp");
		expect(await focused(cards.page)).toBe("豫DT0001");
		const rows = await console_.open(many, "?d=row", DESK);
		await rows.page.locator('.tr a.open[tabindex="0"]').focus();
		await rows.page.keyboard.press("ArrowDown");
		expect(await focused(rows.page)).toBe("豫DT0001");
		await rows.page.keyboard.press("End");
		await rows.page.waitForFunction(() => document.activeElement?.closest('[data-plate="豫DT0199"]') !== null);
		await rows.page.keyboard.press("PageUp");
		await rows.page.keyboard.press("Home");
		await rows.page.waitForFunction(() => document.activeElement?.closest('[data-plate="豫DT0000"]') !== null);
		await rows.page.keyboard.press("Enter");
		await rows.page.waitForURL("**/*light=L00000000000*");
	});

	it("speaks English when asked", async () => {
		const { page } = await console_.open(LIGHTS, `${STORY}&lang=en`, DESK, told(25));
		await page.waitForSelector(".ev");
		expect(await chineseIn(page)).toBeNull();
	});

	it.each(LOOKS)("has no serious accessibility fault and fits its window (%s, %o)", async (query, size) => {
		const { page } = await console_.open(LIGHTS, `${STORY}${query}`, size, told(30));
		await page.waitForSelector(".ev");
		await page.waitForSelector(".blk.amiss");
		await expectSound(page, size);
	});
});
