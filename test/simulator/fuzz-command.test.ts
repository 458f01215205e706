import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import * as fuzz from "../../simulator/cli/fuzz.ts";
import { PLANTS } from "../../simulator/scenario/plants.ts";
import { runCommand } from "../support/fake-root.ts";

let folder = "";
beforeAll(() => {
	folder = mkdtempSync(join(tmpdir(), "liangxing-fuzz-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const run = (...args: string[]) => runCommand(fuzz.register, ["fuzz", ...args]);

describe("liangxing-sim fuzz", () => {
	it("ends with one line of JSON, and its trace hash is the hash of the trace", async () => {
		const trace = join(folder, "trace.txt");
		const ran = await run("--steps", "600", "--seed", "5", "--json", "--trace", trace);
		expect(ran.exit).toBe(0);
		const last = JSON.parse(ran.out.at(-1) ?? "");
		expect(Object.keys(last)).toEqual(["seed", "steps", "virtualHours", "faults", "violations", "traceHash"]);
		expect(last).toMatchObject({ seed: 5, steps: 600, violations: 0 });
		const text = readFileSync(trace);
		expect(createHash("sha256").update(text).digest("hex")).toBe(last.traceHash);
		for (const word of [" deliver ", " lamp ", " commit "]) expect(text.includes(word)).toBe(true);
	});

	it("fails with a violation and says how to see it again", async () => {
		const ran = await run("--steps", "4000", "--seed", "2", "--json", "--plant", "light-writes-one-copy");
		expect(ran.exit).toBe(1);
		const last = JSON.parse(ran.out.at(-1) ?? "");
		expect(last.violations).toBeGreaterThan(0);
		expect(last.replay).toBe("npx liangxing-sim fuzz --steps 4000 --seed 2 --json --plant light-writes-one-copy");
		expect(ran.err.join("\n")).toContain("R4-lit-before-written");
	});

	it("lists the bugs that can be planted, one a line, and nothing else", async () => {
		const ran = await run("--list-plants");
		expect(ran.out).toEqual(PLANTS.map((p) => `${p.name} ${p.description}`));
		for (const line of ran.out) expect(line).toMatch(/^[a-z0-9-]+ \S/);
	});

	it("refuses a plant that there is not, with those that there are, and wrong numbers", async () => {
		await expect(run("--plant", "no-such")).rejects.toMatchObject({
			code: "plant-unknown",
			next: expect.stringContaining("light-ignores-lease"),
		});
		for (const steps of ["0", "-1", "1.5", "many", ""]) {
			await expect(run("--steps", steps)).rejects.toMatchObject({ code: "commander.invalidArgument" });
		}
		await expect(run("--trace", folder, "--steps", "1")).rejects.toMatchObject({ code: "trace-unwritable" });
	});
});
