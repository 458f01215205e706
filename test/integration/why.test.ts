import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { tempFolder } from "../support/depot-files.ts";
import { liangxing, liangxingGateway } from "../support/liangxing.ts";
import { ROOT } from "../support/source-tree.ts";

const folder = tempFolder("why");
const cwd = folder.path;
const SIMULATOR = join(ROOT, "dist", "simulator", "main.js");
const PORTS = ["--http-port", "0", "--mqtt-port", "0"];
/** The sample's fleet has a driver whose only row was not taken. */
const LIT = "豫DT0001";

interface Link {
	readonly link: string;
	readonly ok: boolean;
	readonly at: string;
	readonly ageS: number;
	readonly detail: string;
}
interface Answer {
	readonly plate: string;
	readonly light: string;
	readonly chain: readonly Link[];
	readonly broken: string | null;
	readonly next: string;
}
let glass: Readonly<Record<string, number>> = {};

function demo(...args: string[]): string {
	const ran = spawnSync(process.execPath, [SIMULATOR, "demo", ...args, ...PORTS], { cwd, encoding: "utf8" });
	expect(ran.status, ran.stderr).toBe(0);
	return ran.stdout;
}

async function why(of: string, ...args: string[]): Promise<Answer> {
	const ran = await liangxing(cwd, ["why", of, "--data", "depot", "--json", ...args]);
	expect([of, ran.code, ran.err]).toEqual([of, 0, ""]);
	return JSON.parse(ran.out) as Answer;
}

const brokenLink = ({ chain, broken }: Answer) => chain.find(({ link }) => link === broken);

beforeAll(() => {
	const last = demo("--until-lit", "--json", "--keep", "depot").trimEnd().split("\n").at(-1) ?? "";
	glass = (JSON.parse(last) as { glass: Record<string, number> }).glass;
}, 60_000);
afterAll(() => folder.remove());

describe("why, on what a demo left", () => {
	it("has exactly the promised keys, six links in order, and nothing broken for a lit plate", async () => {
		const answer = await why(LIT);
		expect(Object.keys(answer)).toEqual(["plate", "light", "chain", "broken", "next"]);
		expect(answer.chain.map(({ link }) => link)).toEqual(["rating", "policy", "duty", "grant", "delivery", "glass"]);
		for (const link of answer.chain) {
			expect(Object.keys(link)).toEqual(["link", "ok", "at", "ageS", "detail"]);
			expect(link.ok, link.detail).toBe(true);
			expect(new Date(link.at).toISOString()).toBe(link.at);
			expect(link.ageS).toBeGreaterThanOrEqual(0);
		}
		expect([answer.plate, answer.broken]).toEqual([LIT, null]);
		expect(glass[LIT]).toBeGreaterThan(0);
	});

	it("finds in the kept folder the stars that the glass showed, and the same by light id", async () => {
		const ran = await liangxing(cwd, ["lights", "--data", "depot", "--json"]);
		const { lights } = JSON.parse(ran.out) as { lights: { plate: string; light: string; observed: number }[] };
		expect(Object.fromEntries(lights.map(({ plate, observed }) => [plate, observed]))).toEqual(glass);
		const { light } = lights.find(({ plate }) => plate === LIT) ?? { light: "" };
		expect(await why(light.toLowerCase())).toMatchObject({ plate: LIT, light, broken: null });
	});

	it("names the rating for the plate of a driver whose row was quarantined", async () => {
		const [plate = ""] = Object.entries(glass).find(([, stars]) => stars === 0) ?? [];
		const answer = await why(plate);
		expect(answer.broken).toBe("rating");
		expect(brokenLink(answer)?.detail).toMatch(/^Row \d+ of pull P000001, of driver D\d{6}, was not taken: [a-z-]+\.$/);
		const driver = /D\d{6}/.exec(brokenLink(answer)?.detail ?? "")?.[0] ?? "";
		expect(await why(driver)).toMatchObject({ plate, broken: "rating", next: answer.next });
		const zh = await liangxing(cwd, ["why", plate, "--data", "depot", "--lang", "zh"]);
		expect(zh.out).toMatch(/✗ 评级 .*未被采用[\s\S]*下一步：/);
	});

	it("goes through the gateway where one runs", async () => {
		const gateway = await liangxingGateway(cwd, "depot");
		try {
			// The store is the gateway's now: nobody else could open it.
			expect(existsSync(join(cwd, "depot", "gateway.json"))).toBe(true);
			expect(await why(LIT)).toMatchObject({ plate: LIT, broken: null });
			const unknown = await liangxing(cwd, ["why", "XX-9999", "--data", "depot", "--json"]);
			expect([unknown.code, JSON.parse(unknown.out).error.code]).toEqual([1, "vehicle-unknown"]);
		} finally {
			await gateway.end("SIGTERM");
		}
	});

	it.each([
		["XX-9999", "depot", "vehicle-unknown"],
		["PDS00000001H", "depot", "light-unknown"],
		["D999999", "depot", "driver-unknown"],
		[LIT, "no-such-folder", "no-data-folder"],
	])("of %s in %s ends with %s on its JSON line, and exit 1", async (of, data, code) => {
		const ran = await liangxing(cwd, ["why", of, "--data", data, "--json"]);
		const { error } = JSON.parse(ran.out.trimEnd().split("\n").at(-1) ?? "");
		expect([ran.code, error.code]).toEqual([1, code]);
		expect(error.next.length).toBeGreaterThan(10);
		expect(existsSync(join(cwd, "no-such-folder"))).toBe(false);
	});
});

describe("docs/why.md", () => {
	const text = readFileSync(join(ROOT, "docs", "why.md"), "utf8");
	const commands = [...text.matchAll(/```sh\n([\s\S]*?)```/g)]
		.flatMap((block) => (block[1] ?? "").split("\n"))
		.map((line) => line.replace(/#.*$/, "").trim())
		.filter((line) => line !== "");

	it("has commands that run as written, on what its first one left", async () => {
		expect(commands[0]).toMatch(/^npx liangxing-sim demo .*--keep depot$/);
		expect(commands.length).toBeGreaterThan(3);
		for (const command of commands.slice(1)) {
			const [npx, name, ...args] = command.split(/\s+/);
			expect([npx, name]).toEqual(["npx", "liangxing"]);
			const ran = await liangxing(cwd, args);
			expect([command, ran.code, ran.err]).toEqual([command, 0, ""]);
		}
	});
});
