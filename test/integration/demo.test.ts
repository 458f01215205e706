import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { pickPorts } from "../../simulator/fleet/demo-ports.ts";
import { until } from "../support/broker.ts";
import { tempFolder } from "../support/depot-files.ts";
import { ROOT } from "../support/source-tree.ts";

/** The built demo, from the outside. */
function demo(args: readonly string[], more: Readonly<Record<string, string>> = {}) {
	const env = { PATH: process.env["PATH"] ?? "", LANG: "C", ...more };
	const child = spawn(process.execPath, [join(ROOT, "dist", "simulator", "main.js"), "demo", ...args], { env });
	const ran = { child, out: "", err: "", closed: once(child, "close") as Promise<[number | null]> };
	child.stdout.setEncoding("utf8").on("data", (text: string) => {
		ran.out += text;
	});
	child.stderr.setEncoding("utf8").on("data", (text: string) => {
		ran.err += text;
	});
	return ran;
}

/** A port that another program has, while `use` runs. */
async function withTakenPort(use: (port: number) => Promise<void>): Promise<void> {
	const server = createServer();
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	const address = server.address();
	try {
		await use(typeof address === "object" && address !== null ? address.port : 0);
	} finally {
		server.close();
	}
}

/** Whether a process is no more, or only waits for its parent to notice. */
function isDead(pid: number): boolean {
	try {
		return /^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
	} catch {
		return true;
	}
}

describe("the demo's ports", () => {
	it.each(["http", "mqtt"] as const)("refuse a taken %s port that was asked for, and name it", (name) =>
		withTakenPort(async (port) => {
			const free = { port: 0, explicit: false };
			const wishes = { http: free, mqtt: free, [name]: { port, explicit: true } };
			await expect(pickPorts(wishes, () => undefined)).rejects.toMatchObject({
				code: "port-taken",
				message: expect.stringContaining(String(port)),
				next: expect.stringContaining(`--${name}-port`),
			});
		}),
	);

	it("say it when a usual one is taken, and take a free one for that one only", () =>
		withTakenPort(async (port) => {
			const said: number[][] = [];
			const http = { port, explicit: false };
			const mqtt = { port: 1, explicit: false };
			const picked = await pickPorts({ http, mqtt }, (...ports) => said.push(ports));
			expect([picked, said]).toEqual([{ http: 0, mqtt: 1 }, [[port, 1]]]);
		}));
});

describe("liangxing-sim demo", () => {
	it("--until-lit ends with an error where an explicit port is taken", () =>
		withTakenPort(async (port) => {
			const ran = demo(["--lights", "2", "--until-lit", "--json", "--http-port", String(port)]);
			const [code] = await ran.closed;
			expect(code).toBe(1);
			expect(ran.err).toContain("port-taken");
			expect(ran.err).toContain(String(port));
			expect(ran.out).not.toContain('"lit"');
		}));

	it.each([
		["en", "Stopped."],
		["zh", "已停止。"],
	])("in %s says that it has stopped when all of it has", async (lang, word) => {
		const ran = demo(["--lights", "2", "--http-port", "0", "--mqtt-port", "0", "--lang", lang]);
		await until("the demo runs", () => /Ctrl-C/.test(ran.out), 30_000);
		ran.child.kill("SIGINT");
		const [code] = await ran.closed;
		expect(code).toBe(0);
		expect(ran.out.trimEnd().split("\n").at(-1)).toBe(word);
	});

	describe("with its temporary folder", () => {
		const temp = tempFolder("demo-temp");
		afterAll(() => temp.remove());
		const left = () => readdirSync(temp.path);
		const running = async () => {
			const ran = demo(["--lights", "2", "--http-port", "0", "--mqtt-port", "0"], { TMPDIR: temp.path });
			await until("the demo runs", () => /Ctrl-C/.test(ran.out), 30_000);
			return ran;
		};

		it("leaves none behind, nor its gateway, when a second Ctrl-C cuts the end short", async () => {
			const ran = await running();
			const [data = ""] = left();
			const { pid } = JSON.parse(readFileSync(join(temp.path, data, "gateway.json"), "utf8")) as { pid: number };
			// A gateway that does not hear the request to stop: the end takes its time.
			process.kill(pid, "SIGSTOP");
			ran.child.kill("SIGINT");
			await until("the demo is about to stop", () => ran.out.includes("Stopping"));
			const ended = () => ran.child.exitCode !== null;
			await until("it ends at once", () => ended() || !ran.child.kill("SIGINT") || ended(), 4_000);
			expect(await ran.closed).toEqual([130, null]);
			expect(ran.out).not.toContain("Stopped.");
			expect(left()).toEqual([]);
			await until("its gateway is dead", () => isDead(pid));
		});

		it("takes one Ctrl-C that comes twice, as under npm, for one: it ends in order", async () => {
			const ran = await running();
			ran.child.kill("SIGINT");
			ran.child.kill("SIGTERM");
			expect(await ran.closed).toEqual([0, null]);
			expect(ran.out.trimEnd().split("\n").at(-1)).toBe("Stopped.");
			expect(left()).toEqual([]);
		});
	});
});
