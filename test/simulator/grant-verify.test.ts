import { generateKeyPairSync } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import * as grant from "../../simulator/cli/grant.ts";
import * as verify from "../../simulator/cli/verify.ts";
import { runCommand } from "../support/fake-root.ts";

const LIGHT = "7ZK3M9QW2HCZ";
let folder = "";
const path = (name: string) => join(folder, name);

beforeAll(() => {
	folder = mkdtempSync(join(tmpdir(), "liangxing-grant-"));
	for (const name of ["one", "two"]) {
		const pair = generateKeyPairSync("ed25519");
		writeFileSync(path(`${name}.pem`), pair.privateKey.export({ format: "pem", type: "pkcs8" }));
		writeFileSync(path(`${name}.pub`), pair.publicKey.export({ format: "pem", type: "spki" }));
	}
	const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 });
	writeFileSync(path("rsa.pem"), rsa.privateKey.export({ format: "pem", type: "pkcs8" }));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const make = async (...more: string[]) =>
	(await runCommand(grant.register, ["grant", "--light", LIGHT, "--stars", "4", "--key", path("one.pem"), ...more]))
		.out;
const check = (lines: Iterable<string | Uint8Array>) =>
	runCommand(verify.register, ["verify", "--key", path("one.pub")], { input: lines });

describe("grant and verify", () => {
	it("makes a grant that verifies, with the table's names and hex byte strings", async () => {
		const [hex] = await make("--ask", "0011223344556677");
		const ran = await check([`${hex}\n`]);
		expect(ran.exit).toBe(0);
		const answer = JSON.parse(ran.out[0] ?? "");
		expect(answer.ok).toBe(true);
		expect(answer.grant).toMatchObject({
			fleet: "demo",
			light: LIGHT,
			epoch: 1,
			seq: 1,
			stars: 4,
			issuedAt: 1_780_000_000,
			notAfter: 1_780_003_600,
			leaseS: 3600,
			resumes: 0,
			resumeS: 0,
			ask: "0011223344556677",
		});
		expect(answer.grant.policy).toMatch(/^[0-9a-f]{16}$/);
		expect(answer.grant.trace).toMatch(/^[0-9a-f]{16}$/);
	});

	it("finds each single changed byte", async () => {
		const [hex = ""] = await make();
		const bytes = Uint8Array.from(hex.match(/../g) ?? [], (h) => Number.parseInt(h, 16));
		const changed = [...bytes].map((_, at) => {
			const copy = Buffer.from(bytes);
			copy[at] = (copy[at] ?? 0) ^ 0x01;
			return `${copy.toString("hex")}\n`;
		});
		const ran = await check(changed);
		expect(ran.exit).toBe(1);
		expect(ran.out).toHaveLength(bytes.length);
		for (const line of ran.out) {
			expect(JSON.parse(line)).toEqual({
				ok: false,
				code: expect.stringMatching(/^(malformed|unknown-key|bad-signature)$/),
			});
		}
	});

	it("names the code of a foreign key, and goes on after bad lines of any size", async () => {
		const [good = ""] = await make();
		const [foreign = ""] = (
			await runCommand(grant.register, ["grant", "--light", LIGHT, "--stars", "0", "--key", path("two.pem")])
		).out;
		const huge = (function* () {
			for (let i = 0; i < 2000; i++) yield "ab".repeat(4096);
			yield `\n\n  \r\nxyz\n${foreign}\r\n${good.toUpperCase()}`;
		})();
		const ran = await check(huge);
		expect(ran.out.map((l) => JSON.parse(l).code ?? "ok")).toEqual(["malformed", "malformed", "unknown-key", "ok"]);
		expect(ran.exit).toBe(1);
	});

	it("is not content with no grant at all", async () => {
		await expect(check(["\n", "\r\n"])).rejects.toMatchObject({ code: "input-empty", fault: "input" });
	});

	it("refuses what is no key, no light, no ask and no count, each with a code", async () => {
		const run = (...args: string[]) => runCommand(grant.register, ["grant", ...args]);
		const key = ["--key", path("one.pem")];
		await expect(run("--light", LIGHT, "--stars", "4", "--key", path("rsa.pem"))).rejects.toMatchObject({
			code: "key-unreadable",
		});
		await expect(run("--light", LIGHT, "--stars", "4", "--key", path("none.pem"))).rejects.toMatchObject({
			code: "file-not-found",
		});
		await expect(run("--light", "7ZK3M9QW2HC0", "--stars", "4", ...key)).rejects.toMatchObject({
			code: "light-id-malformed",
		});
		await expect(run("--light", LIGHT, "--stars", "4", "--ask", "00", ...key)).rejects.toMatchObject({
			code: "ask-malformed",
		});
		await expect(run("--light", LIGHT, "--stars", "6", ...key)).rejects.toMatchObject({
			code: "commander.invalidArgument",
		});
		await expect(run("--light", LIGHT, ...key)).rejects.toMatchObject({
			code: "commander.missingMandatoryOptionValue",
		});
	});
});
