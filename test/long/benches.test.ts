import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { ROOT } from "../support/source-tree.ts";

/** Small fleets: what is looked at here is that a benchmark runs and tells the truth, not how fast it is. */
const BOUND_MS = 150_000;

interface Run {
	readonly code: number;
	readonly line: { readonly results: readonly Readonly<Record<string, unknown>>[]; readonly met: boolean };
	readonly said: string;
}

/** Runs one with `--json`; the last line of its output is the result. */
function bench(name: string, ...args: readonly string[]): Promise<Run> {
	return new Promise((resolve, reject) => {
		const program = join(ROOT, "dist/bench", `${name}.js`);
		const child = [program, ...args, "--json"];
		execFile(process.execPath, child, { cwd: ROOT, timeout: BOUND_MS - 10_000 }, (error, out, said) => {
			const last = out.trimEnd().split("\n").at(-1) ?? "";
			const code = typeof error?.code === "number" ? error.code : error === null ? 0 : -1;
			try {
				resolve({ code, line: JSON.parse(last) as Run["line"], said });
			} catch {
				reject(new Error(`${name} ended with ${code} and no line of JSON: ${said.slice(-2_000)}`));
			}
		});
	});
}

const folder = mkdtempSync(join(tmpdir(), "liangxing-benches-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const isPositive = (value: unknown): boolean => typeof value === "number" && value > 0;

it(
	"a fan-out to 50 lights ends with every lamp right, beside its floor",
	async () => {
		const { line, said, code } = await bench("fanout", "--lights", "50", "--rounds", "1", "--warm", "1");
		const [one] = line.results;
		expect(line.results, said).toHaveLength(1);
		expect(one).toMatchObject({ lights: 50, rounds: 1, wrongLamps: 0, lostConnections: 0 });
		for (const key of ["ourMs", "floorMs", "ratio"]) expect(isPositive(one?.[key]), key).toBe(true);
		expect(code).toBe(line.met ? 0 : 1);
	},
	BOUND_MS,
);

it(
	"50 lights that come back at once all get keys, notice and grant, and are heard; a floor that is not there is null",
	async () => {
		const { line, said } = await bench("storm", "--lights", "50", "--rounds", "1", "--mosquitto", join(folder, "none"));
		expect(line.results, said).toHaveLength(1);
		expect(line.results[0]).toMatchObject({ lights: 50, floorMs: null, ratio: null, starved: 0, retained: 152 });
		expect(isPositive(line.results[0]?.["ourMs"])).toBe(true);
		expect(said).toContain("apt-get install mosquitto");
	},
	BOUND_MS,
);

it(
	"changes one at a time reach the glass, beside a commit, and are drawn",
	async () => {
		const picture = join(folder, "latency.svg");
		const { line, said } = await bench("latency", "--lights", "20", "--changes", "10", "--picture", picture);
		expect(line.results[0], said).toMatchObject({ lights: 20, changes: 10 });
		for (const key of ["ourMs", "floorMs", "ratio", "realLightWriteP50Ms"])
			expect(isPositive(line.results[0]?.[key]), key).toBe(true);
		expect(existsSync(picture)).toBe(true);
		const svg = readFileSync(picture, "utf8");
		expect(svg).toContain("p50");
		expect(svg).toContain("p99");
	},
	BOUND_MS,
);

it(
	"memory a light and its slope are told",
	async () => {
		const { line, said } = await bench("memory", "--lights", "20", "--minutes", "0.1");
		expect(line.results[0], said).toMatchObject({ lights: 20, churnMinutes: 0.1, flat: null });
		for (const key of ["ourKiB", "slopeMiBPerHour"]) expect(typeof line.results[0]?.[key], key).toBe("number");
	},
	BOUND_MS,
);

it(
	"every row reaches 1 console and 10",
	async () => {
		const { line, said } = await bench("push", "--lights", "50", "--rounds", "1");
		expect(
			line.results.map((r) => [r["lights"], r["consoles"]]),
			said,
		).toEqual([
			[50, 1],
			[50, 10],
		]);
		for (const r of line.results) expect(isPositive(r["ourMs"]) && isPositive(r["floorMs"])).toBe(true);
	},
	BOUND_MS,
);

it("a benchmark called wrongly says how it is called", async () => {
	const program = join(ROOT, "dist/bench/fanout.js");
	const code = await new Promise((resolve) => {
		execFile(process.execPath, [program, "--lights", "many"], (error) => resolve(error?.code));
	});
	expect(code).toBe(2);
});
