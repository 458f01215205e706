import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "libsql";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import type { Change, StarChange } from "../../../gateway/core/model.ts";
import { migrate } from "../../../gateway/store/migrate.ts";
import { MIGRATIONS } from "../../../gateway/store/migrations/index.ts";
import type { Migration } from "../../../gateway/store/migrations/migration.ts";
import { mustBeDurable } from "../../../gateway/store/open-database.ts";
import { openSqliteStore } from "../../../gateway/store/sqlite-store.ts";
import { isCoded } from "../../../protocol/wire/errors.ts";
import { unixMs } from "../../../protocol/wire/units.ts";
import { driverChange, duty, entry, FLEET, lightId, ratingChange, starChange } from "../../support/depot-records.ts";

const root = mkdtempSync(join(tmpdir(), "liangxing-sqlite-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

let folder = "";
let path = "";
let cases = 0;
beforeEach(() => {
	folder = join(root, String(cases++));
	mkdirSync(folder);
	path = join(folder, "liangxing.db");
});

const open = (fleet = FLEET, maxBytes?: number) =>
	openSqliteStore(path, { fleet, ...(maxBytes === undefined ? {} : { maxBytes }) });

/** The code of the coded error that a promise ends in; each must name a next step. */
async function codeOf(promise: Promise<unknown>): Promise<string> {
	const e: unknown = await promise.then(
		() => null,
		(failure: unknown) => failure,
	);
	if (!isCoded(e)) throw new Error(`no coded error but ${String(e)}`);
	expect(e.next.length).toBeGreaterThan(10);
	return e.code;
}

const change = (one: StarChange, follows: StarChange | null = null): Change => ({
	type: "star-change",
	change: one,
	follows,
});

/** Runs SQL on the file by itself, as another program would. */
function edit(statement: string): void {
	const db = new Database(path);
	db.exec(statement);
	db.close();
}

describe("the SQLite store's file", () => {
	it("says within a second that another has it open, and is free again after a close", async () => {
		const first = await open();
		await first.commit([driverChange(1)]);
		const began = performance.now();
		expect(await codeOf(open())).toBe("store-locked");
		expect(performance.now() - began).toBeLessThan(1500);
		await first.commit([driverChange(2)]);
		await first.close();
		const second = await open();
		expect((await second.load()).drivers.size).toBe(2);
		expect(await codeOf(open())).toBe("store-locked");
		await second.close();
	});

	it("is one whole file, its owner's only, after a clean close", async () => {
		const store = await open();
		await store.commit([driverChange(1)]);
		expect(statSync(`${path}-wal`).mode & 0o077).toBe(0);
		await store.close();
		expect(readdirSync(folder)).toEqual(["liangxing.db"]);
		expect(statSync(path).mode & 0o077).toBe(0);
	});

	it("is refused when it is no database, and left as it is", async () => {
		writeFileSync(path, "a spreadsheet perhaps\n".repeat(500));
		expect(await codeOf(open())).toBe("store-corrupt");
		expect(readFileSync(path, "utf8")).toContain("a spreadsheet");
	});

	it("is refused when it is the database of something else", async () => {
		edit("create table notes(a)");
		expect(await codeOf(open())).toBe("store-foreign");
	});

	it("says so when pages in it are damaged", async () => {
		const store = await open();
		for (let n = 0; n < 2000; n++) store.commit([driverChange(n), ratingChange(n)]);
		await store.commit([]);
		await store.close();
		const bytes = readFileSync(path);
		bytes.fill(0x5a, 4096 * 4, 4096 * 40);
		writeFileSync(path, bytes);
		const opened = open().then((again) => again.load().finally(() => again.close()));
		expect(await codeOf(opened)).toBe("store-corrupt");
	});

	it("says so when a row makes no sense", async () => {
		const store = await open();
		await store.close();
		edit("insert into meta values(1,'demo',0,0,0,null,null,'[not json',1,1,1,1,0)");
		expect(await codeOf(open())).toBe("store-corrupt");
	});

	it("says so when its folder is missing or no folder", async () => {
		path = join(folder, "missing", "liangxing.db");
		expect(await codeOf(open())).toBe("store-unwritable");
		writeFileSync(join(folder, "missing"), "a file");
		expect(await codeOf(open())).toBe("store-unwritable");
		path = folder;
		expect(await codeOf(open())).toBe("store-unwritable");
	});

	it("is refused to another fleet", async () => {
		const store = await open();
		await store.commit([{ type: "meta", meta: { ...(await store.load()).meta, storedTime: 5 as never } }]);
		await store.close();
		expect(await codeOf(open("pingdingshan"))).toBe("fleet-mismatch");
		await (await open()).close();
	});

	it("is refused where commits would not last", async () => {
		const db = new Database(path);
		db.pragma("journal_mode=WAL");
		for (const [setting, code] of [
			["synchronous=NORMAL", "store-not-durable"],
			["synchronous=FULL", null],
			["journal_mode=MEMORY", "store-not-durable"],
		] as const) {
			db.pragma(setting);
			const check = () => mustBeDurable(db, path);
			if (code === null) expect(check).not.toThrow();
			else expect(check).toThrow(expect.objectContaining({ code }));
		}
		db.close();
	});
});

describe("commits", () => {
	it("made in one turn share one transaction", async () => {
		const store = await open();
		await Promise.all(Array.from({ length: 50 }, (_, n) => store.commit([driverChange(n), ratingChange(n)])));
		expect(store.stats()).toMatchObject({ commits: 50, transactions: 1, rows: 100, failed: 0 });
		await store.close();
	});

	it("made just before a close are kept; after it they are refused", async () => {
		const store = await open();
		const last = store.commit([driverChange(1)]);
		await store.close();
		await last;
		await store.close();
		expect(await codeOf(store.commit([driverChange(2)]))).toBe("store-closed");
		expect(await codeOf(store.load())).toBe("store-closed");
		const again = await open();
		expect((await again.load()).drivers.size).toBe(1);
		await again.close();
	});

	it("that find no space fail whole with `store-full`; small ones go on", async () => {
		const store = await open(FLEET, 512 * 1024);
		await store.commit([driverChange(1)]);
		const many = Array.from({ length: 20_000 }, (_, n) => driverChange(n));
		expect(await codeOf(store.commit(many))).toBe("store-full");
		expect((await store.load()).drivers.size).toBe(1);
		await store.commit([driverChange(2)]);
		await store.close();
		const again = await open();
		expect((await again.load()).drivers.size).toBe(2);
		await again.close();
	});

	it("of duties keep the one that ended last, of each vehicle and each driver", async () => {
		const store = await open();
		const ended = (n: number, vehicle: string, driver: string, until: number): Change => ({
			type: "duty",
			duty: duty(n, { vehicle, driver, until: unixMs(until) }),
		});
		await store.commit([
			ended(1, "V1", "D1", 10),
			ended(2, "V1", "D2", 20),
			ended(3, "V2", "D1", 30),
			ended(4, "V2", "D2", 15),
			{ type: "duty", duty: duty(5, { vehicle: "V1", driver: "D1" }) },
		]);
		const { ended: last, duties } = await store.load();
		expect(last?.map((d) => d.id).sort()).toEqual(["U2", "U3"]);
		expect([...duties.keys()]).toEqual(["U5"]);
		await store.close();
	});

	it("let old history go bit by bit, so that none becomes long", async () => {
		const store = await open();
		const many = 5_000;
		const rows = Array.from({ length: many }, (_, i): Change => {
			const n = i + 1;
			const of = (k: number) => starChange(k, { light: lightId(1), before: k > 1 ? k - 1 : null });
			return { type: "star-change", change: of(n), follows: n > 1 ? of(n - 1) : null };
		});
		await store.commit(rows);
		const left = () => store.history(many - 1, many).length;
		expect(left()).toBe(many - 1);
		const counts: number[] = [];
		for (let i = 0; i < 4; i++) {
			await store.commit([{ type: "history-pruned", before: unixMs(1_900_000_000_000) }]);
			counts.push(left());
		}
		expect(counts).toEqual([2_999, 999, 0, 0]);
		expect((await store.load()).changes.get(lightId(1))?.n).toBe(many);
		await store.close();
	});

	it.each([
		["with the row before", true],
		["without it", false],
	])("of a signature, of an end and of a change that follows read back whole, %s", async (_name, before) => {
		const store = await open();
		const reserved = entry(1, { seq: 2, stars: 3, signed: null });
		const signed = { ...reserved, signed: new Uint8Array(200).fill(9) };
		const first = starChange(1);
		const shown = { ...first, end: { what: "shown", by: null, at: unixMs(1_750_000_009_000) } } as const;
		const next = starChange(2, { light: first.light, before: 1, stars: 2 });
		const superseded = { ...next, end: { what: "superseded", by: "00ff", at: unixMs(1_750_000_019_000) } } as const;
		const last = starChange(3, { light: first.light, before: 2 });
		const other = starChange(4, { light: lightId(9) });
		if (before) await store.commit([{ type: "entry", entry: reserved }, change(first), change(next, shown)]);
		await store.commit([{ type: "entry", entry: signed }, change(last, superseded)]);
		await store.commit([change(other), change({ ...other, end: shown.end }), change({ ...last, end: shown.end })]);
		const snapshot = await store.load();
		expect(snapshot.entries.get(signed.light)).toEqual(signed);
		expect(snapshot.changes.get(first.light)).toEqual({ ...last, end: shown.end });
		expect(snapshot.changes.get(other.light)).toEqual({ ...other, end: shown.end });
		expect(store.history(2, 10)).toEqual(before ? [superseded, shown] : [superseded]);
		await store.close();
	});

	it("of a signature leave no field of an older entry behind", async () => {
		const store = await open();
		await store.commit([{ type: "entry", entry: entry(1, { seq: 1, stars: 5, signed: null }) }]);
		const later = entry(1, { seq: 2, stars: 1, trace: new Uint8Array(8).fill(77) });
		await store.commit([{ type: "entry", entry: later }]);
		expect((await store.load()).entries.get(later.light)).toEqual(later);
		await store.close();
	});

	it("never give a certificate away in an error", async () => {
		const store = await open();
		await store.commit([driverChange(1)]);
		const twice = { type: "driver", driver: { key: "D9", certificate: "4104000000000000001" } } as const;
		const e: unknown = await store.commit([twice]).catch((failure: unknown) => failure);
		expect(isCoded(e) && e.code).toBe("store-refused");
		expect(JSON.stringify(isCoded(e) ? [e.message, e.next, e.context] : [])).not.toContain("41040000");
		expect(store.stats().failed).toBe(1);
		await store.close();
	});
});

describe("the schema", () => {
	const next: Migration = {
		version: MIGRATIONS.length + 1,
		up: (schema) => [schema.alterTable("drivers").addColumn("phone", "text")],
	};
	const broken: Migration = {
		version: MIGRATIONS.length + 1,
		up: (schema) => [schema.createTable("a").addColumn("b", "text"), schema.dropTable("nothing")],
	};

	it("of a newer program is refused, and the store is left as it is", async () => {
		const store = await open();
		await store.commit([driverChange(1)]);
		await store.close();
		edit("pragma user_version=99");
		expect(await codeOf(open())).toBe("store-too-new");
		edit(`pragma user_version=${MIGRATIONS.length}`);
		const again = await open();
		expect((await again.load()).drivers.size).toBe(1);
		await again.close();
	});

	it("is brought forward on a copy's safety: the old store is kept beside it, whole", async () => {
		const store = await open();
		await store.commit([driverChange(1)]);
		await store.close();
		const db = new Database(path);
		migrate(db, path, [...MIGRATIONS, next]);
		expect(db.prepare("select * from drivers").raw().all()).toEqual([["D1", "4104000000000000001", null]]);
		db.close();
		const backup = `${path}.v${MIGRATIONS.length}.bak`;
		expect(statSync(backup).mode & 0o077).toBe(0);
		path = backup;
		const old = await open();
		expect((await old.load()).drivers.size).toBe(1);
		await old.close();
	});

	it("stays as it was when a step fails", async () => {
		const store = await open();
		await store.commit([driverChange(1)]);
		await store.close();
		const db = new Database(path);
		expect(() => migrate(db, path, [...MIGRATIONS, broken])).toThrow();
		db.close();
		const again = await open();
		expect((await again.load()).drivers.size).toBe(1);
		await again.close();
	});
});
