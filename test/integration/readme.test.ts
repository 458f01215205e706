import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterAll, describe, expect, it } from "vitest";
import { ROOT } from "../support/source-tree.ts";

/** The commands of "A depot of your own", as a reader would copy them, in both languages. */
function depotCommands(file: string): string[] {
	const text = readFileSync(join(ROOT, file), "utf8");
	const block = [...text.matchAll(/```sh\n([\s\S]*?)```/g)]
		.map((m) => m[1] ?? "")
		.find((b) => b.includes("fleet import"));
	return (block ?? "")
		.split("\n")
		.map((line) => line.replace(/#.*$/, "").trim())
		.filter((line) => line !== "");
}

const PROGRAMS: Readonly<Record<string, string>> = {
	liangxing: join(ROOT, "dist", "gateway", "main.js"),
	"liangxing-light": join(ROOT, "dist", "device", "main.js"),
};

const folders: string[] = [];
const running: ChildProcess[] = [];
afterAll(async () => {
	for (const child of running) {
		child.kill("SIGTERM");
		if (child.exitCode === null) await once(child, "exit");
	}
	for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

const PLATE = "豫DT0001";
const CERTIFICATE = "TEST-CARD-0001";
/** A month ago: young enough for a star on any day. */
const AS_OF = new Date(Date.now() - 30 * 86_400_000).toISOString().slice(0, 10);
const FLEET = `车牌号,车牌颜色,所属企业,终端号,主班从业资格证号,副班从业资格证号\n${PLATE},1,测试出租,,${CERTIFICATE},\n`;
const RATINGS = `序号,从业资格证号,考核周期,得分,考核等级,考核日期\n1,${CERTIFICATE},本年度,12,AA,${AS_OF}\n`;

describe.each(["README.md", "README.zh-CN.md"])("the commands of %s", (file) => {
	it("make the two files from the samples", () => {
		const cwd = mkdtempSync(join(tmpdir(), "liangxing-readme-"));
		folders.push(cwd);
		cpSync(join(ROOT, "examples"), join(cwd, "examples"), { recursive: true });
		const text = readFileSync(join(ROOT, file), "utf8");
		const block = [...text.matchAll(/```sh\n([\s\S]*?)```/g)].map((m) => m[1] ?? "").find((b) => b.startsWith("cp "));
		expect(spawnSync("sh", ["-ec", block ?? "exit 9"], { cwd, encoding: "utf8" })).toMatchObject({ status: 0 });
		const args = [PROGRAMS["liangxing"] ?? "", "ratings", "import", "ratings.csv", "--dry-run", "--json"];
		const { rows, accepted } = JSON.parse(spawnSync(process.execPath, args, { cwd, encoding: "utf8" }).stdout);
		expect(accepted).toBeGreaterThan(0.95 * rows);
		expect(readFileSync(join(cwd, "fleet.csv"), "utf8")).toContain(PLATE);
	});

	it("set up a depot and light a driver's stars, as written there", async () => {
		const cwd = mkdtempSync(join(tmpdir(), "liangxing-readme-"));
		folders.push(cwd);
		writeFileSync(join(cwd, "fleet.csv"), FLEET);
		writeFileSync(join(cwd, "ratings.csv"), RATINGS);
		const commands = depotCommands(file);
		expect(commands.length).toBeGreaterThan(4);
		let light = "";
		let api = "";
		for (const command of commands) {
			const [npx, name = "", ...rest] = command.split(/\s+/);
			expect(npx).toBe("npx");
			const program = PROGRAMS[name] ?? "";
			const args = rest.map((word) =>
				/^(LIGHT-ID|灯号)$/.test(word) ? light : /^(PLATE|车牌)$/.test(word) ? PLATE : word,
			);
			if (args[0] === "gateway") {
				// The README uses the default ports; a test must not.
				const child = spawn(process.execPath, [program, ...args, "--http-port", "0", "--mqtt-port", "0", "--json"], {
					cwd,
					stdio: ["ignore", "pipe", "ignore"],
				});
				running.push(child);
				api = (await firstJson(child, (line) => typeof line["http"] === "string"))["http"] as string;
			} else if (name === "liangxing-light") {
				const child = spawn(process.execPath, [program, ...args, "--json"], {
					cwd,
					stdio: ["ignore", "pipe", "ignore"],
				});
				running.push(child);
				const token = readFileSync(join(cwd, "depot", "token"), "utf8").trim();
				const lit = firstJson(child, (line) => line["stars"] === 4 && line["pattern"] === "stars");
				const answer = await fetch(`${api}/api/v1/duty/sign-in`, {
					method: "POST",
					headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
					body: JSON.stringify({ plate: PLATE, certificate: CERTIFICATE }),
				});
				expect(answer.status, await answer.text()).toBe(200);
				expect((await lit)["stars"]).toBe(4);
			} else {
				const run = spawnSync(process.execPath, [program, ...args], { cwd, encoding: "utf8" });
				expect(run.status, `${command}\n${run.stdout}${run.stderr}`).toBe(0);
				light = JSON.parse(readIfAny(join(cwd, "light.json")) ?? "{}").light ?? light;
			}
		}
	}, 60_000);
});

function readIfAny(path: string): string | null {
	try {
		return readFileSync(path, "utf8");
	} catch {
		return null;
	}
}

/** The first JSON line of a program's standard output that is looked for. */
async function firstJson(
	child: ChildProcess,
	wanted: (line: Record<string, unknown>) => boolean,
): Promise<Record<string, unknown>> {
	if (child.stdout === null) throw new Error("no standard output");
	for await (const text of createInterface({ input: child.stdout })) {
		if (!text.startsWith("{")) continue;
		const line = JSON.parse(text) as Record<string, unknown>;
		if (wanted(line)) return line;
	}
	throw new Error("the program ended without the line looked for");
}
