import { copyFileSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type DepotStore, openSqliteStore } from "../../gateway/store/sqlite-store.ts";
import { FLEET, ratingChange } from "../support/depot-records.ts";
import { storeSuite } from "./store-suite.ts";

storeSuite("SQLite", async () => {
	const root = mkdtempSync(join(tmpdir(), "liangxing-store-"));
	let path = join(root, "0.db");
	let open: DepotStore | null = null;
	const left: DepotStore[] = [];
	let crashes = 0;
	return {
		// A text where the table wants a number.
		refused: ratingChange(9, { asOf: "today" as never }),
		open: async () => {
			await open?.close();
			open = await openSqliteStore(path, { fleet: FLEET });
			return open;
		},
		// The files as a killed process leaves them: the database and its log as they stand, without a close.
		crash: async () => {
			crashes += 1;
			const next = join(root, `${crashes}.db`);
			for (const suffix of ["", "-wal"]) if (existsSync(path + suffix)) copyFileSync(path + suffix, next + suffix);
			if (open !== null) left.push(open);
			open = null;
			path = next;
		},
		cleanup: async () => {
			for (const store of left) await store.close();
			await open?.close();
			rmSync(root, { recursive: true, force: true });
		},
	};
});
