import {
	appendFileSync,
	copyFileSync,
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
import Database from "libsql";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { makeBackup } from "../../../gateway/depot/backup.ts";
import { writeKeysBeside } from "../../../gateway/depot/backup-keys.ts";
import { manifestOf } from "../../../gateway/depot/backup-manifest.ts";
import { dataFolder } from "../../../gateway/depot/data-folder.ts";
import { backupSource, openFoundation } from "../../../gateway/depot/foundation.ts";
import { showKeys } from "../../../gateway/depot/keys.ts";
import { NodeClock } from "../../../gateway/depot/node-clock.ts";
import { NodeCrypto } from "../../../gateway/depot/node-crypto.ts";
import { type RestoreRequest, restoreStore } from "../../../gateway/depot/restore.ts";
import { MIGRATIONS } from "../../../gateway/store/migrations/index.ts";
import { openSqliteStore } from "../../../gateway/store/sqlite-store.ts";
import { isCoded } from "../../../protocol/wire/errors.ts";
import { unixMs } from "../../../protocol/wire/units.ts";
import { settingsIn } from "../../support/depot.ts";
import { driverChange, duty, FLEET, lightRecord, meta } from "../../support/depot-records.ts";

const root = mkdtempSync(join(tmpdir(), "liangxing-restore-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** A minute after the newest time in the store. */
const NOW = unixMs((meta().storedTime + 60) * 1000);
let data = "";
let copy = "";
let cases = 0;

/** A depot with a light, on whose copy one driver is on duty, and whose store has gone on since. */
beforeEach(async () => {
	data = join(root, `data${cases}`);
	mkdirSync(data);
	const settings = settingsIn(data);
	const base = await openFoundation(settings, new NodeClock());
	await base.store.commit([
		{ type: "meta", meta: meta() },
		driverChange(1),
		{ type: "light", light: lightRecord(1) },
		{ type: "duty", duty: duty(1) },
	]);
	copy = (await makeBackup(backupSource(settings, base), join(root, `copies${cases++}`), NOW, null)).file;
	await base.store.commit([driverChange(2)]);
	await base.store.close();
});

const restore = (more: Partial<RestoreRequest> = {}) =>
	restoreStore({
		file: copy,
		data,
		fleet: FLEET,
		noManifest: false,
		keepDuties: false,
		replace: true,
		now: NOW,
		...more,
	});

async function read(file = dataFolder(data).db) {
	const store = await openSqliteStore(file, { fleet: FLEET });
	try {
		return await store.load();
	} finally {
		await store.close();
	}
}

/** The code with which it is refused; the present store must be as it was. */
async function refusal(more: Partial<RestoreRequest> = {}): Promise<string> {
	const before = readFileSync(dataFolder(data).db);
	const files = readdirSync(data);
	const e: unknown = await restore(more).then(
		() => null,
		(failure: unknown) => failure,
	);
	expect(readFileSync(dataFolder(data).db).equals(before)).toBe(true);
	expect(readdirSync(data)).toEqual(files);
	if (!isCoded(e)) throw new Error(`no coded error but ${String(e)}`);
	expect(e.next.length).toBeGreaterThan(10);
	return e.code;
}

/** Changes something in the copy by SQL. */
function alter(statement: string): void {
	const db = new Database(copy);
	db.exec(statement);
	db.close();
}

describe("a restored store", () => {
	it("is the copy, marked to be blanked first, with nobody on duty; the one before is kept whole", async () => {
		const done = await restore();
		const stored = await read();
		expect([...stored.drivers.keys()]).toEqual(["D1"]);
		expect(stored.meta).toEqual(meta({ blankDue: true }));
		expect(stored.duties.size).toBe(0);
		expect(stored.ended).toMatchObject([{ id: "U1", until: meta().storedTime * 1000 }]);
		expect(done).toMatchObject({
			dutiesEnded: 1,
			keys: "kept",
			clock: null,
			schema: { from: MIGRATIONS.length, to: MIGRATIONS.length },
		});
		expect(statSync(dataFolder(data).db).mode & 0o777).toBe(0o600);
		expect((await read(done.kept ?? "")).drivers.size).toBe(2);
		expect(readdirSync(data).filter((name) => /restoring|-wal$|-shm$|-journal$/.test(name))).toEqual([]);
	});

	it("keeps who is on duty where a person says that nobody signed in or out since", async () => {
		expect(await restore({ keepDuties: true })).toMatchObject({ dutiesEnded: 0 });
		const stored = await read();
		expect([stored.duties.size, stored.meta.blankDue]).toEqual([1, true]);
	});

	it("has the epoch of the store that it replaces, where that is the higher one", async () => {
		const { db } = dataFolder(data);
		const store = await openSqliteStore(db, { fleet: FLEET });
		await store.commit([{ type: "meta", meta: meta({ epoch: meta().epoch + 7 }) }]);
		await store.close();
		await restore();
		expect((await read()).meta.epoch).toBe(meta().epoch + 7);
	});

	it("says which clock refusal the operator will meet", async () => {
		const day = 86_400_000;
		expect((await restore({ now: unixMs(NOW + 2 * day) })).clock).toBe("clock-ahead");
		expect((await restore({ now: unixMs(NOW - day) })).clock).toBe("clock-behind");
	});

	it("leaves the copy as it was, and can be put back again", async () => {
		const before = readFileSync(copy);
		await restore();
		await restore({ now: unixMs(NOW + 1) });
		expect(readFileSync(copy).equals(before)).toBe(true);
		expect(readdirSync(data).filter((name) => name.includes("before-restore"))).toHaveLength(2);
	});

	it("takes the place of one that is damaged, which stays for whoever looks at it, its log with it", async () => {
		const { db } = dataFolder(data);
		writeFileSync(db, "rubbish ".repeat(2000));
		writeFileSync(`${db}-wal`, "more rubbish");
		const { kept } = await restore();
		expect((await read()).drivers.size).toBe(1);
		expect(readFileSync(kept ?? "", "utf8")).toContain("rubbish");
		expect(readFileSync(`${kept}-wal`, "utf8")).toContain("more rubbish");
	});

	it("of an older schema is brought forward", async () => {
		const old = join(root, "old.db");
		const db = new Database(old);
		db.exec(readFileSync(new URL("../../vectors/store-schema-1.sql", import.meta.url), "utf8"));
		db.close();
		expect(await restore({ file: old, noManifest: true })).toMatchObject({
			schema: { from: 1, to: MIGRATIONS.length },
			at: null,
		});
		expect((await read()).drivers.size).toBe(3);
		expect(readdirSync(data).filter((name) => name.endsWith(".bak"))).toEqual([]);
		rmSync(old);
	});
});

describe("a restore is refused, and changes nothing,", () => {
	it("without --yes where a store is", async () => {
		expect(await refusal({ replace: false })).toBe("restore-unconfirmed");
	});

	it("while somebody has the store open", async () => {
		const store = await openSqliteStore(dataFolder(data).db, { fleet: FLEET });
		const e: unknown = await restore().catch((failure: unknown) => failure);
		expect(isCoded(e) && e.code).toBe("store-locked");
		await store.commit([driverChange(3)]);
		await store.close();
		expect((await read()).drivers.size).toBe(3);
		expect(readdirSync(data).filter((name) => name.includes("restor"))).toEqual([]);
	});

	it("for a copy that is missing, changed, cut short, or has no manifest or another's", async () => {
		expect(await refusal({ file: join(root, "nowhere.db") })).toBe("file-unreadable");
		const bytes = readFileSync(copy);
		appendFileSync(copy, "x");
		expect(await refusal()).toBe("backup-damaged");
		bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1;
		writeFileSync(copy, bytes);
		expect(await refusal()).toBe("backup-damaged");
		writeFileSync(manifestOf(copy), '{"format":"something else"}');
		expect(await refusal()).toBe("backup-manifest-invalid");
		rmSync(manifestOf(copy));
		expect(await refusal()).toBe("backup-manifest-missing");
	});

	it("for a copy of another fleet, of a newer program, of something else, or damaged inside", async () => {
		expect(await refusal({ fleet: "pingdingshan" })).toBe("fleet-mismatch");
		alter("pragma user_version=99");
		expect(await refusal({ noManifest: true })).toBe("store-too-new");
		alter("pragma application_id=7");
		expect(await refusal({ noManifest: true })).toBe("store-foreign");
		writeFileSync(copy, "no database at all, but long enough to look like one. ".repeat(200));
		expect(await refusal({ noManifest: true })).toBe("store-corrupt");
	});

	it("for lights of another root", async () => {
		const manifest = JSON.parse(readFileSync(manifestOf(copy), "utf8")) as object;
		writeFileSync(manifestOf(copy), JSON.stringify({ ...manifest, root: "cd".repeat(32) }));
		expect(await refusal()).toBe("backup-other-root");
	});
});

describe("after a dead disk", () => {
	const crypto = new NodeCrypto();
	const away = () => join(root, `new${cases}`);

	it("a backup with its keys makes the depot whole: the same root, the same signing key, a new token", async () => {
		const before = showKeys(dataFolder(data), crypto);
		const { file, hasRootKey } = writeKeysBeside(dataFolder(data), copy, FLEET);
		expect([statSync(file).mode & 0o777, hasRootKey]).toEqual([0o600, true]);
		expect(readFileSync(file, "utf8")).not.toContain(readFileSync(dataFolder(data).token, "utf8").trim());
		expect(await restore({ data: away() })).toMatchObject({ keys: "put-back", kept: null });
		const folder = dataFolder(away());
		expect(showKeys(folder, crypto)).toEqual(before);
		for (const path of [folder.rootKey, folder.signingKey]) expect(statSync(path).mode & 0o777).toBe(0o600);
		await (await openFoundation(settingsIn(away()), new NodeClock())).store.close();
	});

	it("the root key alone is enough: a new signing key, which lights trust since the root signed it", async () => {
		const before = showKeys(dataFolder(data), crypto);
		mkdirSync(away());
		copyFileSync(dataFolder(data).rootKey, dataFolder(away()).rootKey);
		expect(await restore({ data: away() })).toMatchObject({ keys: "made-from-root" });
		const after = showKeys(dataFolder(away()), crypto);
		expect(after.root).toBe(before.root);
		expect(after.signing).not.toEqual(before.signing);
		await (await openFoundation(settingsIn(away()), new NodeClock())).store.close();
	});

	it("without any key it says so, and the gateway does not start with keys that no light trusts", async () => {
		expect(await restore({ data: away() })).toMatchObject({ keys: "missing" });
		const e: unknown = await openFoundation(settingsIn(away()), new NodeClock()).catch((failure: unknown) => failure);
		expect(isCoded(e) && e.code).toBe("key-file-missing");
		expect(existsSync(dataFolder(away()).signingKey)).toBe(false);
	});
});
