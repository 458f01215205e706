import { AxeBuilder } from "@axe-core/playwright";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { LightView } from "../../gateway/core/types.ts";
import { unixMs, unixSeconds } from "../../protocol/wire/units.ts";
import { haveChromium, launchChromium } from "../support/chromium.ts";
import { chineseIn, graveFaults } from "../support/console-page.ts";
import { FakeDepot, fakeFleet, fakeLight, inState } from "../support/fake-depot.ts";

const LIGHTS: readonly LightView[] = [
	...Array.from({ length: 20 }, (_, n) => fakeLight(n)),
	inState(20, "differs", { desired: 4, acked: 4, observed: 5, reason: "not-shown" }),
	inState(21, "refused", { desired: 5, acked: 4, observed: 4, reason: "bad-signature" }),
	inState(22, "silent", { desired: 3, observed: null, reason: "not-heard" }),
	inState(23, "fault", { desired: 3, acked: 3, observed: 0, reason: "lamp-open" }),
	inState(24, "moving", { desired: 4, acked: 2, observed: 2 }),
];

let browser: Browser;
const opened: { readonly depot: FakeDepot; readonly page: Page }[] = [];
/** What no page may say: an exception nobody caught, or a breach of the content security policy. */
const complaints: string[] = [];

async function open(
	lights: readonly LightView[],
	query = "",
	viewport = { width: 1440, height: 900 },
	prepare: (depot: FakeDepot) => void = () => {},
): Promise<{ page: Page; depot: FakeDepot }> {
	const depot = new FakeDepot(lights);
	prepare(depot);
	await depot.start();
	const context = await browser.newContext({ viewport, locale: "zh-CN", timezoneId: "Asia/Shanghai" });
	const page = await context.newPage();
	opened.push({ depot, page });
	page.on("pageerror", (e) => complaints.push(e.message));
	page.on("console", (m) => {
		if (m.text().includes("Content Security Policy")) complaints.push(m.text());
	});
	await page.goto(`${depot.address}/${query}`);
	return { page, depot };
}

const light = (plate: string) => `[data-plate="${plate}"]`;
const seen = (page: Page, plate: string) => page.locator(light(plate)).first().locator(".w.lit").count();
const plates = (page: Page) =>
	page.locator("[data-light]").evaluateAll((all) => all.map((e) => e.getAttribute("data-plate")));
const untilLights = (page: Page, count: number) =>
	page.waitForFunction((n) => document.querySelectorAll("[data-light]").length === n, count);

/** What reaches beyond the box that it belongs to, is cut short, or makes the page wider than the screen. */
const sticksOut = (page: Page) =>
	page.evaluate(() => {
		const parts =
			".bar > :not(.sr), .tog button, .head > *, .turned summary, .grp > *, .seg button, .tally .st, .tally .num, .plate, .st, .tri, .age, .btn";
		const out = [...document.querySelectorAll(parts)].flatMap((part) => {
			const box = part.getBoundingClientRect();
			const host = (part.closest(".tally button, .lt, td, .facts") ?? document.body).getBoundingClientRect();
			const cut = part.matches(".age, .plate, .st") && part.clientWidth > 0 ? part.scrollWidth - part.clientWidth : 0;
			const broken = part.matches(".age") && box.height > 30 ? box.height : 0;
			const over = box.width === 0 ? 0 : Math.max(box.right - host.right, host.left - box.left, cut, broken);
			return over > 0.5 ? [`${part.textContent} by ${over.toFixed(1)}`] : [];
		});
		const wide = document.documentElement.scrollWidth - window.innerWidth;
		return wide > 0 ? [...out, `the page by ${wide}`] : out;
	});

/** Lengths of frames, in order, while something is done in each of them. */
function frames(page: Page, count: number, scrollPx: number): Promise<number[]> {
	return page.evaluate(
		async ([n, px]) => {
			const times: number[] = [];
			const next = () => new Promise<number>((go) => requestAnimationFrame(go));
			let last = await next();
			for (let i = 0; i < n; i++) {
				window.scrollBy(0, px);
				const now = await next();
				times.push(now - last);
				last = now;
			}
			return times.sort((a, b) => a - b);
		},
		[count, scrollPx] as const,
	);
}

/** The least that a list of 10,000 rows of the same height can cost on this machine: empty boxes, put in and taken out. */
const EMPTY_LIST = `<!doctype html><style>body{margin:0}#b{position:relative;height:350000px}#b div{position:absolute;left:0;
right:0;height:34px;border-bottom:1px solid;contain:strict}</style><div id="b"></div><script>const have=new Map();
function draw(){const from=Math.max(0,Math.floor(scrollY/35)-8),to=Math.min(10000,Math.ceil((scrollY+innerHeight)/35)+8);
for(const[i,e]of have)if(i<from||i>=to){e.remove();have.delete(i)}
for(let i=from;i<to;i++)if(!have.has(i)){const e=document.createElement("div");e.style.top=i*35+"px";b.append(e);have.set(i,e)}}
addEventListener("scroll",draw,{passive:true});draw()</script>`;

/** The same scroll through empty boxes. */
async function floorFrames(count: number, scrollPx: number): Promise<number[]> {
	const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
	const page = await context.newPage();
	await page.setContent(EMPTY_LIST);
	const times = await frames(page, count, scrollPx);
	await context.close();
	return times;
}

const at = (sorted: readonly number[], share: number) => sorted[Math.floor((sorted.length - 1) * share)] ?? 0;
/** Half the frames may not be longer than this on a busy test machine without a graphics card; a desk has 60 a second. */
const FRAME_MS = 50;

describe.skipIf(!haveChromium())("the wall in a real browser", () => {
	beforeAll(async () => {
		browser = await launchChromium();
	});
	afterEach(async () => {
		for (const { page, depot } of opened.splice(0)) {
			await page.context().close();
			await depot.stop();
		}
		expect(complaints.splice(0)).toEqual([]);
	});
	afterAll(async () => {
		await browser?.close();
	});

	it("draws each light with the stars that are seen, beside desired, acked and observed", async () => {
		const { page } = await open(LIGHTS);
		await page.waitForSelector(light("豫DT0005"));
		expect(await seen(page, "豫DT0005")).toBe(5);
		expect(await seen(page, "豫DT0003")).toBe(3);
		expect(await page.locator(`${light("豫DT0003")} .tri b`).allTextContents()).toEqual(["3", "3", "3"]);
		expect(await page.locator("[data-light]").count()).toBe(LIGHTS.length);
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

	it("picks the worst light beside the dots until another is picked", async () => {
		const { page } = await open(LIGHTS, "?d=dot");
		await page.waitForSelector('.side [data-s="differs"]');
		expect(await page.locator(".side .plate").textContent()).toBe("豫D·T0020");
	});

	it("says which lamp is broken, and draws a cross over its star, as card, as row and beside the dots", async () => {
		const fault = inState(3, "fault", {
			observed: 0,
			reason: "lamp-open",
			lamps: ["ok", "open", "ok", "ok", "open"],
		});
		for (const [query, where] of [
			["", ".lt"],
			["?d=row", ".tr"],
			["?d=dot", ".side"],
		] as const) {
			const { page } = await open([fault], query);
			await page.waitForSelector(where);
			expect(await page.locator(`${where} .w.bad`).count(), where).toBeGreaterThan(0);
			expect(await page.locator(`${where} .why`).innerText(), where).toBe("2、5 号灯珠断路");
		}
	});

	it("says a refusal in words with its code beside them, and of a light that has gone on, that it is over", async () => {
		const before = fakeLight(3, { refused: { code: "stale", kind: "grant", at: unixMs(Date.now() - 200_000) } });
		const { page } = await open([inState(1, "refused", { desired: 5, observed: 4, reason: "bad-signature" }), before]);
		await page.waitForSelector(light("豫DT0003"));
		expect(await page.locator(`${light("豫DT0001")} .why`).textContent()).toBe("签名不符 bad-signature");
		expect(await page.locator(`${light("豫DT0001")} .why small`).textContent()).toBe("bad-signature");
		expect(await page.locator(`${light("豫DT0003")} .past`).textContent()).toBe("曾拒收：序号过旧，3 分前 stale");
	});

	it("counts what was refused, not believed and turned away, says nothing while nothing was, and opens to the codes", async () => {
		const { page, depot } = await open(LIGHTS);
		await page.waitForSelector("[data-light]");
		expect(await page.locator(".turned").count()).toBe(0);
		depot.say({ refusals: { "bad-signature": 3 }, dropped: { replayed: 12 }, broker: { "unknown-light": 1_200 } });
		const line = page.locator(".turned summary");
		await line.waitFor();
		expect(await line.textContent()).toBe("拒收 3 · 拦下 1,212");
		await line.press("Enter");
		expect(await page.locator('.codes [data-code="unknown-light"]').textContent()).toBe(
			"未登记的灯来连接 unknown-light1,200",
		);
		const result = await new AxeBuilder({ page }).include(".turned").analyze();
		expect(result.violations.map((v) => v.id)).toEqual([]);
		await page.keyboard.press("Escape");
		expect(await page.locator(".codes").isVisible()).toBe(false);
	});

	it("measures ages against the limit of the policy in force", async () => {
		const { page, depot } = await open([fakeLight(3)], "?d=row");
		await page.waitForSelector("text=限 550 天");
		depot.say({ policy: { name: "p", hash: "00", maxAgeDays: 60 } });
		await page.waitForSelector("text=限 60 天");
		// The light's rating is 30 days old.
		expect(await page.locator(".agebar i").evaluate((e) => (e as HTMLElement).style.width)).toBe("50%");
	});

	it("says how many lights of a company are not listed, lists them all when asked, and few again", async () => {
		const fleet = Array.from({ length: 130 }, (_, n) => fakeLight(n, { company: "晨光出租" }));
		const { page } = await open(fleet);
		await untilLights(page, 48);
		expect(await page.locator(".grp .hidden").textContent()).toBe("先列 48 盏，未列 82 盏全部列出 130 盏");
		await page.locator(".grp .more").click();
		await untilLights(page, 130);
		await page.locator(".grp .more").click();
		await untilLights(page, 48);
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

	it("finds a plate with or without its dot, in small letters, after the slash key, and clears with Escape", async () => {
		const { page } = await open(LIGHTS);
		await page.waitForSelector(light("豫DT0003"));
		await page.keyboard.press("/");
		await page.keyboard.type("豫d·t0003");
		await untilLights(page, 1);
		expect(await plates(page)).toEqual(["豫DT0003"]);
		await page.locator("#find").fill("dt0003");
		await untilLights(page, 1);
		await page.waitForSelector("text=找到 1 盏");
		expect(page.url()).not.toMatch(/dt0003|q=/i);
		await page.locator("#find").fill("nothing");
		await page.waitForSelector("text=没有符合的顶灯");
		await page.locator("#find").press("Escape");
		await untilLights(page, LIGHTS.length);
	});

	it("keeps what is searched over a reload, for this tab alone, and never in the address", async () => {
		const { page, depot } = await open(LIGHTS, "?q=T0004");
		await untilLights(page, LIGHTS.length);
		expect(page.url()).not.toContain("T0004");
		await page.locator("#find").fill("T0003");
		await untilLights(page, 1);
		await page.reload();
		await page.waitForSelector("text=找到 1 盏");
		expect(await page.locator("#find").inputValue()).toBe("T0003");
		expect(page.url()).not.toContain("T0003");
		const other = await page.context().newPage();
		await other.goto(depot.address);
		await untilLights(other, LIGHTS.length);
	});

	it("filters by a state of the tally, and shows all again when it is pressed once more", async () => {
		const { page } = await open(LIGHTS);
		const fault = page.locator('.tally button[data-s="fault"]');
		await fault.click();
		await untilLights(page, 1);
		expect(await plates(page)).toEqual(["豫DT0023"]);
		expect(await fault.getAttribute("aria-pressed")).toBe("true");
		await fault.click();
		await untilLights(page, LIGHTS.length);
	});

	it("draws the small symbols of the tally in their colours, in each density", async () => {
		for (const d of ["card", "row", "dot"]) {
			const { page } = await open(LIGHTS, `?d=${d}`);
			await page.waitForSelector("[data-light]");
			const fill = (s: string) =>
				page
					.locator(`.tally [data-s="right"] .mini ${s}`)
					.first()
					.evaluate((e) => getComputedStyle(e).fill);
			expect([await fill(".dp1"), await fill(".dgl")]).toEqual(["rgb(255, 176, 0)", "rgb(18, 23, 21)"]);
		}
	});

	it("speaks English when asked, in every text of the page", async () => {
		const { page } = await open(LIGHTS);
		await page.waitForSelector("text=要人处理");
		await page.locator("#language").click();
		await page.waitForSelector("text=Needs a person");
		expect(await page.locator("html").getAttribute("lang")).toBe("en");
		expect(page.url()).toContain("lang=en");
		expect(await chineseIn(page)).toBeNull();
	});

	it("keeps density, language, day or night and filter over a reload", async () => {
		const { page } = await open(LIGHTS);
		await page.locator('[data-d="row"]').click();
		await page.locator("#language").click();
		await page.locator("#theme").click();
		await page.locator('.tally button[data-s="right"]').click();
		await page.reload();
		await page.waitForSelector("table.rows");
		expect(await page.locator("th").first().textContent()).toBe("Glass");
		expect(await page.locator("html").getAttribute("data-theme")).toBe("dark");
		expect(await page.locator('.tally button[data-s="right"]').getAttribute("aria-pressed")).toBe("true");
		await page.locator('[data-d="dot"]').click();
		expect(await page.locator(".dot[data-light]").count()).toBe(20);
	});

	it("draws every dot inside its own group, on a desk and on a phone", async () => {
		for (const width of [1440, 390]) {
			const { page } = await open(fakeFleet(300), "?d=dot", { width, height: 800 });
			await page.waitForSelector(".dot[data-light]");
			const gaps = await page
				.locator(".dotblock")
				.evaluateAll((all) =>
					all.map((e) => Math.round(e.getBoundingClientRect().width - Number(e.getAttribute("width")))),
				);
			expect(new Set(gaps)).toEqual(new Set([0]));
		}
	});

	it("walks the dots by keys, and shows the picked light beside them", async () => {
		const { page } = await open(LIGHTS, "?d=dot");
		const list = page.locator('[role="listbox"]').first();
		await list.focus();
		const first = await page.locator(".side .plate").textContent();
		await page.keyboard.press("ArrowRight");
		await page.waitForFunction((was) => document.querySelector(".side .plate")?.textContent !== was, first);
		const picked = await list.getAttribute("aria-activedescendant");
		expect(await page.locator('[role="option"][aria-selected="true"]').getAttribute("id")).toBe(picked);
	});

	it("says when the stream is cut, keeps the numbers, and comes back by itself", async () => {
		const { page, depot } = await open(LIGHTS);
		await page.waitForSelector(light("豫DT0003"));
		await depot.stop();
		await page.waitForSelector(".live.cut");
		await page.waitForSelector('[role="alert"]');
		expect(await seen(page, "豫DT0003")).toBe(3);
		depot.push([fakeLight(3, { desired: 2, acked: 2, observed: 2 })]);
		await depot.start();
		await page.waitForSelector(".live:not(.cut) i", { timeout: 10_000 });
		await page.waitForSelector(`${light("豫DT0003")}[data-observed="2"]`);
		expect(await page.locator('[role="alert"]').count()).toBe(0);
	});

	it("tells an empty depot and an unreachable one apart", async () => {
		const { page } = await open([]);
		await page.waitForSelector("text=还没有顶灯");
		await page.route("**/api/v1/stream", (route) => route.abort());
		await page.reload();
		await page.waitForSelector("text=读不到网关");
	});

	it("says with code, cause and next step why the gateway refuses it", async () => {
		const problem = {
			code: "too-many-streams",
			message: "64 consoles are connected already.",
			next: "Close one of them.",
		};
		const { page, depot } = await open(LIGHTS, "?lang=en", undefined, (d) => d.refuse(problem));
		await page.waitForSelector("text=too-many-streams");
		expect(await page.locator(".sec").textContent()).toContain("64 consoles are connected already. Close one of them.");
		depot.refuse(null);
		await untilLights(page, LIGHTS.length);
	});

	it("says that the clock is in doubt and that ratings wait for a person", async () => {
		const { page, depot } = await open(LIGHTS);
		await page.waitForSelector("[data-light]");
		const seconds = unixSeconds(1_800_000_000);
		depot.say({ clock: { code: "clock-behind", storedTime: seconds, now: seconds }, held: 2 });
		await page.waitForSelector("text=clock-behind");
		await page.waitForSelector("text=有 2 批评级待人工确认");
	});

	it.each(["", "?d=row", "?d=dot", "?theme=dark", "?lang=en&d=row&theme=dark", "?d=dot&theme=dark", "?find=nothing"])(
		"has no serious accessibility fault (%s)",
		async (query) => {
			const { page } = await open(LIGHTS, query);
			await page.waitForSelector("[data-light]");
			if (query === "?find=nothing") {
				await page.locator("#find").fill("nothing");
				await page.waitForSelector("#clear");
			}
			expect(await graveFaults(page)).toEqual([]);
		},
	);

	it.each(["", "?d=row", "?d=dot", "?lang=en"])(
		"gives thumbs 44 pixels on a phone and fits its width (%s)",
		async (query) => {
			const { page } = await open(LIGHTS, query, { width: 390, height: 844 });
			await page.waitForSelector("[data-light]");
			const heights = await page
				.locator("main button, .tog button, .tr, .find")
				.evaluateAll((all) => all.map((e) => e.getBoundingClientRect().height));
			expect(Math.min(...heights)).toBeGreaterThanOrEqual(44);
			expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
		},
	);

	it.each([320, 360, 390, 768])(
		"lets nothing stick out at a width of %i, live or cut off, in both languages",
		async (width) => {
			for (const query of ["", "?d=row", "?d=dot", "?lang=en", "?lang=en&d=row", "?lang=en&d=dot"]) {
				const { page, depot } = await open(fakeFleet(120), query, { width, height: 760 }, (d) =>
					d.say({ refusals: { stale: 1_400 }, dropped: { replayed: 12_000 }, broker: {} }),
				);
				await page.waitForSelector("[data-light]");
				expect(await sticksOut(page), query).toEqual([]);
				await depot.stop();
				await page.waitForSelector(".live.cut");
				expect(await sticksOut(page), `${query}, cut off`).toEqual([]);
			}
		},
	);

	it.each([320, 360, 390, 1440])("keeps the three numbers whole and on one line at a width of %i", async (width) => {
		const { page } = await open(LIGHTS, "", { width, height: 800 });
		await page.waitForSelector("[data-light]");
		const boxes = await page.locator(".lt").evaluateAll((cards) =>
			cards.map((card) => {
				const tri = card.querySelector(".tri")?.getBoundingClientRect();
				return { height: tri?.height ?? 0, over: (tri?.right ?? 0) - card.getBoundingClientRect().right };
			}),
		);
		expect(Math.max(...boxes.map((b) => b.height))).toBeLessThan(26);
		expect(Math.max(...boxes.map((b) => b.over))).toBeLessThanOrEqual(0);
	});

	it("scrolls through 10,000 rows without long frames", async () => {
		const { page } = await open(fakeFleet(10_000), "?d=row");
		await page.waitForSelector("[data-light]");
		const floor = await floorFrames(120, 200);
		const times = await frames(page, 120, 200);
		const drawn = await page.locator("[data-light]").count();
		process.stderr.write(
			`10,000 rows: frame p50 ${at(times, 0.5).toFixed(1)} ms, p95 ${at(times, 0.95).toFixed(1)} ms, longest ${at(times, 1).toFixed(1)} ms, ${drawn} rows in the page; empty boxes: p50 ${at(floor, 0.5).toFixed(1)} ms, p95 ${at(floor, 0.95).toFixed(1)} ms\n`,
		);
		expect(drawn).toBeLessThan(120);
		expect(drawn).toBeGreaterThan(20);
		expect(at(times, 0.5)).toBeLessThan(FRAME_MS);
		await page.evaluate(() => window.scrollTo(0, document.documentElement.scrollHeight));
		await page.waitForSelector('[aria-rowindex="10001"]');
	});

	it("scrolls through 10,000 dots while lights change, without long frames", async () => {
		const fleet = fakeFleet(10_000);
		const { page, depot } = await open(fleet, "?d=dot");
		await page.waitForSelector(".dot[data-light]");
		expect(await page.locator(".dot[data-light]").count()).toBe(10_000);
		let batch = 0;
		const timer = setInterval(() => {
			batch += 1;
			depot.push(
				fleet.slice(batch * 20, batch * 20 + 20).map((view) => ({ ...view, desired: 1, acked: 1, observed: 1 })),
			);
		}, 250);
		const times = await frames(page, 120, 30);
		clearInterval(timer);
		process.stderr.write(
			`10,000 dots, ${batch} batches: frame p50 ${at(times, 0.5).toFixed(1)} ms, p95 ${at(times, 0.95).toFixed(1)} ms, longest ${at(times, 1).toFixed(1)} ms\n`,
		);
		expect(batch).toBeGreaterThan(0);
		expect(at(times, 0.5)).toBeLessThan(FRAME_MS);
	});
});
