import { AxeBuilder } from "@axe-core/playwright";
import type { Browser, Page } from "playwright-core";
import { expect } from "vitest";
import type { LightView } from "../../gateway/core/types.ts";
import { launchChromium } from "./chromium.ts";
import { FakeDepot } from "./fake-depot.ts";

export const DESK = { width: 1440, height: 900 } as const;
export const PHONE = { width: 390, height: 844 } as const;

interface Opened {
	readonly page: Page;
	readonly depot: FakeDepot;
}

/** A browser that opens the built console against depots of the test, and holds what no page may say. */
export class ConsoleBrowser {
	private browser: Browser | null = null;
	private readonly opened: Opened[] = [];
	private readonly complaints: string[] = [];

	async start(): Promise<void> {
		this.browser = await launchChromium();
	}

	async open(
		lights: readonly LightView[],
		query = "",
		viewport: { readonly width: number; readonly height: number } = DESK,
		prepare: (depot: FakeDepot) => void = () => {},
		locale = "zh-CN",
	): Promise<Opened> {
		if (this.browser === null) throw new Error("start first");
		const depot = new FakeDepot(lights);
		prepare(depot);
		await depot.start();
		const context = await this.browser.newContext({ viewport, locale, timezoneId: "Asia/Shanghai" });
		const page = await context.newPage();
		this.opened.push({ depot, page });
		page.on("pageerror", (e) => this.complaints.push(e.message));
		page.on("console", (m) => {
			if (m.text().includes("Content Security Policy")) this.complaints.push(m.text());
		});
		await page.goto(`${depot.address}/${query}`);
		return { page, depot };
	}

	/** After each test: closes its pages; an exception nobody caught, or a breach of the content security policy, fails it. */
	async closePages(): Promise<void> {
		for (const { page, depot } of this.opened.splice(0)) {
			await page.context().close();
			await depot.stop();
		}
		expect(this.complaints.splice(0)).toEqual([]);
	}

	async stop(): Promise<void> {
		await this.browser?.close();
	}
}

/** Serious and critical faults of accessibility (WCAG 2.2 A and AA), each with the elements at fault. */
export async function graveFaults(page: Page): Promise<readonly string[]> {
	const result = await new AxeBuilder({ page }).withTags(["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]).analyze();
	const grave = result.violations.filter((v) => v.impact === "serious" || v.impact === "critical");
	return grave.map((v) => `${v.id}: ${v.nodes.map((n) => n.html.slice(0, 140)).join(" | ")}`);
}

/** Chinese in texts, labels and titles of the page's body, beside plates and names of companies. */
export const chineseIn = (page: Page): Promise<readonly string[] | null> =>
	page.locator("main").evaluate((m) => {
		const texts = [m.textContent ?? ""];
		for (const e of m.querySelectorAll("*"))
			texts.push(e.getAttribute("aria-label") ?? "", e.getAttribute("title") ?? "");
		return texts
			.join(" ")
			.replace(/豫|晨光出租|长河出租|青山出租|星桥出租|安平出租/g, "")
			.match(/[\u4e00-\u9fff]+/g);
	});

/** By how much the page is wider than its window; 0 = it fits. */
export const tooWide = (page: Page): Promise<number> =>
	page.evaluate(() => Math.max(0, document.documentElement.scrollWidth - window.innerWidth));

/** The least height of what a thumb has to hit, in pixels. */
export const thumbHeight = async (page: Page): Promise<number> => {
	const heights = await page
		.locator("main button, main .btn, .tog button, .nav a")
		.evaluateAll((all) => all.map((e) => e.getBoundingClientRect().height).filter((h) => h > 0));
	return Math.min(...heights);
};

/** Day and night, both languages, desk and phone: what goes behind a page's address, and the window. */
export const LOOKS = [
	["", DESK],
	["&theme=dark&lang=en", DESK],
	["&theme=dark", PHONE],
	["&lang=en", PHONE],
] as const;

/** A page without serious accessibility faults, that fits its window and, on a phone, a thumb. */
export async function expectSound(page: Page, size: (typeof LOOKS)[number][1]): Promise<void> {
	expect(await graveFaults(page)).toEqual([]);
	expect(await tooWide(page)).toBe(0);
	if (size === PHONE) expect(await thumbHeight(page)).toBeGreaterThanOrEqual(44);
}
