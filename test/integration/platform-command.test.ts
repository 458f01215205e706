import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, it } from "vitest";
import { FAULT_NAMES } from "../../simulator/platform/faults.ts";
import { http } from "../support/depot.ts";
import { ROOT } from "../support/source-tree.ts";

const MAIN = `${ROOT}/dist/simulator/main.js`;

/** Runs `liangxing-sim platform` until it has said a line. */
async function platform(...args: string[]) {
	const child = spawn(process.execPath, [MAIN, "platform", ...args], { stdio: ["ignore", "pipe", "pipe"] });
	const closed = once(child, "close");
	let out = "";
	child.stdout.on("data", (part: Buffer) => {
		out += part.toString("utf8");
	});
	while (!out.includes("\n") && child.exitCode === null) await Promise.race([once(child.stdout, "data"), closed]);
	return { child, closed, out: () => out };
}

it("prints its address, serves equal lists for equal seeds, asks for its token, and stops at Ctrl-C", async () => {
	const lists: string[] = [];
	for (let n = 0; n < 2; n++) {
		const { child, closed, out } = await platform("--port", "0", "--seed", "7", "--token", "t", "--json");
		const { url, seed } = JSON.parse(out()) as { url: string; seed: number };
		expect(seed).toBe(7);
		expect((await http(url, "GET", "/api/ratings?limit=3", { foreign: true })).status).toBe(401);
		const page = await http(url, "GET", "/api/ratings?limit=3", {
			headers: { authorization: "Bearer t" },
			foreign: true,
		});
		expect(page.json).toMatchObject({ total: 200, next: "s1.3" });
		lists.push(JSON.stringify((page.json["rows"] as { grade: string }[]).map(({ grade }) => grade)));
		child.kill("SIGINT");
		expect(await closed).toEqual([0, null]);
	}
	expect(lists[0]).toBe(lists[1]);
});

it("explains every fault in both languages, and refuses one that it does not know", async () => {
	for (const lang of ["zh", "en"]) {
		const { closed, out } = await platform("--help", "--lang", lang);
		await closed;
		for (const name of FAULT_NAMES) expect(out()).toContain(`  ${name} `);
	}
	const { child, closed } = await platform("--faults", "late,nonsense", "--json");
	await closed;
	expect(child.exitCode).toBe(2);
});
