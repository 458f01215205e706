import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { openSqliteStore } from "../../gateway/store/sqlite-store.ts";
import { Prng } from "../../simulator/random/prng.ts";
import { http, post, startTestDepot } from "../support/depot.ts";
import { liangxing, liangxingGateway, start } from "../support/liangxing.ts";
import { openPlatform } from "../support/platforms.ts";
import { openPullDepot, type Platform, type Truth, truthOf } from "../support/pull-depot.ts";
import { SEED } from "../support/seed.ts";

const root = mkdtempSync(join(tmpdir(), "liangxing-pulls-"));
let folders = 0;
const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
	for (const one of open.splice(0).reverse()) await one.close();
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

async function platformWith(...args: Parameters<typeof openPlatform>): Promise<Platform> {
	const platform = await openPlatform(...args);
	open.push(platform);
	return platform;
}

/** A data folder with a depot in it. */
async function depotFolder(): Promise<string> {
	const data = join(root, String(folders++));
	mkdirSync(data);
	await (await openPullDepot(data, "")).close();
	return data;
}

async function truthIn(data: string): Promise<Truth> {
	const depot = await openPullDepot(data, "");
	try {
		return await depot.truth();
	} finally {
		await depot.close();
	}
}

/** Waits for something that another process does. */
async function until(what: () => boolean | Promise<boolean>): Promise<void> {
	for (let n = 0; n < 1500; n++) {
		if (await what()) return;
		await delay(20);
	}
	throw new Error("it did not come");
}

const requests = (platform: Platform): number => platform.counts["requests"] ?? 0;
const PAGES = 5;
const slow = { lateMs: 150, drivers: 50 * PAGES };
const FLAGS = { LIANGXING_SOURCE_HTTP_PAGE_SIZE: "50" };

describe("liangxing ratings pull", () => {
	it("without a gateway: pulls onto the store, tells how far it is on standard error and the result on standard output", async () => {
		const platform = await platformWith(1, slow);
		platform.faults = ["late"];
		const data = await depotFolder();
		const ran = await liangxing(data, ["ratings", "pull", "--data", data, "--url", platform.url, "--json"], FLAGS);
		expect(JSON.parse(ran.out)).toMatchObject({
			status: "applied",
			rows: 250,
			added: 250,
			quarantinedRows: [],
			notes: [],
		});
		expect(ran.err).toMatch(/\d+ of 250 rows/);
		expect(ran.code).toBe(0);
		expect(await truthIn(data)).toEqual(truthOf(platform.table.newest.rows));
		const again = await liangxing(
			data,
			["ratings", "pull", "--data", data, "--lang", "zh", "--url", platform.url],
			FLAGS,
		);
		expect(again.out).toContain("没有变化");
	});

	it("fails with a code on its JSON line and exit 1, and with exit 2 where the address is no use", async () => {
		const data = await depotFolder();
		const env = { LIANGXING_SOURCE_HTTP_ATTEMPTS: "1" };
		const nobody = await liangxing(
			data,
			["ratings", "pull", "--data", data, "--url", "http://127.0.0.1:9/x", "--json"],
			env,
		);
		expect(JSON.parse(nobody.out)).toMatchObject({ error: { code: "platform-unreachable" } });
		expect(nobody.code).toBe(1);
		const plain = await liangxing(data, [
			"ratings",
			"pull",
			"--data",
			data,
			"--url",
			"http://credit.example.cn/x",
			"--json",
		]);
		expect(JSON.parse(plain.out)).toMatchObject({ error: { code: "source-url-refused" } });
		expect(plain.code).toBe(2);
		const none = await liangxing(data, ["ratings", "pull", "--data", data, "--json"]);
		expect(JSON.parse(none.out)).toMatchObject({ error: { code: "source-not-set" } });
	});

	it("through the running gateway, whose API tells of the source", async () => {
		const platform = await platformWith(2, slow);
		const data = await depotFolder();
		const gateway = await liangxingGateway(data, data, [
			"--source-http-url",
			platform.url,
			"--source-http-schedule",
			"off",
		]);
		try {
			const ran = await liangxing(data, ["ratings", "pull", "--data", data, "--json"]);
			expect(JSON.parse(ran.out)).toMatchObject({ status: "applied", rows: 250 });
			const { json } = await http(gateway.http, "GET", "/api/v1/depot");
			expect(json["source"]).toMatchObject({
				...{ kind: "http", url: platform.url, schedule: "off", nextDue: null, running: null, failures: 0 },
				last: { outcome: "applied", failure: null },
			});
		} finally {
			await gateway.end("SIGTERM");
		}
	});

	it(`goes on at its cursor after a kill -9 at any instant (seed ${SEED})`, async () => {
		const random = new Prng(SEED);
		for (let kill = 0; kill < 3; kill++) {
			const platform = await platformWith(random.uint32(), slow);
			platform.faults = ["late"];
			const data = await depotFolder();
			const pull = ["ratings", "pull", "--data", data, "--url", platform.url, "--json"];
			const child = start(pull, data, FLAGS);
			const closed = new Promise((resolve) => child.once("close", resolve));
			const pages = random.int(2, PAGES);
			await until(() => requests(platform) >= pages);
			await delay(random.int(0, slow.lateMs));
			child.kill("SIGKILL");
			await closed;
			const before = requests(platform);
			const store = await openSqliteStore(join(data, "liangxing.db"), { fleet: "demo" });
			const staged = store.pullStage.load()?.stage.pages.length ?? 0;
			await store.close();
			const where = `kill ${kill} after ${before} requests`;
			// Each page that was answered before the kill is there: at most the last request was lost.
			expect(staged, where).toBeGreaterThanOrEqual(before - 1);
			expect(Object.keys(await truthIn(data)), where).toEqual([]);
			const again = await liangxing(data, pull, FLAGS);
			expect(JSON.parse(again.out), where).toMatchObject({ status: "applied", rows: 250 });
			expect(requests(platform) - before, where).toBe(PAGES - staged);
			expect(await truthIn(data), where).toEqual(truthOf(platform.table.newest.rows));
		}
	}, 180_000);
});

describe("a gateway with a schedule", () => {
	const flags = (platform: Platform, schedule: string) => ({
		...{ "source.http.url": platform.url, "source.http.schedule": schedule, "source.http.pageSize": "50" },
	});

	it("pulls at its start, by its schedule, and after a kill in mid-pull where it was", async () => {
		const platform = await platformWith(4, slow);
		platform.faults = ["late"];
		const data = await depotFolder();
		const args = ["--source-http-url", platform.url, "--source-http-page-size", "50"];
		const gateway = await liangxingGateway(data, data, [...args, "--source-http-schedule", "0 0 1 1 *"]);
		await until(() => requests(platform) >= 3);
		await gateway.end("SIGKILL");
		const before = requests(platform);
		const depot = await startTestDepot(data, flags(platform, "*/1 * * * * *"));
		const outcome = async () => {
			const { json } = await http(depot.http, "GET", "/api/v1/depot");
			return (json["source"] as { last: { outcome: string } | null }).last?.outcome;
		};
		await until(async () => (await outcome()) === "applied");
		expect(requests(platform) - before).toBeLessThanOrEqual(PAGES - 2 + 1);
		platform.faults = [];
		platform.advance();
		const pulls = async () => (await http(depot.http, "GET", "/api/v1/pulls")).json["pulls"] as unknown[];
		await until(async () => (await pulls()).length === 2);
		await depot.stop();
		expect(await truthIn(data)).toEqual(truthOf(platform.table.newest.rows));
		expect(depot.lines.some((line) => line.includes("ratings-pull-resumed"))).toBe(true);
		expect(depot.lines.filter((line) => line.includes("4104000"))).toEqual([]);
	});

	it("is not held up by a platform that hangs: it answers, and stops at once", async () => {
		const platform = await platformWith(5, { lateMs: 600_000 });
		platform.faults = ["late"];
		const data = await depotFolder();
		const depot = await startTestDepot(data, flags(platform, "off"));
		const asked = post(depot, "/api/v1/ratings/pull");
		await until(() => requests(platform) === 1);
		const { json } = await http(depot.http, "GET", "/api/v1/depot");
		expect(json["source"]).toMatchObject({ running: { rows: 0, waitsFor: null }, last: null });
		const began = performance.now();
		await depot.stop();
		expect(performance.now() - began).toBeLessThan(3000);
		expect((await asked).status).toBe(503);
	});

	it("takes a pull by the API only with the token, and only in its own form", async () => {
		const platform = await platformWith(6);
		const data = await depotFolder();
		const depot = await startTestDepot(data, flags(platform, "off"));
		open.push({ close: () => depot.stop() });
		expect((await http(depot.http, "POST", "/api/v1/ratings/pull")).status).toBe(401);
		expect((await post(depot, "/api/v1/ratings/pull", { address: "x" })).json).toMatchObject({
			error: { code: "body-invalid" },
		});
		expect((await post(depot, "/api/v1/ratings/pull", { url: "ftp://x/" })).json).toMatchObject({
			error: { code: "source-url-refused" },
		});
		expect(await post(depot, "/api/v1/ratings/pull")).toMatchObject({
			status: 200,
			json: { status: "applied", rows: 230 },
		});
	});
});
