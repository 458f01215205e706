import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { existsSync, readdirSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { FileMemory } from "../../device/drivers/file-memory.ts";

let folder = "";
let lock = "";
beforeEach(async () => {
	folder = await mkdtemp(join(tmpdir(), "liangxing-lock-"));
	lock = join(folder, "in-use");
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function open(): Promise<FileMemory> {
	const memory = new FileMemory(folder);
	await memory.open();
	return memory;
}

/** What a holder of this very process and run of the machine would have left. */
async function ownLock(): Promise<{ pid: number; started: string; boot: string }> {
	const memory = await open();
	const text = await readFile(lock, "utf8");
	await memory.close();
	return JSON.parse(text);
}

const left = (holder: unknown) => writeFile(lock, typeof holder === "string" ? holder : JSON.stringify(holder));

describe("a memory folder", () => {
	it("is one light's at a time, and the second is told which folder and what to do", async () => {
		const first = await open();
		await expect(open()).rejects.toMatchObject({
			code: "memory-in-use",
			message: expect.stringContaining(folder),
			next: expect.stringContaining("--memory"),
		});
		await first.close();
		expect(existsSync(lock)).toBe(false);
		await (await open()).close();
	});

	it("is free again when its holder was killed", async () => {
		const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { stdio: "ignore" });
		const own = await ownLock();
		const text = await readFile(`/proc/${child.pid}/stat`, "utf8").catch(() => "");
		await left({ ...own, pid: child.pid, started: text.split(") ").at(-1)?.split(" ")[19] ?? "" });
		await expect(open()).rejects.toMatchObject({ code: "memory-in-use" });
		const gone = once(child, "exit");
		child.kill("SIGKILL");
		await gone;
		await (await open()).close();
	});

	it("is free after a loss of power, whoever has the holder's process id by now", async () => {
		const own = await ownLock();
		await left({ ...own, boot: "another run of this machine" });
		await (await open()).close();
		await left({ ...own, pid: process.ppid, started: "1" });
		await (await open()).close();
	});

	it("is free with a lock that was cut short, is empty, or is none", async () => {
		for (const text of ["", "{", '{"pid":', '"x"', "null", '{"pid":0}', '{"pid":1.5}', "\0\0\0\0"]) {
			await left(text);
			await (await open()).close();
		}
	});

	it("goes to exactly one of many that find a dead holder at the same instant", async () => {
		const own = await ownLock();
		for (let round = 0; round < 40; round++) {
			await left({ ...own, boot: `before ${round}` });
			const opened = await Promise.allSettled(Array.from({ length: 8 }, open));
			const won = opened.filter((one) => one.status === "fulfilled");
			expect(won.length).toBe(1);
			for (const one of won) await one.value.close();
			expect(readdirSync(folder)).toEqual([]);
		}
	});

	it("is taken over also where others died while they took it over", async () => {
		const own = await ownLock();
		const dead = (n: number) => `${JSON.stringify({ ...own, boot: `before ${n}` })}\n`;
		const nameOf = (path: string, text: string) =>
			`${path}.${createHash("sha256").update(text).digest("hex").slice(0, 16)}`;
		await writeFile(lock, dead(1));
		await writeFile(nameOf(lock, dead(1)), dead(2));
		await writeFile(nameOf(nameOf(lock, dead(1)), dead(2)), dead(3));
		const opened = await Promise.allSettled([open(), open(), open()]);
		const won = opened.filter((one) => one.status === "fulfilled");
		expect(won.length).toBe(1);
		for (const one of won) await one.value.close();
		expect(readdirSync(folder)).toEqual([]);
	});

	it("is given up by a close only if it is still the closer's", async () => {
		const first = await open();
		const other = { pid: 1, started: "", boot: "other" };
		await left(other);
		await first.close();
		expect(JSON.parse(await readFile(lock, "utf8"))).toEqual(other);
	});

	it("is refused at once where none can be made, also below /proc, and where a file stands", async () => {
		const file = join(folder, "file");
		await writeFile(file, "");
		for (const path of ["/proc/liangxing/light", file, join(file, "light")])
			await expect(new FileMemory(path).open()).rejects.toMatchObject({ code: "memory-unwritable" });
	});
});
