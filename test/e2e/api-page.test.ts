import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { haveChromium, launchChromium } from "../support/chromium.ts";
import { type RunningDepot, startTestDepot } from "../support/depot.ts";
import { tempFolder } from "../support/depot-files.ts";

const folder = tempFolder("api-page");
let browser: Browser;
let depot: RunningDepot;

describe.skipIf(!haveChromium())("the API's page", () => {
	beforeAll(async () => {
		[browser, depot] = await Promise.all([launchChromium(), startTestDepot(folder.path)]);
	});
	afterAll(async () => {
		await browser.close();
		await depot.stop();
		folder.remove();
	});

	it("lists every route, asks nobody else, breaks no content security policy, and tries a call", async () => {
		const page = await browser.newPage();
		const complaints: string[] = [];
		const foreign: string[] = [];
		page.on("pageerror", (e) => complaints.push(e.message));
		page.on("console", (m) => {
			if (m.type() === "error") complaints.push(m.text());
		});
		page.on("request", (r) => {
			if (!r.url().startsWith(depot.http) && !r.url().startsWith("data:")) foreign.push(r.url());
		});
		await page.goto(`${depot.http}/api/docs`);
		await page.waitForSelector(".opblock");
		const document = (await (await page.request.get(`${depot.http}/api/v1/openapi.json`)).json()) as {
			paths: Record<string, object>;
		};
		const routes = Object.values(document.paths).flatMap((path) => Object.keys(path)).length;
		expect(await page.locator(".opblock").count()).toBe(routes);
		await page.locator('.opblock-summary-path[data-path="/healthz"]').click();
		await page.locator(".try-out__btn").click();
		await page.locator(".execute").click();
		await page.waitForSelector(".live-responses-table .response-col_status");
		expect(await page.locator(".live-responses-table .response-col_status").last().textContent()).toContain("200");
		expect([complaints, foreign]).toEqual([[], []]);
		await page.close();
	});
});
