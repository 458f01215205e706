import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { haveChromium } from "../support/chromium.ts";
import { ConsoleBrowser, graveFaults, PHONE, thumbHeight, tooWide } from "../support/console-page.ts";
import { fakeFleet, fakeLight } from "../support/fake-depot.ts";

const console_ = new ConsoleBrowser();
const LIGHTS = Array.from({ length: 20 }, (_, n) => fakeLight(n));
/** By how much (0..255) the line of pages is darker or lighter at one of its ends than the page's ground, above its words. */
async function shadeAt(page: Page, end: "left" | "right"): Promise<number> {
	const box = await page.locator(".nav ol").boundingBox();
	if (box === null) throw new Error("no line of pages");
	const x = end === "left" ? box.x + 1 : box.x + box.width - 3;
	const shot = await page.screenshot({ clip: { x, y: box.y + 2, width: 2, height: 2 } });
	const viewer = await page.context().newPage();
	const [red = 0, ground = 0] = await viewer.evaluate(
		async ([bytes, below]) => {
			const image = await createImageBitmap(new Blob([new Uint8Array(bytes)], { type: "image/png" }));
			const canvas = new OffscreenCanvas(1, 1).getContext("2d");
			canvas?.drawImage(image, 0, 0);
			return [canvas?.getImageData(0, 0, 1, 1).data[0] ?? 0, Number(below.match(/\d+/)?.[0])];
		},
		[[...shot], await page.locator("body").evaluate((e) => getComputedStyle(e).backgroundColor)] as const,
	);
	await viewer.close();
	return Math.abs(red - ground);
}
const shown = '.nav a[aria-current="page"]';

describe.skipIf(!haveChromium())("the pages of the console", () => {
	beforeAll(() => console_.start());
	afterEach(() => console_.closePages());
	afterAll(() => console_.stop());

	it("are chosen by their links, each with an address and a title of its own, and the way back leads back", async () => {
		const { page } = await console_.open(LIGHTS, "?theme=dark");
		await page.waitForSelector("[data-light]");
		expect(await page.title()).toBe("灯墙 · 亮星");
		await page.locator(".nav a", { hasText: "全览" }).click();
		await page.waitForURL("**/?p=overview&theme=dark");
		expect(await page.title()).toBe("全览 · 亮星");
		expect(await page.locator(shown).textContent()).toBe("1全览");
		await page.locator(".nav a", { hasText: "规则" }).click();
		await page.waitForURL("**/?p=policy&theme=dark");
		await page.goBack();
		await page.waitForURL("**/?p=overview&theme=dark");
		await page.waitForSelector("text=全览");
		await page.goBack();
		await page.waitForSelector("[data-light]");
		expect(new URL(page.url()).search).toBe("?theme=dark");
		await page.goForward();
		await page.waitForURL("**/?p=overview&theme=dark");
	});

	it("keep language and day or night when the way back is gone", async () => {
		const { page } = await console_.open(LIGHTS);
		await page.waitForSelector("[data-light]");
		await page.keyboard.press("1");
		await page.locator("#language").click();
		await page.goBack();
		await page.waitForSelector("[data-light]");
		expect(await page.locator("html").getAttribute("lang")).toBe("en");
		expect(new URL(page.url()).search).toBe("?lang=en");
	});

	it("open in the browser's language, Chinese or else English, until one is chosen or an address names one", async () => {
		const lang = (page: Page) => page.locator("html").getAttribute("lang");
		for (const [locale, wanted] of [
			["zh-TW", "zh-CN"],
			["en-GB", "en"],
			["fr-FR", "en"],
		] as const) {
			const { page } = await console_.open(LIGHTS, "", undefined, undefined, locale);
			await page.waitForSelector("[data-light]");
			expect([locale, await lang(page)]).toEqual([locale, wanted]);
		}
		const { page, depot } = await console_.open(LIGHTS, "?lang=zh", undefined, undefined, "en-GB");
		await page.waitForSelector("[data-light]");
		// It can be sent on: an address of this browser without a language would be English.
		expect([await lang(page), new URL(page.url()).search]).toEqual(["zh-CN", "?lang=zh"]);
		await page.locator("#language").click();
		await page.locator("#language").click();
		await page.goto(`${depot.address}/`);
		await page.waitForSelector("[data-light]");
		expect(await lang(page)).toBe("zh-CN");
		await page.goto(`${depot.address}/?lang=en`);
		await page.waitForSelector("[data-light]");
		expect(await lang(page)).toBe("en");
	});

	it("shade the end at which their line is cut on a phone, and no other", async () => {
		const { page } = await console_.open(LIGHTS, "?lang=en", PHONE);
		await page.waitForSelector("[data-light]");
		const list = page.locator(".nav ol");
		const scrollTo = (x: number) => list.evaluate((e, left) => e.scrollTo({ left, behavior: "instant" }), x);
		const room = await list.evaluate((e) => e.scrollWidth - e.clientWidth);
		expect(room).toBeGreaterThan(60);
		const shades = async () => [await shadeAt(page, "left"), await shadeAt(page, "right")].map((shade) => shade > 20);
		await scrollTo(0);
		expect(await shades()).toEqual([false, true]);
		await scrollTo(room / 2);
		expect(await shades()).toEqual([true, true]);
		expect(await graveFaults(page)).toEqual([]);
		await scrollTo(room);
		expect(await shades()).toEqual([true, false]);
		const desk = await console_.open(LIGHTS, "?lang=en");
		await desk.page.waitForSelector("[data-light]");
		expect([await shadeAt(desk.page, "left"), await shadeAt(desk.page, "right")]).toEqual([0, 0]);
	});

	it("are chosen by the keys 1 to 6, but not while something is typed, and the new page takes the focus", async () => {
		const { page } = await console_.open(LIGHTS);
		await page.waitForSelector("[data-light]");
		const order = ["全览", "灯墙", "单灯", "隔离", "待确认", "规则"];
		for (const [n, name] of order.entries()) {
			await page.keyboard.press(String(n + 1));
			await page.waitForFunction(([s, text]) => document.querySelector(s)?.textContent === text, [
				shown,
				`${n + 1}${name}`,
			] as const);
			expect(await page.evaluate(() => document.activeElement?.id)).toBe("main");
		}
		await page.keyboard.press("/");
		await page.waitForFunction(() => document.activeElement?.id === "find");
		await page.keyboard.type("T0001");
		await page.waitForSelector("text=找到 1 盏");
		expect(await page.locator("#find").inputValue()).toBe("T0001");
		expect(await page.locator(shown).textContent()).toBe("2灯墙");
	});

	it("can be opened by their address, and an address of none leads to the wall", async () => {
		const { page, depot } = await console_.open(LIGHTS, "?p=held&lang=en");
		await page.waitForSelector("h1:text('Held pulls')");
		await page.goto(`${depot.address}/?p=nothing&light=${encodeURIComponent("豫DT0001")}`);
		await page.waitForSelector("[data-light]");
		expect(new URL(page.url()).search).toBe("");
	});

	it("are not loaded with the wall, and say so when one cannot be loaded", async () => {
		const { page } = await console_.open(LIGHTS);
		await page.waitForSelector("[data-light]");
		await page.route("**/assets/page-overview*", (route) => route.abort());
		await page.keyboard.press("1");
		await page.waitForSelector("text=打不开这一页");
		await page.unroute("**/assets/page-overview*");
		await page.keyboard.press("2");
		await page.waitForSelector("[data-light]");
	});

	it("say on every page that the stream is cut, and link to the pulls that wait for a person", async () => {
		const { page, depot } = await console_.open(LIGHTS, "?p=overview", undefined, (d) => d.say({ held: 2 }));
		await page.locator(".notice a").click();
		await page.waitForURL("**/?p=held");
		// The page itself is a file of the gateway: it has to be there before the gateway goes.
		await page.waitForSelector(".instead");
		await depot.stop();
		await page.waitForSelector('[role="alert"]');
	});

	it("send less than 100 KB before the first paint", async () => {
		const { page, depot } = await console_.open(LIGHTS);
		const names = await page.evaluate(() =>
			performance.getEntriesByType("resource").map((e) => new URL(e.name).pathname),
		);
		const sizes = await Promise.all(
			names
				.filter((n) => n.startsWith("/assets/"))
				.map(async (name) => {
					const bytes = new Uint8Array(await (await fetch(`${depot.address}${name}`)).arrayBuffer());
					const squeezed = new Response(new Blob([bytes]).stream().pipeThrough(new CompressionStream("gzip")));
					return (await squeezed.arrayBuffer()).byteLength;
				}),
		);
		expect(sizes.length).toBeGreaterThan(1);
		expect(sizes.reduce((a, b) => a + b, 0)).toBeLessThan(100_000);
	});

	it.each(["?p=overview", "?p=story&lang=en&theme=dark", "?p=held"])(
		"have no serious accessibility fault and fit a phone (%s)",
		async (query) => {
			const { page } = await console_.open(fakeFleet(60), query, PHONE);
			await page.waitForSelector("h1");
			await page.waitForSelector(".live i");
			expect(await graveFaults(page)).toEqual([]);
			expect(await tooWide(page)).toBe(0);
			expect(await thumbHeight(page)).toBeGreaterThanOrEqual(44);
		},
	);
});
