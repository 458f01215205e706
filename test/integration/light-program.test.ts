import { type ChildProcess, spawn } from "node:child_process";
import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { MqttLink } from "../../device/drivers/mqtt-link.ts";
import { NodeClock, NodeRandom } from "../../device/drivers/node-clock.ts";
import type { LinkMessage } from "../../protocol/ports/link.ts";
import { parseOnline } from "../../protocol/schema/online.ts";
import type { LightReport } from "../../protocol/wire/messages.ts";
import { unseal } from "../../protocol/wire/seal.ts";
import { topicOf } from "../../protocol/wire/topics.ts";
import { startBroker, type TestBroker, until } from "../support/broker.ts";
import { crypto, FLEET, grantMessage, LIGHT, LIGHT_KEY, OTHER_LIGHT, signerOf } from "../support/light-bench.ts";
import { writeProvisioning } from "../support/provisioned.ts";
import { silentLog } from "../support/silent-log.ts";
import { ROOT as PACKAGE } from "../support/source-tree.ts";

/** The program as it is installed: what the build has made of it. */
const PROGRAM = join(PACKAGE, "dist", "device", "main.js");
const clock = new NodeClock();

interface Run {
	readonly child: ChildProcess;
	out: string;
	err: string;
	code: number | null;
}

describe("liangxing-light", () => {
	let folder: string;
	let broker: TestBroker;
	let depot: MqttLink;
	let states: LightReport[];
	let online: boolean | null;
	const runs: Run[] = [];

	function run(args: readonly string[], env: Record<string, string> = {}): Run {
		const child = spawn(process.execPath, [PROGRAM, ...args], {
			env: { PATH: process.env["PATH"] ?? "", ...env },
			stdio: ["ignore", "pipe", "pipe"],
		});
		const result: Run = { child, out: "", err: "", code: null };
		child.stdout?.on("data", (text) => {
			result.out += text;
		});
		child.stderr?.on("data", (text) => {
			result.err += text;
		});
		child.on("close", (code) => {
			result.code = code ?? -1;
		});
		runs.push(result);
		return result;
	}

	async function ended(args: readonly string[], env: Record<string, string> = {}): Promise<Run> {
		const result = run(args, env);
		await until(`the end of ${args.join(" ")}`, () => result.code !== null, 20_000);
		return result;
	}

	async function light(stars: 0 | 1 | 2 | 3 | 4 | 5): Promise<void> {
		await until("a state", () => states.length > 0);
		const ask = states.at(-1)?.ask ?? null;
		depot.publish({ topic: topicOf.grant(FLEET, LIGHT), payload: grantMessage({ stars, ask }), retain: true });
		await until("the star", () => states.at(-1)?.shown === stars);
	}

	async function interrupted(result: Run): Promise<void> {
		result.child.kill("SIGINT");
		await until("the end", () => result.code !== null);
	}

	beforeEach(async () => {
		folder = await mkdtemp(join(tmpdir(), "liangxing-program-"));
		broker = await startBroker();
		states = [];
		online = null;
		depot = new MqttLink({
			broker: broker.url,
			clientId: "depot",
			will: null,
			clock,
			timers: clock,
			random: new NodeRandom(),
			log: silentLog,
		});
		const hear = ({ topic, payload }: LinkMessage) => {
			const state = unseal("state", payload, [LIGHT_KEY.publicKey], crypto);
			if (state.ok) states.push(state.message);
			if (topic === topicOf.online(FLEET, LIGHT)) online = parseOnline(payload)?.online ?? null;
		};
		depot.open([topicOf.state(FLEET, LIGHT), topicOf.online(FLEET, LIGHT)], {
			up: (kept) => kept.forEach(hear),
			down: () => undefined,
			message: hear,
		});
	});

	afterEach(async () => {
		for (const { child, code } of runs.splice(0)) if (code === null) child.kill("SIGKILL");
		await depot.close();
		await broker.end();
		await rm(folder, { recursive: true, force: true });
	});

	it("draws its stars as plain lines off a terminal, and stops dark on Ctrl-C", async () => {
		const file = await writeProvisioning(folder, broker.url);
		const program = run(["--provision", file]);
		await light(4);
		await until("the line", () => program.out.includes("4 stars"));
		expect(program.out).toContain(`${LIGHT} [★★★★☆] 4 stars\n`);
		await interrupted(program);
		expect(program.code).toBe(0);
		expect(program.out.trimEnd().split("\n").at(-1)).toBe(`${LIGHT} [☆☆☆☆☆] no star`);
		expect(program.out).not.toContain("\u001b");
		expect(program.err.trim()).toBe("Stopping: the lamp is dark.");
		await until("its good-bye", () => online === false);
		expect((await readFile(join(folder, `${LIGHT}.memory`, "record.0"))).length).toBeGreaterThan(100);
	});

	it("writes one JSON line for each change, and keeps its session across starts", async () => {
		const file = await writeProvisioning(folder, broker.url);
		const first = run(["--provision", file, "--lamp", "sim", "--json", "--report-s", "5"]);
		await light(2);
		const heard = states.length;
		await until("a report period later", () => states.length > heard);
		await interrupted(first);
		const lines = first.out.trimEnd().split("\n");
		const views = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
		expect(views.at(-1)).toMatchObject({ light: LIGHT, session: 1, pattern: "stars", stars: 2, linkUp: true });
		const second = run(["--provision", file, "--json"]);
		await until("the second session", () => states.at(-1)?.session === 2);
		await interrupted(second);
		expect([first.code, second.code]).toEqual([0, 0]);
	});

	it("says in Chinese what is wrong with a missing or broken file, and leaves with 2", async () => {
		const missing = await ended(["--provision", join(folder, "none.json")], { LANG: "zh_CN.UTF-8" });
		expect(missing.code).toBe(2);
		expect(missing.err).toMatch(/^provision-missing: 找不到开通文件 .*none\.json。\n下一步：/);
		expect(missing.err).toContain("下一步");
		await writeFile(join(folder, "broken.json"), '{"version":1}');
		const broken = await ended(["--provision", join(folder, "broken.json"), "--lang", "zh"]);
		expect(broken.code).toBe(2);
		expect(broken.err).toContain("provision-invalid");
		const mismatch = await writeProvisioning(folder, broker.url, { publicKey: signerOf(99), name: "other.json" });
		const wrong = await ended(["--provision", mismatch]);
		expect([wrong.code, wrong.err]).toEqual([2, expect.stringContaining("provision-key-mismatch")]);
		const option = await ended(["--provision", mismatch, "--lamp", "gas"]);
		expect([option.code, option.err]).toEqual([2, expect.stringContaining("--lamp")]);
		const period = await ended(["--provision", mismatch, "--report-s", "0"]);
		expect([period.code, period.err]).toEqual([2, expect.stringContaining("--report-s")]);
	});

	it("warns of a provisioning file that others can read, and of a broker in the open", async () => {
		const file = await writeProvisioning(folder, broker.url);
		await chmod(file, 0o644);
		const program = run(["--provision", file, "--broker", "mqtt://broker.invalid:1883"]);
		await until("its warnings", () => program.err.includes("broker-plain"));
		expect(program.err).toContain("provision-open");
		expect(program.err).toContain("chmod 600");
		await interrupted(program);
		expect(program.code).toBe(0);
	});

	it("does not start anew over a memory that was lost: the light has to be enrolled again", async () => {
		const file = await writeProvisioning(folder, broker.url);
		const first = run(["--provision", file]);
		await until("its first state", () => states.length > 0);
		await interrupted(first);
		await rm(join(folder, `${LIGHT}.memory`), { recursive: true });
		const second = await ended(["--provision", file]);
		expect(second.code).toBe(1);
		expect(second.err).toContain("identity-lost");
		expect(second.err).toContain("Enrol it again");
		await writeProvisioning(folder, broker.url, { key: 5 });
		const third = run(["--provision", file, "--json"]);
		await until("a fresh start", () => third.out.includes('"session":1'));
		await interrupted(third);
	});

	it("refuses another light's memory, and one that cannot be written", async () => {
		const file = await writeProvisioning(folder, broker.url);
		const first = run(["--provision", file]);
		await until("its first state", () => states.length > 0);
		await interrupted(first);
		const text = (await readFile(file, "utf8")).replace(LIGHT, OTHER_LIGHT);
		const other = join(folder, "other.json");
		await writeFile(other, text, { mode: 0o600 });
		const foreign = await ended(["--provision", other, "--memory", join(folder, `${LIGHT}.memory`)]);
		expect([foreign.code, foreign.err]).toEqual([2, expect.stringContaining("memory-of-another-light")]);
		const unwritable = await ended(["--provision", other, "--memory", join(file, "below-a-file")]);
		expect([unwritable.code, unwritable.err]).toEqual([1, expect.stringContaining("memory-unwritable")]);
	});
});
