import { chmodSync, copyFileSync, cpSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { fleetCsv, ratingsCsv, tempFolder, yesterday } from "../support/depot-files.ts";
import { liangxing, liangxingGateway, type RunningGateway } from "../support/liangxing.ts";

const folder = tempFolder("doctor");
const cwd = folder.path;
const running: RunningGateway[] = [];
afterEach(async () => {
	for (const gateway of running.splice(0)) await gateway.end("SIGKILL");
});
afterAll(() => folder.remove());

interface Found {
	readonly check: string;
	readonly ok: boolean;
	readonly detail: string;
	readonly next: string;
}

/** Free ports, so that what else runs on the machine is no finding. */
const FREE = { LIANGXING_HTTP_PORT: "0", LIANGXING_MQTT_PORT: "0" };

async function doctor(data: string, env: Readonly<Record<string, string>> = {}) {
	const { code, out, err } = await liangxing(cwd, ["doctor", "--data", data, "--json"], { ...FREE, ...env });
	expect(err).toBe("");
	const { ok, findings } = JSON.parse(out) as { ok: boolean; findings: Found[] };
	expect(code).toBe(ok ? 0 : 1);
	expect(ok).toBe(findings.every((f) => f.ok));
	for (const one of findings)
		if (!one.ok) expect([one.check, one.next]).toEqual([one.check, expect.stringMatching(/\w/)]);
	return { ok, findings, bad: findings.filter((f) => !f.ok).map((f) => f.check) };
}

let made = 0;
/** A depot that was started once, has ratings, and is stopped. */
function filled(): string {
	const data = `data${made++}`;
	cpSync(join(cwd, "template"), join(cwd, data), { recursive: true });
	return data;
}
beforeAll(async () => {
	folder.file("fleet.csv", fleetCsv(3));
	folder.file("ratings.csv", ratingsCsv([20, 12, 7], yesterday()));
	const gateway = await liangxingGateway(cwd, "template");
	for (const what of ["fleet", "ratings"]) {
		const ran = await liangxing(cwd, [what, "import", `${what}.csv`, "--data", "template"]);
		expect([what, ran.code, ran.err]).toEqual([what, 0, ""]);
	}
	expect(await gateway.end("SIGTERM")).toBe(0);
});

describe("liangxing doctor", () => {
	it("finds all well in a depot that is stopped, and leaves it as it was", async () => {
		const data = filled();
		const { ok, findings } = await doctor(data);
		expect(findings.map((f) => f.check)).toEqual(
			expect.arrayContaining(["node", "config", "folder", "disk", "keys", "clock", "store", "ports", "broker", "pull"]),
		);
		expect([ok, findings.filter((f) => !f.ok)]).toEqual([true, []]);
		expect((await doctor(data)).ok).toBe(true);
	});

	it("asks a running gateway, whose store it cannot open", async () => {
		const data = filled();
		const gateway = await liangxingGateway(cwd, data);
		running.push(gateway);
		const { ok, findings } = await doctor(data);
		expect([ok, findings.filter((f) => !f.ok)]).toEqual([true, []]);
		expect(findings.find((f) => f.check === "broker")?.detail).toContain(gateway.mqtt);
		expect(findings.find((f) => f.check === "store")?.detail).toContain("in use by the gateway");
		expect(findings.find((f) => f.check === "alarms")?.ok).toBe(true);
	});

	it("without a store ends with a coded error on its JSON line and exit 1, and makes nothing", async () => {
		const ran = await liangxing(cwd, ["doctor", "--data", "nowhere", "--json"]);
		expect(ran.code).toBe(1);
		const last = ran.out.trim().split("\n").at(-1) ?? "";
		expect(JSON.parse(last)).toMatchObject({
			error: { code: "no-data-folder", next: expect.stringMatching(/gateway/) },
		});
		expect(statSync(join(cwd, "nowhere"), { throwIfNoEntry: false })).toBeUndefined();
	});

	it("speaks Chinese, and names the mend", async () => {
		const data = filled();
		chmodSync(join(cwd, data, "token"), 0o644);
		const ran = await liangxing(cwd, ["doctor", "--data", data], { ...FREE, LANG: "zh_CN.UTF-8" });
		expect(ran.code).toBe(1);
		expect(ran.out).toContain("其他用户可读：token");
		expect(ran.out).toContain("chmod 600");
		expect(ran.out).toContain("有 1 项需要处理。");
	});
});

describe("each thing that goes wrong is found, alone, with its mend", () => {
	const faults: readonly (readonly [string, string, (data: string) => Readonly<Record<string, string>> | undefined])[] =
		[
			["keys", "a secret that others can read", (data) => void chmodSync(join(data, "signing.key.pem"), 0o640)],
			[
				"keys",
				"a signing key of another depot",
				(data) => void copyFileSync(join(data, "root.key.pem"), join(data, "signing.key.pem")),
			],
			["keys", "a list of keys that is gone", (data) => void rmSync(join(data, "keys.cose"))],
			["store", "a store that is cut short", (data) => void truncateSync(join(data, "liangxing.db"), 8192)],
			["store", "a store that is none", (data) => void writeFileSync(join(data, "liangxing.db"), "x".repeat(8192))],
			["folder", "a folder open to all", (data) => void chmodSync(data, 0o777)],
			["disk", "too little space", () => ({ LIANGXING_ALARMS_DISK_FREE_MIB: "9999999" })],
			[
				"config",
				"a setting that is none",
				(data) => void writeFileSync(join(data, "liangxing.yaml"), "alarms:\n  pullHuors: 1\n"),
			],
		];
	it.each(faults)("%s: %s", async (check, _name, spoil) => {
		const data = filled();
		const env = spoil(join(cwd, data)) ?? {};
		const { bad } = await doctor(data, env);
		expect(bad).toContain(check);
		// A store that cannot be read says nothing of clock and pulls either way.
		expect(bad.filter((other) => other !== check)).toEqual([]);
	});

	it("ports: one that another program has", async () => {
		const server = createServer();
		await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
		const { port } = server.address() as AddressInfo;
		const { bad, findings } = await doctor(filled(), { LIANGXING_MQTT_PORT: String(port) });
		server.close();
		expect(bad).toEqual(["ports"]);
		expect(findings.find((f) => f.check === "ports")?.next).toContain("mqtt.port");
	});

	it("pull: one that waits for a person, stopped and running", async () => {
		const data = filled();
		folder.file("few.csv", ratingsCsv([20], yesterday()));
		await liangxing(cwd, ["ratings", "import", "few.csv", "--data", data]);
		expect((await doctor(data)).bad).toEqual(["pull"]);
		running.push(await liangxingGateway(cwd, data));
		const { bad, findings } = await doctor(data);
		expect(bad).toEqual(["pull"]);
		expect(findings.find((f) => f.check === "pull")?.next).toContain("held list");
	});

	it("broker: a gateway that was killed left its address, and is not taken for a running one", async () => {
		const data = filled();
		const gateway = await liangxingGateway(cwd, data);
		await gateway.end("SIGKILL");
		expect(readFileSync(join(cwd, data, "gateway.json"), "utf8")).toContain("mqtt://");
		const { ok, findings } = await doctor(data);
		expect(ok).toBe(true);
		expect(findings.find((f) => f.check === "broker")?.detail).toBe("no gateway runs");
	});
});

describe("liangxing alarms", () => {
	it("needs a running gateway, and lists what stands there", async () => {
		const data = filled();
		const none = await liangxing(cwd, ["alarms", "--data", data, "--json"]);
		expect([none.code, JSON.parse(none.out)]).toMatchObject([1, { error: { code: "gateway-not-running" } }]);
		running.push(await liangxingGateway(cwd, data));
		const ran = await liangxing(cwd, ["alarms", "--data", data, "--json"]);
		expect([ran.code, JSON.parse(ran.out)]).toMatchObject([0, { alarms: [], hooks: [] }]);
		expect((await liangxing(cwd, ["alarms", "--data", data])).out).toContain("No alarm stands.");
	});

	it("sends a test message through the running gateway, and without one", async () => {
		const got: string[] = [];
		const server = createServer((request, response) => {
			request.setEncoding("utf8").on("data", (part: string) => got.push(part));
			request.on("end", () => response.writeHead(204).end());
		});
		await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
		const { port } = server.address() as AddressInfo;
		const data = filled();
		writeFileSync(join(cwd, data, "liangxing.yaml"), `alarms:\n  webhook:\n    url: http://127.0.0.1:${port}/x\n`);
		const alone = await liangxing(cwd, ["alarms", "test", "--data", data, "--json"]);
		expect([alone.code, JSON.parse(alone.out)]).toMatchObject([
			0,
			{ ok: true, hooks: [{ hook: "webhook", ok: true }] },
		]);
		running.push(await liangxingGateway(cwd, data));
		const through = await liangxing(cwd, ["alarms", "test", "--data", data]);
		expect([through.code, through.err]).toEqual([0, ""]);
		server.close();
		expect(got.map((text) => JSON.parse(text).event)).toEqual(["test", "test"]);
		const gone = await liangxing(cwd, ["alarms", "test", "--data", data, "--json"]);
		expect([gone.code, JSON.parse(gone.out)]).toMatchObject([
			1,
			{ ok: false, hooks: [{ error: { code: "alarm-not-sent" } }] },
		]);
	});
});
