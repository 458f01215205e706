import { spawnSync } from "node:child_process";
import { on, once } from "node:events";
import { cpSync, existsSync, readdirSync, readFileSync, statSync, watch, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { cellWidth } from "../../gateway/cli/table.ts";
import { dataFolder, readRuntime, writeRuntime } from "../../gateway/depot/data-folder.ts";
import { parseProvision } from "../../protocol/schema/provision.ts";
import { certificateOf, fleetCsv, plateOf, ratingsCsv, tempFolder, yesterday } from "../support/depot-files.ts";
import { liangxing, liangxingGateway, MAIN, type RunningGateway, start } from "../support/liangxing.ts";

const folder = tempFolder("cli");
const cwd = folder.path;
const running: RunningGateway[] = [];
afterEach(async () => {
	for (const gateway of running.splice(0)) await gateway.end("SIGKILL");
});
afterAll(() => folder.remove());

const run = (...args: string[]) => liangxing(cwd, args);
const jsonOf = (text: string) => JSON.parse(text) as Record<string, unknown>;

async function gatewayIn(data: string, ...args: string[]): Promise<RunningGateway> {
	const gateway = await liangxingGateway(cwd, data, args);
	running.push(gateway);
	return gateway;
}

let made = 0;
/** A data folder with three vehicles, rated 20, 12 and 7, filled without a gateway; a copy each, for two commands cost a second. */
function filled(data = `data${made++}`): string {
	cpSync(join(cwd, "template"), join(cwd, data), { recursive: true });
	return data;
}
beforeAll(async () => {
	folder.file("fleet.csv", fleetCsv(3));
	folder.file("ratings.csv", ratingsCsv([20, 12, 7], yesterday()));
	for (const what of ["fleet", "ratings"]) {
		const ran = await run(what, "import", `${what}.csv`, "--data", "template", "--new");
		expect([what, ran.code, ran.err]).toEqual([what, 0, ""]);
	}
});

describe("every command", () => {
	it("explains itself with examples, in English or in Chinese", async () => {
		for (const args of [
			["--help"],
			["gateway", "--help"],
			["ratings", "import", "--help"],
			["lights", "add", "--help"],
			["ratings", "--help"],
			["fleet", "--help"],
			["lights", "--help"],
			["clock", "--help"],
			["keys", "--help"],
		]) {
			const en = await run(...args);
			expect([args, en.code, en.err]).toEqual([args, 0, ""]);
			expect(en.out).toMatch(/Examples:\n {2}\$ liangxing /);
		}
		const zh = await liangxing(cwd, ["lights", "add", "--help"], { LANG: "zh_CN.UTF-8" });
		expect(zh.out).toContain("登记新顶灯");
		expect((await run("lights", "add", "--help", "--lang", "zh")).out).toContain("例：");
	});

	it("called wrongly exits 2 and says how to call it", async () => {
		const calls = [
			[],
			["nonsense"],
			["ratings", "import"],
			["ratings", "held", "accept"],
			["ratings", "held", "burn"],
			["lights", "add"],
			["lights", "add", "PDS00000001J", "--out", "x.json"],
			["lights", "add", "--count", "2", "--out", "x.json"],
			["gateway", "--lease-s", "5"],
			["gateway", "--http-host", "0.0.0.0"],
			["gateway", "--what"],
			["gateway", "--config", "nowhere.yaml"],
		];
		for (const args of calls) {
			const ran = await run(...args, ...(args.length > 0 ? ["--data", "wrong"] : []));
			expect([args, ran.code]).toEqual([args, 2]);
			expect(ran.err).toMatch(/(^|\n)[a-z-]+: .+\nnext: .+\n$/);
			expect(ran.err.startsWith("Usage:")).toBe(args.length === 0);
		}
		expect(existsSync(join(cwd, "wrong"))).toBe(false);
	});

	it("called wrongly names the help of that very command, in JSON too and in Chinese", async () => {
		const missing = await run("ratings", "import", "--json");
		expect(missing.err).toMatch(/^called-wrongly: .+\nnext: liangxing ratings import --help\n$/);
		expect(jsonOf(missing.out)).toEqual({
			error: {
				code: "called-wrongly",
				message: "Missing required argument 'file'.",
				next: "liangxing ratings import --help",
			},
		});
		const zh = await run("lights", "list", "--lang", "zh", "--nonsense");
		expect(zh.err).toBe("called-wrongly: 没有选项 --nonsense。\n下一步：liangxing lights list --help\n");
	});

	it("that reads a file says with 2 that it is not there, naming it as it was given", async () => {
		for (const args of [
			["ratings", "import", "sub/none.csv"],
			["ratings", "import", "sub/none.csv", "--dry-run"],
			["fleet", "import", "sub/none.csv"],
			["fleet", "import", "sub/none.csv", "--dry-run"],
		]) {
			const ran = await run(...args, "--json");
			expect([args, ran.code, ran.err]).toEqual([
				args,
				2,
				expect.stringMatching(/^file-not-found: .* sub\/none\.csv\./),
			]);
			expect(jsonOf(ran.out)).toMatchObject({ error: { code: "file-not-found" } });
		}
	});

	it("that changes a depot makes none of a mistyped folder, unless it is told to", async () => {
		for (const args of [
			["fleet", "import", "fleet.csv"],
			["fleet", "import", "fleet.csv", "--dry-run"],
			["ratings", "import", "ratings.csv"],
			["lights", "add", "--out", "typo.json"],
			["lights", "bind", "PDS00000001H", "豫DT0001"],
			["clock", "accept"],
		]) {
			const ran = await run(...args, "--data", "typo");
			expect([args, ran.code, ran.err]).toEqual([args, 1, expect.stringMatching(/^no-data-folder: /)]);
		}
		expect([existsSync(join(cwd, "typo")), existsSync(join(cwd, "typo.json"))]).toEqual([false, false]);
		const made = await run("fleet", "import", "fleet.csv", "--data", "typo", "--new");
		expect([made.code, existsSync(join(cwd, "typo", "liangxing.db"))]).toEqual([0, true]);
	});

	it("that makes a folder ends soon and in words where none can be made: below /proc, and where a file stands", async () => {
		for (const dir of ["/proc/x", "/proc/x/y", "fleet.csv", "fleet.csv/y"]) {
			const added = await run("lights", "add", "--count", "2", "--out-dir", dir, "--data", "no-out-dir", "--new");
			expect([dir, added.code, added.err.split(":")[0]]).toEqual([dir, 1, "file-unwritable"]);
		}
		expect(existsSync(join(cwd, "no-out-dir"))).toBe(false);
	});

	it("tries a fleet file out where no depot is yet, and leaves none behind", async () => {
		const dry = tempFolder("cli-fleet-dry");
		dry.file("fleet.csv", fleetCsv(3));
		const ran = await liangxing(dry.path, ["fleet", "import", "fleet.csv", "--dry-run", "--json"]);
		expect([ran.code, ran.err]).toEqual([0, ""]);
		expect(jsonOf(ran.out)).toMatchObject({ vehicles: 3, added: 3, dryRun: true });
		expect(readdirSync(dry.path)).toEqual(["fleet.csv"]);
		dry.remove();
	});

	it("names key, value and mend of a wrong setting", async () => {
		const data = tempFolder("cli-config");
		data.file("liangxing.yaml", "http:\n  prot: 1\n");
		const ran = await run("gateway", "--data", data.path);
		expect([ran.code, ran.err]).toEqual([
			2,
			expect.stringMatching(/^config-unknown-key: .*http\.prot = 1.*\n.*http\.port/),
		]);
		data.remove();
	});

	it("prints the settings in force with both figures of the bound", async () => {
		const ran = await run("gateway", "--print-config", "--data", "wrong", "--resumes", "1", "--resume-s", "60");
		expect(ran.out).toContain("bound, with power: dark at the latest 3600 s");
		expect(ran.out).toContain("1 x 60 = 60 s");
		const json = jsonOf((await run("gateway", "--print-config", "--json", "--data", "wrong")).out);
		expect(json["bound"]).toEqual({ poweredS: 3600, afterCutS: 0 });
	});
});

/** Runs a line as it was printed, by a shell; what it prints. */
function pasted(line: string): string {
	const script = `liangxing() { '${process.execPath}' '${MAIN}' "$@"; }\n${line}`;
	return spawnSync("sh", ["-c", script], { cwd, encoding: "utf8", env: { PATH: process.env["PATH"], LANG: "C" } })
		.stdout;
}

describe("a next step that is printed", () => {
	it("can be pasted: it names the folder that the command was given, quoted where a shell needs it", async () => {
		const data = filled("a depot's data");
		const named = "--data 'a depot'\\''s data'";
		folder.file("few.csv", ratingsCsv([20], yesterday()));
		const held = await run("ratings", "import", "few.csv", "--data", data);
		const [accept, reject] = (held.out.split("next: ")[1] ?? "").trimEnd().split("  or  ");
		expect(accept).toBe(`liangxing ratings held accept P000002 ${named}`);
		expect(pasted(reject ?? "")).toContain("P000002 is rejected");
		const gone = await run("ratings", "held", "reject", "P000002", `--data=${data}`, "--json");
		expect(gone.err).toContain(`next: See which are: liangxing ratings held list ${named}.\n`);
		expect(jsonOf(gone.out)).toMatchObject({ error: { next: `See which are: liangxing ratings held list ${named}.` } });
		const list = await run("lights", "--data", data);
		expect(list.out).toBe(`No light yet.\nnext: liangxing lights add --out light.json ${named}\n`);
		const { findings } = jsonOf((await run("doctor", "--data", data, "--json")).out);
		expect(findings).toContainEqual(expect.objectContaining({ next: `Start it: liangxing gateway ${named}` }));
	});

	it("has no folder where none was given", async () => {
		const ran = await liangxing(cwd, ["ratings", "held", "accept", "--lang", "zh"], { LIANGXING_DATA: "template" });
		expect(ran.err).toMatch(/\n下一步：用 liangxing ratings held 查看编号。\n$/);
	});
});

describe("checking a rating file", () => {
	it("needs no settings, no data folder and no gateway, and makes none", async () => {
		const dry = tempFolder("cli-dry");
		dry.file("r.csv", ratingsCsv([20, 12, null], yesterday()));
		const ran = await liangxing(dry.path, ["ratings", "import", "r.csv", "--dry-run", "--json"]);
		expect([ran.code, ran.err]).toEqual([0, ""]);
		expect(jsonOf(ran.out)).toMatchObject({ rows: 3, accepted: 3, grades: { AAA: 1, AA: 1, unrated: 1 } });
		expect(readdirSync(dry.path)).toEqual(["r.csv"]);
		dry.remove();
	});
});

describe("without a running gateway", () => {
	it("commands work on the store: a light is added, bound and listed, its file for the owner only", async () => {
		const data = filled();
		const add = await run("lights", "add", "PDS00000001H", "--out", "one.json", "--data", data, "--json");
		expect([add.code, add.err]).toEqual([0, ""]);
		expect(statSync(join(cwd, "one.json")).mode & 0o777).toBe(0o600);
		expect(parseProvision(readFileSync(join(cwd, "one.json"), "utf8"))).toMatchObject({
			light: "PDS00000001H",
			fleet: "demo",
		});
		const again = await run("lights", "add", "PDS00000001H", "--out", "two.json", "--data", data);
		expect([again.code, again.err]).toEqual([1, expect.stringMatching(/^light-exists: /)]);
		expect(existsSync(join(cwd, "two.json"))).toBe(false);
		const over = await run("lights", "add", "--out", "one.json", "--data", data);
		expect([over.code, over.err]).toEqual([1, expect.stringMatching(/^file-exists: /)]);
		expect((await run("lights", "bind", "PDS00000001H", "豫dt-0001", "--data", data)).code).toBe(0);
		const many = await run("lights", "add", "--count", "3", "--out-dir", "many", "--data", data, "--json");
		expect((jsonOf(many.out)["lights"] as unknown[]).length).toBe(3);
		const listed = jsonOf((await run("lights", "list", "--json", "--data", data)).out);
		expect(listed["gateway"]).toEqual({ running: false, newestReportAgeS: null });
		const list = listed["lights"] as Record<string, unknown>[];
		expect(list).toHaveLength(4);
		for (const row of list) expect(row).not.toHaveProperty("status");
		expect(list).toContainEqual(expect.objectContaining({ light: "PDS00000001H", plate: plateOf(1), desired: 0 }));
		const table = (await run("lights", "--data", data)).out.trimEnd().split("\n");
		expect(table.at(-2)).toContain("No gateway runs");
		const at = (line: string | undefined, word: RegExp) => cellWidth((line ?? "").slice(0, line?.search(word)));
		expect(
			at(
				table.find((l) => l.includes("豫")),
				/silent/,
			),
		).toBe(at(table[0], /last status/));
	});

	it("a pull that changes too much is held, listed, and put in force or dropped by a person", async () => {
		const data = filled();
		folder.file("few.csv", ratingsCsv([20], yesterday()));
		const held = await run("ratings", "import", "few.csv", "--data", data);
		expect([held.code, held.err]).toEqual([0, ""]);
		expect(held.out).toMatch(/^Not in force: held for a person, since it removes too many drivers\. /);
		expect(held.out).toContain("next: liangxing ratings held accept ");
		const list = jsonOf((await run("ratings", "held", "--json", "--data", data)).out)["held"] as { id: string }[];
		expect(list).toMatchObject([{ removed: 2, heldFor: ["removes-too-many"] }]);
		const id = list[0]?.id ?? "";
		expect((await run("ratings", "held", "--data", data)).out).toContain(id);
		expect((await run("ratings", "held", "accept", id, "--data", data)).code).toBe(0);
		const gone = await run("ratings", "held", "reject", id, "--data", data);
		expect([gone.code, gone.err]).toEqual([1, expect.stringMatching(/^pull-not-held: /)]);
		expect((await run("ratings", "held", "--data", data)).out).toBe("Nothing is held.\n");
	});

	it("a dry run foresees what an import would do, from the store and through the gateway, and changes nothing", async () => {
		const data = filled();
		folder.file("few.csv", ratingsCsv([20], yesterday()));
		folder.file("more.csv", ratingsCsv([20, 12, 7, 9], yesterday()));
		const dry = (file: string, ...more: string[]) =>
			run("ratings", "import", file, "--dry-run", "--data", data, ...more);
		const would = async (file: string) => jsonOf((await dry(file, "--json")).out)["would"];
		const none = { added: 0, changed: 0, removed: 0, lowered: 0, heldFor: [] };
		const foreseen = async () => [await would("few.csv"), await would("more.csv"), await would("ratings.csv")];
		const expected = [
			{ ...none, status: "held", removed: 2, heldFor: ["removes-too-many"] },
			{ ...none, status: "applied", added: 1 },
			{ ...none, status: "unchanged" },
		];
		expect(await foreseen()).toEqual(expected);
		const gateway = await gatewayIn(data);
		expect(await foreseen()).toEqual(expected);
		const text = await dry("few.csv");
		expect([text.code, text.out]).toEqual([
			0,
			expect.stringContaining("would be held for a person, since it removes too many drivers"),
		]);
		expect((await dry("more.csv", "--lang", "zh")).out).toContain("导入后立即生效（驾驶员：新增 1");
		expect((await run("ratings", "held", "--data", data)).out).toBe("Nothing is held.\n");
		expect(await gateway.end("SIGTERM")).toBe(0);
		const keys = Object.keys(jsonOf((await run("ratings", "import", "few.csv", "--dry-run", "--json")).out));
		expect(keys).toEqual(["rows", "accepted", "grades", "quarantined", "notes"]);
	});

	it("shows public keys only", async () => {
		const data = filled();
		const ran = await run("keys", "show", "--json", "--data", data);
		expect(jsonOf(ran.out)).toMatchObject({ fleet: "demo", rootKeyHere: true });
		expect(ran.out).not.toContain("PRIVATE");
		expect((await run("keys", "show", "--data", "nowhere")).err).toMatch(/^no-data-folder: /);
	});
});

describe("with a running gateway", () => {
	it("commands go through it, and what they did is there after its end", async () => {
		const data = filled();
		const gateway = await gatewayIn(data);
		expect(readRuntime(dataFolder(join(cwd, data)))).toMatchObject({ http: gateway.http, mqtt: gateway.mqtt });
		const file = `light-${data}.json`;
		expect((await run("lights", "add", "--out", file, "--data", data)).code).toBe(0);
		const { light, broker } = parseProvision(readFileSync(join(cwd, file), "utf8"));
		expect(broker).toBe(gateway.mqtt);
		expect((await run("lights", "bind", light, plateOf(2), "--data", data)).code).toBe(0);
		expect((await run("lights", "bind", light, "豫DX9999", "--data", data)).err).toMatch(/^vehicle-unknown: /);
		expect((await run("fleet", "import", "fleet.csv", "--dry-run", "--data", data)).out).toContain("0 changed");
		expect((await run("ratings", "import", "ratings.csv", "--data", data)).out).toContain("nothing changed");
		expect((await run("ratings", "held", "--data", data)).code).toBe(0);
		expect((await run("clock", "accept", "--data", data)).code).toBe(0);
		expect(Object.keys(jsonOf((await run("lights", "--json", "--data", data)).out))).toEqual(["lights"]);
		folder.file("empty.csv", "");
		const empty = await run("ratings", "import", "empty.csv", "--data", data);
		expect(empty.err).toBe((await run("ratings", "import", "empty.csv", "--dry-run")).err);
		expect([empty.code, empty.err]).toEqual([1, expect.stringMatching(/^file-empty: empty\.csv /)]);
		expect(await gateway.end("SIGTERM")).toBe(0);
		expect(existsSync(join(cwd, data, "gateway.json"))).toBe(false);
		expect((await run("lights", "--data", data)).out).toContain(plateOf(2));
		expect(gateway.log()).toContain("gateway-stopped");
		for (const secret of [certificateOf(1), readFileSync(join(cwd, data, "token"), "utf8").trim(), "PRIVATE"])
			expect(gateway.log()).not.toContain(secret);
	});

	it("a second gateway, a taken port, a wrong fleet are refused with a code and the next step", async () => {
		const data = filled();
		const gateway = await gatewayIn(data);
		const second = await run("gateway", "--data", data, "--http-port", "0", "--mqtt-port", "0");
		expect([second.code, second.err]).toEqual([1, expect.stringMatching(/store-locked: [^\n]+\nnext: /)]);
		expect(second.err).toContain(gateway.http);
		const port = new URL(gateway.http).port;
		const taken = await run("gateway", "--data", "other", "--http-port", port, "--mqtt-port", "0");
		expect([taken.code, taken.err]).toEqual([1, expect.stringMatching(/port-taken: [^\n]+\nnext: /)]);
		expect(await gateway.end("SIGINT")).toBe(0);
		const fleet = await run("gateway", "--data", data, "--fleet", "other");
		expect([fleet.code, fleet.err]).toEqual([1, expect.stringMatching(/fleet-mismatch: /)]);
	});
});

describe("a gateway that is told to stop while it still starts", () => {
	it("stops cleanly once it has started, and leaves no trace of running", async () => {
		const seen = watch(cwd);
		const child = start(["gateway", "--data", "hasty", "--http-port", "0", "--mqtt-port", "0"], cwd);
		const closed = once(child, "close");
		for await (const [, name] of on(seen, "change")) if (name === "hasty") break;
		seen.close();
		child.kill("SIGTERM");
		expect(await closed).toEqual([0, null]);
		expect(existsSync(join(cwd, "hasty", "gateway.json"))).toBe(false);
	});
});

describe("a gateway whose log nobody reads any more", () => {
	it("stops all the same when it is told to", async () => {
		const child = start(["gateway", "--data", "unread", "--http-port", "0", "--mqtt-port", "0"], cwd);
		const exit = once(child, "exit");
		await once(child.stdout as Readable, "data");
		child.stderr?.destroy();
		child.kill("SIGTERM");
		expect(await exit).toEqual([0, null]);
	});
});

describe("after kill -9", () => {
	it("commands work on the store, and the next gateway takes the folder over", async () => {
		const data = filled();
		const gateway = await gatewayIn(data);
		expect((await run("lights", "add", "--out", `k-${data}.json`, "--data", data)).code).toBe(0);
		expect(await gateway.end("SIGKILL")).toBe("SIGKILL");
		expect(existsSync(join(cwd, data, "gateway.json"))).toBe(true);
		const list = await run("lights", "--json", "--data", data);
		expect(jsonOf(list.out)["lights"]).toHaveLength(1);
		const next = await gatewayIn(data);
		expect(await next.end("SIGTERM")).toBe(0);
	});

	it("the token is not told to another program on the port that was the gateway's", async () => {
		const data = filled();
		const heard: string[] = [];
		const stranger = createServer((request, response) => {
			heard.push(`${request.method} ${request.url} ${JSON.stringify(request.headers)}`);
			response.setHeader("content-type", "application/json").end('{"ok":true,"program":"liangxing","instance":"x"}');
		});
		await new Promise<void>((resolve) => stranger.listen(0, "127.0.0.1", resolve));
		const http = `http://127.0.0.1:${(stranger.address() as AddressInfo).port}`;
		writeRuntime(dataFolder(join(cwd, data)), { pid: 1, instance: "y", http, mqtt: "mqtt://127.0.0.1:1" });
		const ran = await run("lights", "add", "--out", `s-${data}.json`, "--data", data);
		await new Promise((resolve) => stranger.close(resolve));
		expect([ran.code, ran.err]).toEqual([0, ""]);
		expect(heard).toHaveLength(1);
		expect(heard[0]).not.toContain("Bearer");
	});
});

describe("what the disk refuses", () => {
	it("is said with a code: a folder that is a file, a store that is none", async () => {
		folder.file("plain", "x");
		const file = await run("gateway", "--data", "plain", "--http-port", "0", "--mqtt-port", "0");
		expect([file.code, file.err]).toEqual([1, expect.stringMatching(/data-folder-unwritable: [^\n]+\nnext: /)]);
		const data = filled();
		writeFileSync(join(cwd, data, "liangxing.db"), "no store at all, but long enough to be read as one".repeat(50));
		const broken = await run("lights", "--data", data);
		expect([broken.code, broken.err]).toEqual([1, expect.stringMatching(/store-corrupt: [^\n]+\nnext: /)]);
	});
});
