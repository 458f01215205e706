import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { join } from "node:path";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { startDepot } from "../../gateway/depot/depot.ts";
import { NodeClock } from "../../gateway/depot/node-clock.ts";
import type { Log } from "../../protocol/ports/log.ts";
import { settingsIn, startTestDepot } from "../support/depot.ts";
import { tempFolder } from "../support/depot-files.ts";
import { silentLog } from "../support/silent-log.ts";

const folder = tempFolder("depot-start");
const servers: Server[] = [];
afterEach(() => {
	for (const server of servers.splice(0)) server.close();
});
afterAll(() => folder.remove());

/** A port that another program has. */
async function takenPort(): Promise<number> {
	const server = createServer();
	servers.push(server);
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	const address = server.address();
	return typeof address === "object" && address !== null ? address.port : 0;
}

const clock = new NodeClock();
const start = (data: string, flags: Record<string, string> = {}, log: Log = silentLog) =>
	startDepot({ ...settingsIn(folder.path, flags), data }, { clock, timers: clock, soon: setImmediate, log });

describe("a gateway's first start that fails", () => {
	it.each(["http", "mqtt"])("at a taken %s port leaves nothing behind, neither folder nor keys", async (name) => {
		const data = join(folder.path, `taken-${name}`);
		const port = String(await takenPort());
		await expect(start(data, { [`${name}.port`]: port })).rejects.toMatchObject({
			code: "port-taken",
			message: expect.stringContaining(port),
			next: expect.stringMatching(name === "http" ? "--http-port" : "mqtt.port"),
		});
		expect(existsSync(data)).toBe(false);
	});

	it("below /proc ends soon and in words", { timeout: 5_000 }, async () => {
		for (const data of ["/proc/liangxing", "/proc/liangxing/depot"])
			await expect(start(data)).rejects.toMatchObject({ code: "data-folder-unwritable" });
	});

	it("says in plain words that a file is no folder", async () => {
		const file = join(folder.path, "a-file");
		writeFileSync(file, "x");
		await expect(start(file)).rejects.toMatchObject({
			code: "data-folder-unwritable",
			message: `${file} is a file, not a folder.`,
		});
		await expect(start(join(file, "depot"))).rejects.toMatchObject({
			code: "data-folder-unwritable",
			message: expect.stringContaining(`${file} is a file, not a folder`),
		});
	});
});

describe("a gateway that is started a second time", () => {
	it("is told that its store is in use rather than that its own port is taken", async () => {
		const data = join(folder.path, "twice");
		const first = await start(data);
		const http = new URL(first.http).port;
		await expect(start(data, { "http.port": http })).rejects.toMatchObject({ code: "store-locked" });
		await first.stop();
		expect(readdirSync(data)).toContain("keys.cose");
	});
});

describe("what a gateway logs at its start", () => {
	it("waits until its caller has greeted, and none of it is lost", async () => {
		const said: string[] = [];
		const note = (code: string) => void said.push(code);
		const log: Log = { debug: note, info: note, warn: note, error: note, child: () => log };
		const depot = await start(join(folder.path, "greeting"), {}, log);
		said.push("greeting");
		await new Promise((resolve) => setTimeout(resolve, 20));
		await depot.stop();
		expect(said[0]).toBe("greeting");
		expect(said).toContain("gateway-started");
		expect(said.at(-1)).toBe("gateway-stopped");
	});

	it("is written before a stop that comes at once", async () => {
		const depot = await startTestDepot(join(folder.path, "short"));
		await depot.stop();
		const codes = depot.lines.map((line) => JSON.parse(line).code);
		expect(codes).toContain("gateway-started");
		expect(codes.at(-1)).toBe("gateway-stopped");
	});
});
