import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "libsql";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import type { Snapshot } from "../../../gateway/core/model.ts";
import { migrate } from "../../../gateway/store/migrate.ts";
import { MIGRATIONS } from "../../../gateway/store/migrations/index.ts";
import type { Migration } from "../../../gateway/store/migrations/migration.ts";
import { openSqliteStore } from "../../../gateway/store/sqlite-store.ts";
import { isCoded } from "../../../protocol/wire/errors.ts";
import { seconds, unixMs, unixSeconds } from "../../../protocol/wire/units.ts";
import { lightId } from "../../support/depot-records.ts";

const root = mkdtempSync(join(tmpdir(), "liangxing-upgrade-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const OLDEST = readFileSync(new URL("../../vectors/store-schema-1.sql", import.meta.url), "utf8");
const T = 1_750_000_000;
const bytes = (length: number, value: number): Uint8Array => new Uint8Array(length).fill(value);
const [one, two] = [lightId(1), lightId(2)];

/** What stands in the oldest store, as this program has to read it. */
const CONTENT: Snapshot = {
	meta: {
		fleet: "demo",
		epoch: T,
		epochTakenAt: unixSeconds(T),
		storedTime: unixSeconds(T + 5),
		notice: { epoch: T, bytes: bytes(120, 7) },
		blankDue: false,
		namedAbove: ["1750000001/3"],
		nextDriver: 4,
		nextVehicle: 3,
		nextDuty: 3,
		nextPull: 3,
	},
	drivers: new Map([1, 2, 3].map((n) => [`D${n}`, { key: `D${n}`, certificate: `TEST00000${n}` }])),
	ratings: new Map([
		["D1", { grade: "AAA", score: 19.5, period: "2025年度", asOf: unixSeconds(T - 86_400), pull: "P000001" }],
		["D2", { grade: "unrated", score: null, period: "2025年度", asOf: unixSeconds(T - 86_400), pull: "P000001" }],
	]),
	vehicles: new Map(
		[
			{ key: "V1", plate: "豫DT0001", plateColour: 1, company: "测试出租", terminal: "", main: "D1", deputy: "D2" },
			{
				key: "V2",
				plate: "豫DD10002",
				plateColour: 5,
				company: "测试出租",
				terminal: "900001",
				main: null,
				deputy: null,
			},
		].map((vehicle) => [vehicle.key, vehicle]),
	),
	duties: new Map([["U2", { id: "U2", vehicle: "V1", driver: "D1", from: unixMs((T - 4000) * 1000), until: null }]]),
	ended: [{ id: "U1", vehicle: "V1", driver: "D2", from: unixMs((T - 9000) * 1000), until: unixMs((T - 5000) * 1000) }],
	lights: new Map([
		[one, { light: one, publicKey: bytes(32, 1), vehicle: "V1" }],
		[two, { light: two, publicKey: bytes(32, 2), vehicle: null }],
	]),
	entries: new Map([
		[
			one,
			{
				light: one,
				epoch: T,
				seq: 4,
				stars: 5,
				driver: "D1",
				issuedAt: unixSeconds(T),
				notAfter: unixSeconds(T + 3600),
				leaseS: seconds(3600),
				resumes: 1,
				resumeS: seconds(90),
				asOf: unixSeconds(T - 86_400),
				policy: bytes(8, 1),
				trace: bytes(8, 2),
				ask: bytes(8, 3),
				signed: bytes(180, 4),
			},
		],
		[
			two,
			{
				light: two,
				epoch: T,
				seq: 1,
				stars: 0,
				driver: null,
				issuedAt: unixSeconds(T),
				notAfter: unixSeconds(T + 3600),
				leaseS: seconds(3600),
				resumes: 0,
				resumeS: seconds(0),
				asOf: unixSeconds(0),
				policy: bytes(8, 1),
				trace: bytes(8, 5),
				ask: null,
				signed: null,
			},
		],
	]),
	observed: new Map([
		[
			one,
			{
				light: one,
				session: 3,
				counter: 4_294_967_295,
				ask: bytes(8, 5),
				shown: 5,
				pattern: "stars",
				sensed: true,
				epoch: T,
				seq: 4,
				grant: bytes(8, 6),
				asOf: unixSeconds(T - 86_400),
				leaseLeftS: 1200,
				resumesLeft: 1,
				keysVersion: T,
				noticeEpoch: T,
				refused: { code: "not-fresh", kind: "grant", epoch: T, seq: 3 },
				lamps: ["ok", "ok", "ok", "ok", "unknown"],
				heardAt: unixMs(T * 1000 + 123),
			},
		],
		[
			two,
			{
				light: two,
				session: 1,
				counter: 7,
				ask: bytes(8, 8),
				shown: 0,
				pattern: "neutral",
				sensed: false,
				epoch: 0,
				seq: 0,
				grant: null,
				asOf: null,
				leaseLeftS: null,
				resumesLeft: null,
				keysVersion: null,
				noticeEpoch: null,
				refused: null,
				lamps: null,
				heardAt: unixMs(T * 1000 + 456),
			},
		],
	]),
	pulls: [
		{
			id: "P000001",
			source: "csv",
			name: "考核结果.csv",
			contentHash: "ab".repeat(32),
			at: unixMs((T - 100) * 1000),
			rows: 3,
			accepted: 2,
			quarantined: [{ row: 3, reason: "score-out-of-range", driver: "D3" }],
			status: "applied",
			added: 2,
			changed: 0,
			removed: 0,
			lowered: 0,
			heldFor: [],
		},
		{
			id: "P000002",
			source: "csv",
			name: "下月.csv",
			contentHash: "cd".repeat(32),
			at: unixMs((T - 50) * 1000),
			rows: 1,
			accepted: 1,
			quarantined: [],
			status: "held",
			added: 0,
			changed: 0,
			removed: 1,
			lowered: 0,
			heldFor: ["removes-too-many"],
		},
	],
	heldChanges: new Map([["P000002", [{ op: "remove", certificate: "TEST000001" }]]]),
	// What later versions added is empty.
	changes: new Map(),
	policy: null,
};

let path = "";
let cases = 0;
beforeEach(() => {
	const folder = join(root, String(cases++));
	mkdirSync(folder);
	path = join(folder, "liangxing.db");
	edit(OLDEST);
});

function edit(statements: string, file = path): void {
	const db = new Database(file);
	db.exec(statements);
	db.close();
}

/** Tables and columns, in order. */
function shapeOf(file: string): unknown {
	const db = new Database(file);
	const tables = db
		.prepare("select name from sqlite_master where type = 'table' order by name")
		.raw()
		.all() as string[][];
	const shape = tables.map(([name]) => [name, db.prepare(`pragma table_info("${name}")`).raw().all()]);
	db.close();
	return shape;
}

function versionOf(file: string): unknown {
	const db = new Database(file);
	const [row] = db.prepare("pragma user_version").raw().all() as unknown[][];
	db.close();
	return row?.[0];
}

/** As the program that knew only these steps opened it. */
function openUpTo(version: number, file = path, more: readonly Migration[] = []): void {
	const db = new Database(file);
	try {
		migrate(db, file, [...MIGRATIONS.slice(0, version), ...more]);
	} finally {
		db.close();
	}
}

async function read(file = path): Promise<Snapshot> {
	const store = await openSqliteStore(file, { fleet: "demo" });
	try {
		return await store.load();
	} finally {
		await store.close();
	}
}

async function codeOf(promise: Promise<unknown>): Promise<{ code: string; message: string }> {
	const e: unknown = await promise.then(
		() => null,
		(failure: unknown) => failure,
	);
	if (!isCoded(e)) throw new Error(`no coded error but ${String(e)}`);
	return e;
}

const STEPS = MIGRATIONS.map((m) => m.version);

describe("a store of the oldest version", () => {
	it("has a row in each of its tables, so that nothing is brought forward untested", () => {
		const db = new Database(path);
		const tables = db.prepare("select name from sqlite_master where type = 'table' and name not like 'sqlite_%'").raw();
		const names = (tables.all() as string[][]).map(([name]) => name ?? "");
		expect(names.length).toBe(10);
		for (const name of names)
			expect([name, db.prepare(`select * from ${name}`).raw().all().length > 0]).toEqual([name, true]);
		db.close();
	});

	it("is what the first step makes today: a released step never changes", () => {
		const fresh = `${path}.fresh`;
		openUpTo(1, fresh);
		expect(shapeOf(fresh)).toEqual(shapeOf(path));
	});

	it("reads back equal in this program, and its copy from before is there, of its version", async () => {
		expect(await read()).toEqual(CONTENT);
		expect(versionOf(path)).toBe(MIGRATIONS.length);
		const kept = `${path}.v1.bak`;
		expect(statSync(kept).mode & 0o777).toBe(0o600);
		expect(versionOf(kept)).toBe(1);
		openUpTo(1, kept);
		expect(await read(kept)).toEqual(CONTENT);
	});

	it.each(STEPS)("reads back equal by way of version %i", async (version) => {
		openUpTo(version);
		expect(versionOf(path)).toBe(version);
		expect(await read()).toEqual(CONTENT);
		expect(existsSync(`${path}.v${version}.bak`)).toBe(version < MIGRATIONS.length);
	});

	it.each(STEPS)("stays version %i, whole and usable, when the step after it fails half-way", async (version) => {
		openUpTo(version);
		const half: Migration = {
			version: version + 1,
			up: (schema) => [
				schema.alterTable("drivers").addColumn("phone", "text"),
				schema.dropTable("pulls"),
				schema.dropTable("there_is_no_such_table"),
			],
		};
		expect(() => openUpTo(version, path, [half])).toThrow();
		expect(versionOf(path)).toBe(version);
		openUpTo(version);
		expect(await read()).toEqual(CONTENT);
	});

	it("goes on working after the upgrade: what is stored then is there at the next start", async () => {
		const store = await openSqliteStore(path, { fleet: "demo" });
		await store.commit([{ type: "meta", meta: { ...CONTENT.meta, blankDue: true } }]);
		await store.close();
		expect((await read()).meta).toEqual({ ...CONTENT.meta, blankDue: true });
	});
});

describe("a store from the future", () => {
	it("is refused by name and left as it is", async () => {
		edit("pragma user_version=99");
		const { code, message } = await codeOf(read());
		expect([code, message.includes(path)]).toEqual(["store-too-new", true]);
		expect(versionOf(path)).toBe(99);
		expect(existsSync(`${path}.v99.bak`)).toBe(false);
	});
});
