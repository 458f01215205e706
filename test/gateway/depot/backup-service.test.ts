import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { nextRun, scheduleProblem } from "../../../gateway/config/schedule.ts";
import { BackupService } from "../../../gateway/depot/backup-service.ts";
import { openSqliteStore } from "../../../gateway/store/sqlite-store.ts";
import { monoMs, unixMs } from "../../../protocol/wire/units.ts";
import { FLEET, meta } from "../../support/depot-records.ts";
import { handTimers } from "../../support/hand-timers.ts";
import { silentLog } from "../../support/silent-log.ts";

const root = mkdtempSync(join(tmpdir(), "liangxing-schedule-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));
/** Local noon: cron lines are in the machine's time. */
const NOON = new Date(2026, 2, 1, 12).getTime();
const HOUR = 3_600_000;

describe("a schedule of backups", () => {
	it("makes one when its time has come, not before and not twice, and leaves as many as it is told", async () => {
		const store = await openSqliteStore(join(root, "liangxing.db"), { fleet: FLEET });
		await store.commit([{ type: "meta", meta: meta() }]);
		const dir = join(root, "backups");
		const { timers, fire, waiting } = handTimers();
		let now = NOON;
		const clock = { unixMs: () => unixMs(now), monoMs: () => monoMs(0) };
		const service = new BackupService(
			{ store, fleet: FLEET, program: "0.1.0", root: "ab".repeat(32) },
			{ schedule: "30 * * * *", keep: 2, dir },
			{ clock, timers, log: silentLog },
		);
		/** Fires what waits, as a timer cut to an hour does, and waits until the service waits again. */
		const wake = async (at: number) => {
			now = at;
			fire();
			while (waiting() === 0) await new Promise((next) => setImmediate(next));
		};
		service.start();
		await wake(NOON + HOUR / 2 - 1);
		expect(service.stats()).toMatchObject({ made: 0 });
		for (let n = 0; n < 4; n++) {
			await wake(NOON + HOUR / 2 + n * HOUR);
			await wake(NOON + HOUR / 2 + n * HOUR + 1000);
		}
		expect(service.stats()).toMatchObject({ made: 4, failed: 0 });
		expect(readdirSync(dir).filter((name) => name.endsWith(".db"))).toHaveLength(2);
		await store.close();
		await wake(NOON + HOUR / 2 + 4 * HOUR);
		expect(service.stats()).toMatchObject({ made: 4, failed: 1, lastError: "store-closed" });
		service.stop();
		expect(waiting()).toBe(0);
	});

	it("is read as cron reads it, and what is no schedule is said", () => {
		expect(nextRun("15 2 * * *", null, unixMs(NOON))).toBe(new Date(2026, 2, 2, 2, 15).getTime());
		expect(scheduleProblem("15 2 * * *")).toBeNull();
		for (const wrong of ["at night", "75 2 * * *", "0 0 30 2 *"]) expect(scheduleProblem(wrong)).not.toBeNull();
	});
});
