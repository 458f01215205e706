import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { dataFolder } from "../../gateway/depot/data-folder.ts";
import { openSqliteStore } from "../../gateway/store/sqlite-store.ts";
import { until } from "../support/broker.ts";
import { addLight, http, post, startTestDepot, tokenOf } from "../support/depot.ts";
import { certificateOf, fleetCsv, plateOf, ratingsCsv, tempFolder, yesterday } from "../support/depot-files.ts";
import { HandLight } from "../support/hand-light.ts";
import { liangxing, liangxingGateway, type RunningGateway } from "../support/liangxing.ts";
import { ROOT } from "../support/source-tree.ts";

const folder = tempFolder("backup");
const cwd = folder.path;
let gateway: RunningGateway | null = null;
const stop = async () => {
	await gateway?.end("SIGTERM");
	gateway = null;
};
afterEach(stop);
afterAll(() => folder.remove());

const run = (...args: string[]) => liangxing(cwd, args);
const jsonOf = (text: string) => JSON.parse(text) as Record<string, unknown>;
const VEHICLES = 40;

async function fill(data: string): Promise<void> {
	for (const what of ["fleet", "ratings"])
		expect((await run(what, "import", `${what}.csv`, "--data", data, "--new")).err).toBe("");
}
beforeAll(() => {
	folder.file("fleet.csv", fleetCsv(VEHICLES));
	folder.file("ratings.csv", ratingsCsv(Array(VEHICLES).fill(20), yesterday()));
});

describe("a backup of a running gateway", () => {
	it("holds what was answered before it, goes on beside sign-ins, and leaves the store locked", async () => {
		await fill("busy");
		gateway = await liangxingGateway(cwd, "busy");
		const base = gateway.http;
		const token = tokenOf(join(cwd, "busy"));
		const duty = (n: number) =>
			post({ http: base, token }, "/api/v1/duty/sign-in", { plate: plateOf(n), certificate: certificateOf(n) });
		for (let n = 1; n <= 10; n++) expect((await duty(n)).status).toBe(200);
		const [made, ...signedIn] = await Promise.all([
			run("backup", "--data", "busy", "--json"),
			...Array.from({ length: VEHICLES - 10 }, (_, i) => duty(i + 11)),
		]);
		expect([made.code, made.err]).toEqual([0, ""]);
		expect(new Set(signedIn.map(({ status }) => status))).toEqual(new Set([200]));
		const told = jsonOf(made.out);
		const copy = await openSqliteStore(String(told["file"]), { fleet: "demo" });
		const { duties } = await copy.load();
		await copy.close();
		for (let n = 1; n <= 10; n++)
			expect([...duties.values()].filter((d) => d.vehicle.endsWith(`${n}`))).not.toEqual([]);
		expect(duties.size).toBeLessThanOrEqual(VEHICLES);
		expect(gateway.log()).toContain('"backup-made"');
		// Another process, which is not told of the gateway, still finds the lock.
		rmSync(dataFolder(join(cwd, "busy")).runtime);
		const other = await run("lights", "list", "--data", "busy");
		expect([other.code, other.err.split(":")[0]]).toEqual([1, "store-locked"]);
	});

	it("is asked for with the token, and names no path", async () => {
		gateway = await liangxingGateway(cwd, "asked");
		const token = tokenOf(join(cwd, "asked"));
		expect((await http(gateway.http, "POST", "/api/v1/backup", {})).status).toBe(401);
		const asked = (body: unknown) => post({ http: (gateway as RunningGateway).http, token }, "/api/v1/backup", body);
		for (const body of [{ dir: "/tmp" }, { keep: 0 }, { keep: "all" }]) expect((await asked(body)).status).toBe(400);
		const answer = await asked({ keep: 1 });
		expect(answer.status).toBe(201);
		expect(String(answer.json["file"])).toContain(join(cwd, "asked", "backups"));
	});

	it("is made by the schedule of the settings", async () => {
		gateway = await liangxingGateway(cwd, "nightly", ["--backup-schedule", "* * * * * *", "--backup-keep", "1"]);
		const dir = join(cwd, "nightly", "backups");
		await until(
			"a backup by the clock",
			() => existsSync(dir) && readdirSync(dir).some((name) => name.endsWith(".db.json")),
			10_000,
		);
		const wrong = await run("gateway", "--data", "nightly", "--backup-schedule", "at night");
		expect([wrong.code, wrong.err.split(":")[0]]).toEqual([2, "config-invalid-value"]);
	});
});

describe("the commands", () => {
	it("refuse what cannot be done, each with its code and its exit code", async () => {
		await fill("refusing");
		writeFileSync(join(cwd, "taken.db"), "mine");
		const calls: [number, string, string[]][] = [
			[1, "no-data-folder", ["backup", "--data", "nowhere"]],
			[1, "backup-exists", ["backup", "taken.db", "--data", "refusing"]],
			[1, "backup-unwritable", ["backup", "no/such/folder/", "--data", "refusing"]],
			[2, "option-invalid", ["backup", "--keep", "none", "--data", "refusing"]],
			[2, "option-conflict", ["backup", "new.db", "--keep", "3", "--data", "refusing"]],
			[2, "file-unreadable", ["restore", "nowhere.db", "--data", "refusing", "--yes"]],
			[1, "backup-manifest-missing", ["restore", "taken.db", "--data", "refusing", "--yes"]],
			[2, "called-wrongly", ["restore"]],
		];
		for (const [code, name, args] of calls) {
			const ran = await run(...args, "--json");
			expect([args, ran.code, ran.err.split(":")[0]]).toEqual([args, code, name]);
		}
		expect(readFileSync(join(cwd, "taken.db"), "utf8")).toBe("mine");
		const below = await liangxing(cwd, ["backup", "--data", "refusing"], { LIANGXING_BACKUP_DIR: "/proc/x/y" });
		expect([below.code, below.err.split(":")[0]]).toEqual([1, "backup-unwritable"]);
	});

	it("name the gateway that must be stopped first", async () => {
		await fill("named");
		const { out } = await run("backup", "--data", "named", "--json");
		gateway = await liangxingGateway(cwd, "named");
		const ran = await run("restore", String(jsonOf(out)["file"]), "--data", "named", "--yes");
		expect([ran.code, ran.err.split(":")[0]]).toEqual([1, "restore-while-running"]);
		expect(ran.err).toContain(gateway.http);
	});

	it("explain themselves in both languages", async () => {
		for (const what of ["backup", "restore"]) {
			expect((await run(what, "--help")).out).toMatch(/Examples:\n {2}\$ liangxing /);
			expect((await run(what, "--help", "--lang", "zh")).out).toMatch(/备份.*\n[\s\S]*例：/);
		}
	});
});

describe("a depot whose store was put back", () => {
	it("blanks its fleet first, shows nobody's stars, and goes on when the driver signs in", async () => {
		const data = join(cwd, "whole");
		let depot = await startTestDepot(data);
		await post(depot, "/api/v1/fleet", fleetCsv(1));
		await post(depot, "/api/v1/ratings", ratingsCsv([20], yesterday()));
		const who = { plate: plateOf(1), certificate: certificateOf(1) };
		const provision = await addLight(depot, plateOf(1));
		await post(depot, "/api/v1/duty/sign-in", who);
		await post(depot, "/api/v1/fleet/blank", {});
		const copy = await post(depot, "/api/v1/backup", {});
		await post(depot, "/api/v1/fleet/blank", {});
		const before = depot.view().epoch;
		await depot.stop();
		const ran = await run("restore", String(copy.json["file"]), "--data", data, "--yes", "--json");
		expect([ran.code, jsonOf(ran.out)]).toMatchObject([
			0,
			{ dutiesEnded: 1, keys: "kept", clock: null, next: ["start", "ratings", "sign-in"] },
		]);
		depot = await startTestDepot(data, { "mqtt.port": new URL(depot.mqtt).port });
		try {
			const light = new HandLight(provision);
			const { lines } = depot;
			await until("the log of the start", () => /"restored"[\s\S]*"notice-sent"/.test(lines.join("\n")));
			expect(depot.view().epoch).toBeGreaterThan(before);
			await light.connect();
			await light.say(Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 1), 5);
			await light.grantWhere(() => true);
			expect(light.grants.map((g) => g.stars)).toEqual([0]);
			expect((await post(depot, "/api/v1/duty/sign-in", who)).status).toBe(200);
			await light.say(Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 2), 0);
			await light.grantWhere((grant) => grant.stars === 5);
			await light.close();
		} finally {
			await depot.stop();
		}
	});
});

/** The commands of the guide, in order, as a reader would copy them. */
function guideCommands(): string[][] {
	const text = readFileSync(join(ROOT, "docs", "backup.md"), "utf8");
	const blocks = [...text.matchAll(/```sh\n([\s\S]*?)```/g)].flatMap((m) => (m[1] ?? "").split("\n"));
	return blocks.map((line) => line.replace(/#.*$/, "").trim().split(/\s+/)).filter((words) => words.length > 1);
}

describe("the guide docs/backup.md", () => {
	it("has commands that do what it says, from the first backup to another machine", async () => {
		await fill("depot");
		for (const name of ["usb", "safe", "moved"]) mkdirSync(join(cwd, name));
		gateway = await liangxingGateway(cwd, "depot");
		const newest = (dir: string) =>
			join(
				dir,
				readdirSync(join(cwd, dir))
					.filter((n) => n.endsWith(".db"))
					.at(-1) ?? "",
			);
		const commands = guideCommands();
		expect(commands.length).toBe(10);
		for (const [npx, name, what = "", ...rest] of commands) {
			expect([npx, name]).toEqual(["npx", "liangxing"]);
			if (what === "restore" || rest.includes("moved")) await stop();
			if (what === "gateway") {
				gateway = await liangxingGateway(cwd, rest[1] ?? "");
				continue;
			}
			const args = rest.map((word) =>
				word === "BACKUP.db" ? newest("usb") : word === "moved/BACKUP.db" ? newest("moved") : word,
			);
			const ran = await run(what, ...args);
			expect([what, ...args, ran.code, ran.err]).toEqual([what, ...args, 0, ""]);
		}
		expect(gateway?.http).toContain("http://127.0.0.1");
		expect((await run("keys", "show", "--data", "new-depot", "--json")).out).toBe(
			(await run("keys", "show", "--data", "depot", "--json")).out,
		);
	});
});
