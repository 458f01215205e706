import {
	existsSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	rmSync,
	statSync,
	writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeEach, describe, expect, it } from "vitest";
import { type BackupSource, makeBackup, moveBackup, prune } from "../../../gateway/depot/backup.ts";
import { manifestOf, readManifest } from "../../../gateway/depot/backup-manifest.ts";
import { checkStore, hashFile } from "../../../gateway/store/copy.ts";
import { MIGRATIONS } from "../../../gateway/store/migrations/index.ts";
import { type DepotStore, openSqliteStore } from "../../../gateway/store/sqlite-store.ts";
import { isCoded } from "../../../protocol/wire/errors.ts";
import { unixMs } from "../../../protocol/wire/units.ts";
import { driverChange, FLEET, meta, ratingChange } from "../../support/depot-records.ts";

const root = mkdtempSync(join(tmpdir(), "liangxing-backup-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

let folder = "";
let dir = "";
let cases = 0;
let store: DepotStore;
let source: BackupSource;
beforeEach(async () => {
	folder = join(root, String(cases++));
	dir = join(folder, "backups");
	mkdirSync(folder);
	store = await openSqliteStore(join(folder, "liangxing.db"), { fleet: FLEET });
	await store.commit([{ type: "meta", meta: meta() }, driverChange(1), ratingChange(1)]);
	source = { store, fleet: FLEET, program: "0.1.0", root: "ab".repeat(32) };
});
afterEach(() => store.close());

const AT = unixMs(Date.UTC(2026, 2, 1, 2, 15));
const make = (keep: number | null = null, minutes = 0) => makeBackup(source, dir, unixMs(AT + minutes * 60_000), keep);

async function codeOf(promise: Promise<unknown>): Promise<string> {
	const e: unknown = await promise.then(
		() => null,
		(failure: unknown) => failure,
	);
	if (!isCoded(e)) throw new Error(`no coded error but ${String(e)}`);
	expect(e.next.length).toBeGreaterThan(10);
	return e.code;
}

async function driversIn(file: string): Promise<number> {
	const copy = await openSqliteStore(file, { fleet: FLEET });
	try {
		return (await copy.load()).drivers.size;
	} finally {
		await copy.close();
	}
}

describe("a backup", () => {
	it("is one whole file, its owner's only, with a manifest that says what it is", async () => {
		const { file, manifest } = await make();
		expect(readdirSync(dir).sort()).toEqual([
			"liangxing-demo-20260301T021500000Z.db",
			"liangxing-demo-20260301T021500000Z.db.json",
		]);
		for (const path of [file, manifestOf(file)]) expect(statSync(path).mode & 0o777).toBe(0o600);
		expect(readManifest(file)).toEqual(manifest);
		expect(manifest).toMatchObject({
			fleet: FLEET,
			schema: MIGRATIONS.length,
			drivers: 1,
			storedTime: meta().storedTime,
		});
		expect(manifest).toMatchObject(hashFile(file));
	});

	it("has what was committed when it began, whole commits only, however much is committed meanwhile", async () => {
		let n = 2;
		let done = false;
		const busy = (async () => {
			while (!done) await store.commit([driverChange(n), ratingChange(n++)]);
		})();
		const copies = [await make(null, 1), await make(null, 2)];
		done = true;
		await busy;
		for (const { file, manifest } of copies) {
			const copy = await openSqliteStore(file, { fleet: FLEET });
			const { drivers, ratings } = await copy.load();
			await copy.close();
			expect(drivers.size).toBe(manifest.drivers);
			expect([...ratings.keys()].sort()).toEqual([...drivers.keys()].sort());
		}
		expect((await store.load()).drivers.size).toBe(n - 1);
	});

	it("has what stood in the log only, and the store goes on as before, also over a new start", async () => {
		for (let n = 2; n < 300; n++) store.commit([driverChange(n)]);
		await store.commit([]);
		expect(await driversIn((await make()).file)).toBe(299);
		await store.commit([driverChange(300)]);
		await store.close();
		expect(await driversIn(store.path)).toBe(300);
		store = await openSqliteStore(store.path, { fleet: FLEET });
	});

	it("is refused while another is being made, and once the store is closed", async () => {
		const first = make(null, 1);
		expect(await codeOf(make(null, 2))).toBe("backup-busy");
		await first;
		await make(null, 2);
		await store.close();
		expect(await codeOf(make(null, 3))).toBe("store-closed");
	});

	it("that cannot be written leaves nothing behind, and the next one clears what a loss of power left", async () => {
		writeFileSync(dir, "a file where the folder should be");
		expect(await codeOf(make())).toBe("backup-unwritable");
		rmSync(dir);
		mkdirSync(dir);
		writeFileSync(join(dir, "liangxing-demo-20260228T021500000Z.db.part"), "half a store");
		writeFileSync(join(dir, "holiday.db.part"), "not ours");
		await make();
		expect(readdirSync(dir).sort()).toEqual([
			"holiday.db.part",
			"liangxing-demo-20260301T021500000Z.db",
			"liangxing-demo-20260301T021500000Z.db.json",
		]);
		expect(await codeOf(make())).toBe("backup-exists");
	});

	it("names no person: not in its name, not in its manifest", async () => {
		const { file } = await make();
		expect(`${file}${readFileSync(manifestOf(file), "utf8")}`).not.toContain("4104000000000000001");
	});

	it("goes whole to another place, and over nothing that is there", async () => {
		const made = await make();
		const to = join(folder, "elsewhere.db");
		moveBackup(made, to);
		expect(readdirSync(dir)).toEqual([]);
		expect(readManifest(to)).toEqual(made.manifest);
		expect(checkStore(to)).toMatchObject({ fleet: FLEET, drivers: 1 });
		const next = await make(null, 1);
		expect(() => moveBackup(next, to)).toThrow(expect.objectContaining({ code: "backup-exists" }));
		expect(existsSync(next.file)).toBe(true);
	});
});

describe("backups that are too many", () => {
	it("go, oldest first, with their manifests; what is not ours, not of this fleet or has keys beside it stays", async () => {
		const names = [];
		for (let n = 0; n < 4; n++) names.push((await make(null, n)).file);
		const strangers = [
			"liangxing-other-20200101T000000000Z.db",
			"liangxing-demo-20200101T000000000Z.db",
			"notes.txt",
			"liangxing-demo-20200102T000000000Z.db",
			"liangxing-demo-20200102T000000000Z.db.json",
		];
		for (const name of strangers) writeFileSync(join(dir, name), "mine");
		writeFileSync(`${names[0]}.keys.json`, "{}");
		const { file, removed } = await make(2, 10);
		expect(removed.map((name) => join(dir, name))).toEqual([names[1], names[2]]);
		const left = [file, names[3], names[0]].flatMap((f) => [f, `${f}.json`]).concat(`${names[0]}.keys.json`);
		expect(
			readdirSync(dir)
				.map((name) => join(dir, name))
				.sort(),
		).toEqual([...left, ...strangers.map((name) => join(dir, name))].sort());
		expect(prune(dir, FLEET, 2)).toEqual([]);
	});
});
