import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate as turn } from "node:timers/promises";
import { afterAll, describe, expect, it } from "vitest";
import { isSchedule, isTimeZone, nextRun } from "../../../gateway/config/schedule.ts";
import type { PageAnswer } from "../../../gateway/sources/http/fetch-page.ts";
import { RatingSource } from "../../../gateway/sources/http/rating-source.ts";
import { millis, monoMs, unixMs } from "../../../protocol/wire/units.ts";
import { SimClock } from "../../../simulator/clock/sim-clock.ts";
import { settingsIn } from "../../support/depot.ts";
import { MemoryStage } from "../../support/memory-stage.ts";
import { silentLog } from "../../support/silent-log.ts";
import { policy } from "../ratings/support.ts";

const root = mkdtempSync(join(tmpdir(), "liangxing-schedule-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const at = (text: string) => unixMs(Date.parse(text));
/** Virtual time begins here. */
const BEGIN = at("2026-11-24T08:00:30+08:00");

const DOWN: PageAnswer = {
	ok: false,
	failure: { kind: "retry", code: "platform-unreachable", message: "m", next: "n" },
};
const list = (etag: string | null): PageAnswer => ({
	ok: true,
	page: {
		...{ snapshot: "a", asOf: unixMs(BEGIN - 1000), total: 1, from: 0, rows: 1, next: null, digest: "d" },
		etag,
	},
	rows: [["4104000000000000001", "2025年度", "25", "AAA", "2026-01-15"]],
});

/** A source in virtual time: when it asked, and what it saw. */
function sourceWith(answer: (minute: number) => PageAnswer, schedule = "*/10 * * * *", stage = new MemoryStage()) {
	const sim = new SimClock();
	const asked: string[] = [];
	let shift = 0;
	const now = () => unixMs(BEGIN + sim.now() + shift);
	const source = new RatingSource({
		settings: settingsIn(root, {
			"source.http.url": "http://127.0.0.1:9/list",
			"source.http.schedule": schedule,
			"source.http.attempts": "1",
		}),
		policy,
		stage,
		run: async () => ({ ok: true, value: { pull: "P000001", status: "applied" } }),
		pulls: () => [],
		clock: { unixMs: now, monoMs: () => monoMs(sim.now()) },
		timers: {
			after: (name, delay, run) => sim.after(name, millis(delay), run),
		},
		soon: (run) => run(),
		ask: async () => {
			asked.push(new Date(now() + 8 * 3_600_000).toISOString().slice(11, 19));
			return answer(sim.now() / 60_000);
		},
		chance: () => 1,
		log: silentLog,
	});
	/** Runs virtual time on, with every promise settled after each event. */
	const run = async (minutes: number) => {
		const end = sim.now() + minutes * 60_000;
		for (let t = sim.now(); t < end; t += 1000) {
			sim.runUntil(t + 1000);
			for (let n = 0; n < 8; n++) await turn();
		}
	};
	const shiftClock = (ms: number) => {
		shift += ms;
	};
	return { source, asked, run, shiftClock };
}

describe("a schedule", () => {
	it("pulls at the first start, then at each time that it names", async () => {
		const { source, asked, run } = sourceWith(() => list(null));
		source.start();
		await run(25);
		expect(asked).toEqual(["08:00:30", "08:10:00", "08:20:00"]);
		expect(source.view().nextDue).toBe(at("2026-11-24T08:30:00+08:00"));
	});

	it("pulls at once where a time was missed while the gateway was off, and not where none was", async () => {
		const stage = new MemoryStage();
		const first = sourceWith(() => list(null), "0 8 * * *", stage);
		await first.source.pull();
		const soon = sourceWith(() => list(null), "0 8 * * *", stage);
		soon.source.start();
		await soon.run(2);
		expect(soon.asked).toEqual([]);
		const late = sourceWith(() => list(null), "0 8 * * *", stage);
		late.shiftClock(24 * 3_600_000);
		late.source.start();
		await late.run(2);
		expect(late.asked).toHaveLength(1);
	});

	it("leaves a failing platform alone longer and longer, and goes back to its times once it answers", async () => {
		const { source, asked, run } = sourceWith((minute) => (minute < 20 ? DOWN : list(null)));
		source.start();
		await run(45);
		expect(asked).toEqual(["08:00:30", "08:01:31", "08:03:31", "08:07:31", "08:15:31", "08:31:31", "08:40:00"]);
		expect(source.view()).toMatchObject({ failures: 0, restingUntil: null, last: { outcome: expect.any(String) } });
	});

	it("tries a failing platform again long before a daily time comes", async () => {
		const { source, asked, run } = sourceWith((minute) => (minute < 1 ? DOWN : list(null)), "0 3 * * *");
		source.start();
		await run(30);
		expect(asked).toHaveLength(2);
		expect(source.view().nextDue).toBe(at("2026-11-25T03:00:00+08:00"));
	});

	it("heeds a clock that is put right within a minute", async () => {
		const { source, asked, run, shiftClock } = sourceWith(() => list(null), "0 9 * * *");
		source.start();
		await run(1);
		shiftClock(3_590_000);
		await run(2);
		expect(asked).toHaveLength(2);
	});

	it("never pulls by itself where it is off", async () => {
		const { source, asked, run } = sourceWith(() => list(null), "off");
		source.start();
		await run(60);
		expect([asked, source.view().nextDue]).toEqual([[], null]);
	});

	it("is read in its time zone", () => {
		const noon = at("2026-11-24T12:00:00Z");
		expect(nextRun("0 8 * * *", "Asia/Shanghai", noon)).toBe(at("2026-11-25T00:00:00Z"));
		expect(nextRun("0 8 * * *", "UTC", noon)).toBe(at("2026-11-25T08:00:00Z"));
		expect(nextRun("off", "UTC", noon)).toBeNull();
	});

	it("is refused where it never comes, or is none", () => {
		expect(["* * * * *", "*/5 * * * * *", "0 3 * * 1-5", "off"].map(isSchedule)).toEqual([true, true, true, true]);
		expect(["", "hourly", "61 * * * *", "0 0 30 2 *", "* * *", "* * * * * * 2020"].map(isSchedule)).toEqual(
			Array.from({ length: 6 }, () => false),
		);
		expect([isTimeZone("Asia/Shanghai"), isTimeZone("UTC"), isTimeZone("Mars/Base"), isTimeZone("")]).toEqual([
			true,
			true,
			false,
			false,
		]);
	});
});
