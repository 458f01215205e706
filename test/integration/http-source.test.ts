import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { FAULT_NAMES } from "../../simulator/platform/faults.ts";
import { Prng } from "../../simulator/random/prng.ts";
import { openPlatform } from "../support/platforms.ts";
import { codeOf, openPullDepot, type Platform, type PullDepot, truthOf } from "../support/pull-depot.ts";
import { SEED } from "../support/seed.ts";

const root = mkdtempSync(join(tmpdir(), "liangxing-pull-"));
let folders = 0;
const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
	for (const one of open.splice(0).reverse()) await one.close();
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

const SMALL = { "source.http.pageSize": "50" };
/** Nothing is held for its size: the lists of these tests are small. */
const NEVER_HELD = { heldRemovedShare: "1", heldLoweredShare: "1" };

async function platformWith(...args: Parameters<typeof openPlatform>): Promise<Platform> {
	const platform = await openPlatform(...args);
	open.push(platform);
	return platform;
}
async function depotAt(
	url: string,
	flags: Record<string, string> = {},
	data = join(root, String(folders++)),
): Promise<PullDepot> {
	const { mkdirSync } = await import("node:fs");
	mkdirSync(data, { recursive: true });
	const depot = await openPullDepot(data, url, { ...SMALL, ...NEVER_HELD, ...flags });
	open.push(depot);
	return depot;
}

describe("a pull from a platform", () => {
	it("takes the whole list, page by page, and the next list after it", async () => {
		const platform = await platformWith(1);
		const depot = await depotAt(platform.url);
		expect(await depot.source.pull()).toMatchObject({ status: "applied", rows: 230, accepted: 230, added: 230 });
		expect(await depot.truth()).toEqual(truthOf(platform.table.newest.rows));
		expect(platform.counts["requests"]).toBe(5);
		platform.advance();
		expect(await depot.source.pull()).toMatchObject({ status: "applied", added: expect.any(Number) });
		expect(await depot.truth()).toEqual(truthOf(platform.table.newest.rows));
		expect(depot.stage.load()).toBeNull();
	});

	it("asks once and takes nothing while the platform says that nothing changed", async () => {
		const platform = await platformWith(2);
		const depot = await depotAt(platform.url);
		const first = await depot.source.pull();
		const before = platform.counts["requests"] ?? 0;
		expect(await depot.source.pull()).toMatchObject({ status: "unchanged", pull: first["pull"], rows: 230 });
		expect(platform.counts).toMatchObject({ requests: before + 1, "not-modified": 1 });
		expect(depot.shell.view.pulls()).toHaveLength(1);
		expect(depot.source.view()).toMatchObject({ last: { outcome: "unchanged", failure: null }, running: null });
	});

	it("asks for the whole list again once something else was imported in between", async () => {
		const platform = await platformWith(3);
		const depot = await depotAt(platform.url);
		await depot.source.pull();
		const row = { row: 1, certificate: "X1", grade: "AAA", score: 25, period: "", asOf: 1_700_000_000 } as never;
		await depot.shell.command({
			what: "ratings-pull",
			source: "csv",
			name: "f.csv",
			contentHash: "00",
			rows: 1,
			accepted: [row],
			quarantined: [],
		});
		expect(Object.keys(await depot.truth())).toEqual(["X1"]);
		expect(await depot.source.pull()).toMatchObject({ status: "applied" });
		expect(await depot.truth()).toEqual(truthOf(platform.table.newest.rows));
	});

	it("gives each who asks at the same time the end of the one pull", async () => {
		const platform = await platformWith(4);
		const depot = await depotAt(platform.url);
		const [one, other] = await Promise.all([depot.source.pull(), depot.source.pull()]);
		expect(other).toBe(one);
		expect(platform.counts["requests"]).toBe(5);
		const running = depot.source.pull();
		expect(await codeOf(depot.source.pull("http://127.0.0.1:9/other"))).toBe("pull-running");
		await running;
	});
});

describe("bad rows of a platform", () => {
	it("are quarantined one by one with a code, whatever stands in them, and the others are taken", async () => {
		const platform = await platformWith(SEED);
		const depot = await depotAt(platform.url);
		await depot.source.pull();
		const good = await depot.truth();
		platform.faults = ["poisoned"];
		platform.advance();
		const value = await depot.source.pull();
		const rows = platform.table.newest.rows;
		expect(value).toMatchObject({ rows: rows.length });
		expect(Number(value["quarantined"])).toBeGreaterThanOrEqual(5);
		expect(Number(value["accepted"]) + Number(value["quarantined"])).toBe(rows.length);
		const now = await depot.truth();
		const wanted = truthOf(rows);
		for (const [certificate, rating] of Object.entries(now))
			expect([wanted[certificate], good[certificate]], certificate).toContainEqual(rating);
		platform.faults = [];
		await depot.source.pull();
		expect(await depot.truth()).toEqual(wanted);
	});
});

describe("each fault of a platform", () => {
	it.each(FAULT_NAMES.filter((name) => name !== "poisoned"))(
		"%s: what was taken stands, and after it the platform's list is taken",
		async (fault) => {
			const platform = await platformWith(7, { lateMs: 60_000 });
			const depot = await depotAt(platform.url, { "source.http.timeoutMs": "200", "source.http.attempts": "2" });
			await depot.source.pull();
			platform.advance();
			await depot.source.pull();
			const before = await depot.truth();
			if (fault !== "rolled-back") platform.advance();
			platform.faults = [fault];
			const code = await codeOf(depot.source.pull());
			if (fault === "rolled-back") {
				expect(code).toBeNull();
				expect(depot.shell.view.held().map(({ pull }) => pull.heldFor)).toEqual([["goes-back"]]);
			} else expect(code).toBe(EXPECTED[fault]);
			expect(await depot.truth()).toEqual(before);
			expect(depot.source.view().last).toMatchObject(
				fault === "rolled-back" ? { outcome: "held" } : { outcome: "failed", failure: { code } },
			);
			platform.faults = [];
			await depot.source.pull();
			expect(await depot.truth()).toEqual(truthOf(platform.table.newest.rows));
			expect(depot.shell.view.held()).toEqual([]);
			expect(depot.source.view()).toMatchObject({ failures: 0, restingUntil: null });
		},
	);
	const EXPECTED: Readonly<Record<string, string>> = {
		late: "platform-too-slow",
		repeated: "pull-incomplete",
		half: "page-cut-off",
		error: "platform-failing",
		busy: "platform-busy",
		"total-lies": "pull-incomplete",
		short: "pull-incomplete",
		moved: "pull-incomplete",
		circle: "pull-incomplete",
		"cursor-gone": "cursor-gone",
		"not-json": "page-not-json",
		"bad-shape": "page-malformed",
	};

	it("all together, by chance: never a rating that the platform did not have, and the truth at the end", async () => {
		process.stdout.write(`platform faults: seed ${SEED} (LIANGXING_SEED=n runs another)\n`);
		const random = new Prng(SEED);
		for (let round = 0; round < 4; round++) {
			const platform = await platformWith(random.uint32());
			const depot = await depotAt(platform.url, { "source.http.timeoutMs": "150", "source.http.attempts": "3" });
			const had = new Map<string, Set<string>>();
			const remember = () => {
				for (const [certificate, rating] of Object.entries(truthOf(platform.table.newest.rows)))
					had.set(certificate, (had.get(certificate) ?? new Set()).add(JSON.stringify(rating)));
			};
			remember();
			for (let turn = 0; turn < 8; turn++) {
				platform.faults = FAULT_NAMES.filter(() => random.chance(0.5));
				platform.faultRate = random.pick([0.1, 0.4, 1]);
				await codeOf(depot.source.pull());
				// `moved` changes the list by itself.
				remember();
				for (const [certificate, rating] of Object.entries(await depot.truth())) {
					const { grade, score, period, asOf } = rating;
					const text = JSON.stringify({ grade, score, period, asOf });
					if (!platform.faults.includes("moved"))
						expect(had.get(certificate)?.has(text), `seed ${SEED}, round ${round}, turn ${turn}`).toBe(true);
				}
				if (random.chance(0.7)) platform.advance();
				remember();
			}
			platform.faults = [];
			await depot.source.pull();
			for (const { pull } of depot.shell.view.held()) await depot.shell.command({ what: "held-accept", pull: pull.id });
			expect(await depot.truth(), `seed ${SEED}, round ${round}`).toEqual(truthOf(platform.table.newest.rows));
		}
	});
});

describe("the way to a platform", () => {
	it("takes the token from a private file, sends it to the configured platform only, and says it nowhere", async () => {
		const token = "very-secret-platform-token";
		const platform = await platformWith(8, { token });
		const file = join(root, "platform.token");
		writeFileSync(file, `${token}\n`, { mode: 0o600 });
		const depot = await depotAt(platform.url, { "source.http.tokenFile": file });
		expect(await depot.source.pull()).toMatchObject({ status: "applied" });
		expect(JSON.stringify(depot.source.view())).not.toContain(token);
		chmodSync(file, 0o644);
		expect(await codeOf(depot.source.pull())).toBe("file-mode-too-open");
		writeFileSync(file, "wrong\n");
		chmodSync(file, 0o600);
		expect(await codeOf(depot.source.pull())).toBe("platform-refuses-token");
		rmSync(file);
		expect(await codeOf(depot.source.pull())).toBe("platform-token-unusable");
		const seen: (string | undefined)[] = [];
		const other = createServer((request, response) => {
			seen.push(request.headers.authorization);
			response.writeHead(404).end();
		});
		await new Promise<void>((go) => other.listen(0, "127.0.0.1", go));
		writeFileSync(file, `${token}\n`, { mode: 0o600 });
		const address = `http://127.0.0.1:${(other.address() as AddressInfo).port}/x`;
		expect(await codeOf(depot.source.pull(address))).toBe("platform-refuses");
		expect(seen).toEqual([undefined]);
		other.close();
	});

	it("follows no redirect", async () => {
		const reached: string[] = [];
		const server = createServer((request, response) => {
			reached.push(request.url ?? "");
			response.writeHead(302, { location: "/elsewhere" }).end();
		});
		await new Promise<void>((go) => server.listen(0, "127.0.0.1", go));
		const depot = await depotAt(`http://127.0.0.1:${(server.address() as AddressInfo).port}/list`);
		expect(await codeOf(depot.source.pull())).toBe("platform-redirects");
		expect(reached).toEqual(["/list?limit=50"]);
		server.close();
	});

	it("stops reading a page that does not end", async () => {
		let sent = 0;
		const server = createServer((_request, response) => {
			response.writeHead(200, { "content-type": "application/json" });
			const more = () => {
				while (!response.destroyed && response.write("[".repeat(65_536))) sent += 65_536;
				if (!response.destroyed) response.once("drain", more);
			};
			more();
		});
		await new Promise<void>((go) => server.listen(0, "127.0.0.1", go));
		const depot = await depotAt(`http://127.0.0.1:${(server.address() as AddressInfo).port}/list`);
		expect(await codeOf(depot.source.pull())).toBe("page-too-large");
		expect(sent).toBeLessThan(32 * 1024 * 1024);
		server.closeAllConnections();
		server.close();
	});

	it("says that nobody is there, and lets a failed platform rest before the schedule tries again", async () => {
		const depot = await depotAt("http://127.0.0.1:9/list", {
			"source.http.attempts": "1",
			"source.http.schedule": "*/5 * * * *",
		});
		expect(await codeOf(depot.source.pull())).toBe("platform-unreachable");
		const { nextDue, restingUntil, failures } = depot.source.view();
		expect(failures).toBe(1);
		expect(nextDue).toBe(restingUntil);
		expect(Number(restingUntil) - Date.now()).toBeGreaterThan(25_000);
		expect(await codeOf(depot.source.pull())).toBe("platform-unreachable");
		expect(depot.source.view().failures).toBe(2);
	});
});
