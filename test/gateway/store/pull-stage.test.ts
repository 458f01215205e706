import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "libsql";
import { afterAll, expect, it } from "vitest";
import type { Stage } from "../../../gateway/core/pull/types.ts";
import { migrate } from "../../../gateway/store/migrate.ts";
import { MIGRATIONS } from "../../../gateway/store/migrations/index.ts";
import type { LastPull } from "../../../gateway/store/pull-stage.ts";
import { openSqliteStore } from "../../../gateway/store/sqlite-store.ts";
import { unixMs } from "../../../protocol/wire/units.ts";
import { FLEET, pull } from "../../support/depot-records.ts";

const root = mkdtempSync(join(tmpdir(), "liangxing-stage-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const stageOf = (pages: number): Stage => ({
	...{ snapshot: "s1", asOf: unixMs(5), total: 30, etag: '"e"', rows: pages * 10, next: `c${pages}` },
	pages: Array.from({ length: pages }, (_, n) => ({ cursor: n === 0 ? null : `c${n}`, digest: `d${n}` })),
});
const stored = (pages: number) => ({ stage: stageOf(pages), context: "here", beganAt: 7, characters: pages * 100 });
const last: LastPull = { at: 9, outcome: "applied", failure: null, goodAt: 9, taken: null };

it("keeps pages in order over a restart, and nothing of them once the list is taken", async () => {
	const path = join(root, "a.db");
	const store = await openSqliteStore(path, { fleet: FLEET });
	expect([store.pullStage.load(), store.pullStage.last(), [...store.pullStage.pages()]]).toEqual([null, null, []]);
	store.pullStage.add(stored(1), JSON.stringify([["a"]]));
	store.pullStage.add(stored(2), JSON.stringify([["b"], { malformed: true, certificate: "" }]));
	await store.close();
	const again = await openSqliteStore(path, { fleet: FLEET });
	expect(again.pullStage.load()).toEqual(stored(2));
	expect([...again.pullStage.pages()]).toEqual([[["a"]], [["b"], { malformed: true, certificate: "" }]]);
	again.pullStage.finish(last);
	expect([again.pullStage.load(), again.pullStage.last(), [...again.pullStage.pages()]]).toEqual([null, last, []]);
	await again.close();
});

it("begins anew over what was left of another list", async () => {
	const store = await openSqliteStore(join(root, "b.db"), { fleet: FLEET });
	for (const pages of [1, 2, 3]) store.pullStage.add(stored(pages), "[]");
	store.pullStage.add(stored(1), JSON.stringify([["new"]]));
	expect(store.pullStage.load()?.stage.pages).toHaveLength(1);
	expect([...store.pullStage.pages()]).toEqual([[["new"]]]);
	store.pullStage.clear();
	expect(store.pullStage.load()).toBeNull();
	await store.close();
});

it("comes to a store of the version before, whose pulls are kept", async () => {
	const path = join(root, "c.db");
	const db = new Database(path);
	migrate(db, path, MIGRATIONS.slice(0, 2));
	db.exec(
		"insert into pulls(id,source,name,content_hash,at_ms,row_count,accepted,quarantined,status,added,changed,removed,lowered,held_for) " +
			"values('P000001','csv','a','00',1,1,1,'[]','applied',1,0,0,0,'[]')",
	);
	db.close();
	const store = await openSqliteStore(path, { fleet: FLEET });
	const [old] = (await store.load()).pulls;
	expect(old).toMatchObject({ id: "P000001" });
	expect(old?.asOf).toBeUndefined();
	await store.commit([{ type: "pull", pull: pull(2), changes: null }]);
	expect((await store.load()).pulls).toHaveLength(2);
	await store.close();
});
