import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { FAULT_NAMES } from "../../simulator/platform/faults.ts";
import { http } from "../support/depot.ts";
import { certificateOf, ratingsCsv, tempFolder, yesterday } from "../support/depot-files.ts";
import { ROOT } from "../support/source-tree.ts";

const folder = tempFolder("platform");
afterAll(() => folder.remove());

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

interface Page {
	readonly snapshot: string;
	readonly rows: readonly { readonly certificate: string; readonly score: number | null; readonly grade: string }[];
	readonly next: string | null;
}

const pageOf = async (url: string, query = "limit=50"): Promise<Page> =>
	(await http(url, "GET", `/api/ratings?${query}`, { foreign: true })).json as unknown as Page;
const assess = (url: string, body: unknown) =>
	http(url, "POST", "/api/assessments", { body: JSON.stringify(body), foreign: true });

it("keeps what it confirmed over kill -9, on the same port, and still knows its cursors unless told to forget them", async () => {
	const state = ["--state", join(folder.path, "platform.json"), "--every", "0", "--json"];
	const first = await platform("--port", "0", ...state);
	const { url } = JSON.parse(first.out()) as { url: string };
	const { rows, snapshot } = await pageOf(url);
	const certificate = rows[0]?.certificate ?? "";
	const score = rows[0]?.score === 7 ? 12 : 7;
	const before = await pageOf(url);
	expect((await assess(url, { changes: [{ certificate, score }] })).status).toBe(200);
	first.child.kill("SIGKILL");
	await first.closed;

	const port = ["--port", new URL(url).port];
	const second = await platform(...port, ...state);
	const after = await pageOf(url);
	expect(after.snapshot).not.toBe(snapshot);
	expect(after.rows[0]).toMatchObject({ certificate, score, grade: score === 7 ? "A" : "AA" });
	expect((await pageOf(url, `limit=50&cursor=${before.next}`)).snapshot).toBe(snapshot);
	second.child.kill("SIGKILL");
	await second.closed;

	const third = await platform(...port, ...state, "--forget-cursors");
	const forgotten = await http(url, "GET", `/api/ratings?limit=50&cursor=${after.next}`, { foreign: true });
	expect(forgotten.status).toBe(410);
	expect((await pageOf(url)).rows[0]).toMatchObject({ certificate, score });
	third.child.kill("SIGINT");
	await third.closed;
});

it("begins with a rating file's list, and takes assessments of its drivers only", async () => {
	const file = folder.file("ratings.csv", ratingsCsv([20, null, 5], yesterday()));
	const { child, closed, out } = await platform("--port", "0", "--ratings", file, "--page-ms", "20", "--json");
	const { url, drivers } = JSON.parse(out()) as { url: string; drivers: number };
	expect(drivers).toBe(3);
	expect((await pageOf(url)).rows.map(({ grade, score }) => [grade, score])).toEqual([
		["AAA", 20],
		["未评定", null],
		["A", 5],
	]);
	const one = { certificate: certificateOf(1), score: 11 };
	for (const [status, body] of [
		[404, { changes: [one, { certificate: "nobody", score: 1 }] }],
		[400, { changes: [] }],
		[400, { changes: [{ ...one, score: 31 }] }],
		[400, { changes: [{ ...one, name: "x" }] }],
		[400, "x".repeat(300_000)],
		[200, { changes: [one] }],
	] as const)
		expect([(await assess(url, body)).status, body]).toEqual([status, body]);
	expect((await pageOf(url)).rows[0]).toMatchObject({ score: 11, grade: "AA" });
	child.kill("SIGINT");
	expect(await closed).toEqual([0, null]);
});

it("does not take another file for its own", async () => {
	const file = join(folder.path, "other.json");
	writeFileSync(file, "{}");
	const { closed, child, out } = await platform("--port", "0", "--state", file, "--json");
	await closed;
	expect(child.exitCode).toBe(1);
	expect(out()).toContain("platform-state-unreadable");
});
