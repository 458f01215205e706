import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { openSqliteStore } from "../../gateway/store/sqlite-store.ts";
import { Prng } from "../../simulator/random/prng.ts";
import { FLEET, lightId, rating } from "../support/depot-records.ts";
import { ownProcess, type Start } from "../support/own-process.ts";
import { SEED } from "../support/seed.ts";

const KILLS = 8;
const folder = mkdtempSync(join(tmpdir(), "liangxing-kill-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs the writer until it has acknowledged some commits and `afterMs` more went by, kills it, and says what it acknowledged. */
function writeAndKill(start: Start, path: string, commits: number, afterMs: number): Promise<number[]> {
	return new Promise((resolve, reject) => {
		const child = start([path]);
		let out = "";
		let armed = false;
		child.stdout?.on("data", (chunk: Buffer) => {
			out += String(chunk);
			if (armed || out.split("\n").length < commits + 2) return;
			armed = true;
			setTimeout(() => child.kill("SIGKILL"), afterMs);
		});
		child.on("error", reject);
		child.on("close", (code, signal) => {
			if (signal !== "SIGKILL") return reject(new Error(`the writer ended by itself with ${code}`));
			// The last line may be cut: what was not printed whole was not acknowledged.
			resolve(out.split("\n").slice(1, -1).map(Number));
		});
	});
}

it(`keeps every acknowledged commit, whole, over ${KILLS} kills at random instants`, async () => {
	process.stdout.write(`store kills: seed ${SEED} (LIANGXING_SEED=n runs another)\n`);
	const start = await ownProcess("test/support/store-writer.ts");
	const random = new Prng(SEED);
	const path = join(folder, "liangxing.db");
	let acknowledged = -1;
	for (let kill = 0; kill < KILLS; kill++) {
		const said = await writeAndKill(start, path, random.int(1, 40), random.int(0, 25));
		acknowledged = Math.max(acknowledged, ...said);
		const store = await openSqliteStore(path, { fleet: FLEET });
		const now = await store.load();
		await store.close();
		const where = `seed ${SEED}, kill ${kill}`;
		expect(now.drivers.size, where).toBeGreaterThan(acknowledged);
		// No gap and no half commit: as many ratings as drivers, each with its own score, the entry of the last one.
		expect(now.ratings.size, where).toBe(now.drivers.size);
		for (let n = 0; n < now.drivers.size; n++)
			expect(now.ratings.get(`D${n}`), where).toEqual(rating({ score: n % 30 }));
		expect(now.entries.get(lightId(1))?.seq, where).toBe(now.drivers.size - 1);
	}
	expect(acknowledged).toBeGreaterThan(KILLS);
});

it("is locked to other processes while one has it open, and free once that one is killed", async () => {
	const start = await ownProcess("test/support/store-writer.ts");
	const path = join(folder, "locked.db");
	const child = start([path]);
	await new Promise((opened) => child.stdout?.once("data", opened));
	const began = performance.now();
	await expect(openSqliteStore(path, { fleet: FLEET })).rejects.toMatchObject({ code: "store-locked" });
	expect(performance.now() - began).toBeLessThan(3000);
	const killed = new Promise((closed) => child.once("close", closed));
	child.kill("SIGKILL");
	await killed;
	await (await openSqliteStore(path, { fleet: FLEET })).close();
});
