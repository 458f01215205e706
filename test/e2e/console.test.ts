import AxeBuilder from "@axe-core/playwright";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { LightView } from "../../gateway/core/types.ts";
import { haveChromium, launchChromium } from "../support/chromium.ts";
import { FakeDepot, fakeLight, inState } from "../support/fake-depot.ts";

const LIGHTS: readonly LightView[] = [
	...Array.from({ length: 20 }, (_, n) => fakeLight(n)),
	inState(20, "differs", { desired: 4, acked: 4, observed: 5, reason: "shows-too-many" }),
	inState(21, "refused", { desired: 5, acked: 4, observed: 4, reason: "bad-signature" }),
	inState(22, "silent", { desired: 3, observed: null, reason: "silent" }),
	inState(23, "fault", { desired: 3, acked: 3, observed: 0, reason: "open" }),
	inState(24, "moving", { desired: 4, acked: 2, observed: 2 }),
];

let browser: Browser;
const opened: FakeDepot[] = [];

async function open(
	lights: readonly LightView[],
	query = "",
	viewport = { width: 1440, height: 900 },
): Promise<{ page: Page; depot: FakeDepot; complaints: string[] }> {
	const depot = new FakeDepot(lights);
	opened.push(depot);
	await depot.start();
	const context = await browser.newContext({ viewport, locale: "zh-CN", timezoneId: "Asia/Shanghai" });
	const page = await context.newPage();
	const complaints: string[] = [];
	page.on("pageerror", (e) => complaints.push(e.message));
	page.on("console", (m) => {
		if (m.type() === "error" || m.text().includes("Content Security Policy")) complaints.push(m.text());
	});
	await page.goto(`${depot.address}/${query}`);
	return { page, depot, complaints };
}

const light = (plate: string) => `[data-plate="${plate}"]`;
const seen = (page: Page, plate: string) => page.locator(light(plate)).first().locator(".w.lit").count();

describe.skipIf(!haveChromium())("the wall in a real browser", () => {
	beforeAll(async () => {
		browser = await launchChromium();
	});
	afterAll(async () => {
		await browser?.close();
		for (const depot of opened) await depot.stop();
	});

	it("draws each light with the stars that are seen, beside desired, acked and observed", async () => {
		const { page, complaints } = await open(LIGHTS);
		await page.waitForSelector(light("豫DT0005"));
		expect(await seen(page, "豫DT0005")).toBe(5);
		expect(await seen(page, "豫DT0003")).toBe(3);
		expect(await page.locator(`${light("豫DT0003")} .tri b`).allTextContents()).toEqual(["3", "3", "3"]);
		expect(await page.locator("[data-light]").count()).toBe(LIGHTS.length);
		expect(complaints).toEqual([]);
	});

	it("puts what needs a person first, a star too many before all", async () => {
		const { page } = await open(LIGHTS);
		await page.waitForSelector(light("豫DT0020"));
		const order = await page
			.locator("[data-light]")
			.evaluateAll((all) => all.slice(0, 3).map((e) => e.getAttribute("data-status")));
		expect(order).toEqual(["differs", "refused", "fault"]);
		expect(await page.locator(`${light("豫DT0020")} .strike`).count()).toBe(1);
	});

	it("never draws stars for a light that is silent", async () => {
		const { page } = await open(LIGHTS);
		await page.waitForSelector(light("豫DT0022"));
		expect(await page.locator(`${light("豫DT0022")} .w`).count()).toBe(0);
		expect(await page.locator(`${light("豫DT0022")} .hatch`).count()).toBe(1);
	});

	it("shows a change within a second", async () => {
		const { page, depot } = await open(LIGHTS);
		await page.waitForSelector(light("豫DT0003"));
		depot.push([fakeLight(3, { desired: 1, acked: 1, observed: 1 })]);
		await page.waitForSelector(`${light("豫DT0003")}[data-observed="1"]`, { timeout: 1_000 });
		expect(await seen(page, "豫DT0003")).toBe(1);
	});

	it("finds a plate, with or without its dot, in small letters, after the slash key", async () => {
		const { page } = await open(LIGHTS);
		await page.waitForSelector(light("豫DT0003"));
		await page.keyboard.press("/");
		await page.keyboard.type("d·t0003");
		await page.waitForFunction(() => document.querySelectorAll("[data-light]").length === 1);
		expect(await page.locator("[data-light]").getAttribute("data-plate")).toBe("豫DT0003");
		expect(page.url()).toContain("q=");
		await page.locator("input").fill("nothing");
		await page.waitForSelector("text=没有符合的顶灯");
	});

	it("filters by a state of the tally", async () => {
		const { page } = await open(LIGHTS);
		await page.locator('.tally [data-s="fault"]').first().click();
		await page.waitForFunction(() => document.querySelectorAll("[data-light]").length === 1);
		expect(await page.locator("[data-light]").getAttribute("data-plate")).toBe("豫DT0023");
	});

	it("speaks English when asked, in every text of the page", async () => {
		const { page } = await open(LIGHTS);
		await page.waitForSelector("text=要人处理");
		await page.locator("#language").click();
		await page.waitForSelector("text=Needs a person");
		expect(await page.locator("html").getAttribute("lang")).toBe("en");
		const chinese = await page.locator("main").evaluate((m) => {
			const copy = m.cloneNode(true) as Element;
			for (const e of copy.querySelectorAll(".plate, h2, [data-light]")) e.remove();
			return /[\u4e00-\u9fff]/.test(copy.textContent ?? "");
		});
		expect(chinese).toBe(false);
	});

	it("keeps density, language and filter over a reload", async () => {
		const { page } = await open(LIGHTS);
		await page.locator('[data-d="row"]').click();
		await page.locator("#language").click();
		await page.reload();
		await page.waitForSelector("table.rows");
		expect(await page.locator("th").first().textContent()).toBe("Glass");
		await page.locator('[data-d="dot"]').click();
		expect(await page.locator("use[data-light]").count()).toBe(LIGHTS.length);
	});

	it("says when the stream is cut, keeps the numbers, and comes back by itself", async () => {
		const { page, depot } = await open(LIGHTS);
		await page.waitForSelector(light("豫DT0003"));
		await depot.stop();
		await page.waitForSelector(".live.cut");
		expect(await seen(page, "豫DT0003")).toBe(3);
		await depot.start();
		await page.waitForSelector(".live:not(.cut) i", { timeout: 10_000 });
	});

	it("tells an empty depot and an unreachable one apart", async () => {
		const { page } = await open([]);
		await page.waitForSelector("text=还没有顶灯");
		await page.route("**/api/v1/stream", (route) => route.abort());
		await page.reload();
		await page.waitForSelector("text=读不到网关");
	});

	it.each(["", "?d=row", "?d=dot", "?theme=dark", "?lang=en"])(
		"has no serious accessibility fault (%s)",
		async (query) => {
			const { page } = await open(LIGHTS, query);
			await page.waitForSelector("[data-light]");
			const result = await new AxeBuilder({ page }).withTags(["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]).analyze();
			const grave = result.violations.filter((v) => v.impact === "serious" || v.impact === "critical");
			expect(grave.map((v) => `${v.id}: ${v.nodes.map((n) => n.html.slice(0, 120)).join(" | ")}`)).toEqual([]);
		},
	);

	it("gives thumbs 44 pixels on a phone, and keeps the three numbers on one line", async () => {
		const { page } = await open(LIGHTS, "", { width: 390, height: 844 });
		await page.waitForSelector("[data-light]");
		const heights = await page
			.locator("main button, .tog button")
			.evaluateAll((all) => all.map((e) => e.getBoundingClientRect().height));
		expect(Math.min(...heights)).toBeGreaterThanOrEqual(44);
		const lines = await page.locator(".tri").evaluateAll((all) => all.map((e) => e.getBoundingClientRect().height));
		expect(Math.max(...lines)).toBeLessThan(26);
		expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
	});

	it("scrolls through 10,000 rows without long frames", async () => {
		const { page } = await open(
			Array.from({ length: 10_000 }, (_, n) => fakeLight(n)),
			"?d=row",
		);
		await page.waitForSelector("[data-light]");
		const frames = await page.evaluate(async () => {
			const times: number[] = [];
			let last = performance.now();
			for (let n = 0; n < 120; n++) {
				window.scrollBy(0, 600);
				await new Promise((go) => requestAnimationFrame(go));
				const now = performance.now();
				times.push(now - last);
				last = now;
			}
			return times.sort((a, b) => a - b);
		});
		const at = (share: number) => frames[Math.floor(frames.length * share)] ?? 0;
		const drawn = await page.locator("[data-light]").count();
		process.stderr.write(
			`10,000 rows: frame p50 ${at(0.5).toFixed(1)} ms, p95 ${at(0.95).toFixed(1)} ms, ${drawn} rows in the page\n`,
		);
		expect(drawn).toBeLessThan(120);
		expect(at(0.5)).toBeLessThan(50);
	});
});
