import { describe, expect, it } from "vitest";
import type { AlarmMessage } from "../../../gateway/alarms/message.ts";
import { mailOf } from "../../../gateway/alarms/message.ts";
import { alarmText } from "../../../gateway/alarms/texts.ts";
import { AlarmWatch, LOOK_MS } from "../../../gateway/alarms/watch.ts";
import { ALARM_CODES, type AlarmFacts, readConditions } from "../../../gateway/core/alarms/conditions.ts";
import { openLog } from "../../../gateway/log/pino-log.ts";
import { monoMs, unixMs } from "../../../protocol/wire/units.ts";
import { handTimers } from "../../support/hand-timers.ts";
import { Depot } from "../core/harness.ts";

const LIMITS = {
	pullHours: 36,
	rightShare: 0.95,
	rightShareMinutes: 15,
	silentLights: 5,
	silentShare: 0.2,
	diskFreeMib: 512,
};
const depot = new Depot().start();
const figures = depot.core.figures(depot.now());

/** A watch over facts that the test sets, with its timers fired by hand. */
function watching() {
	let at = 0;
	let facts: () => Promise<AlarmFacts> = async () => ({
		figures,
		storeOk: true,
		brokerOpen: true,
		diskFreeBytes: null,
		upS: 1,
	});
	const sent: AlarmMessage[] = [];
	const lines: Record<string, unknown>[] = [];
	const now = () => ({ unix: unixMs(1_772_323_200_000 + at), mono: monoMs(at) });
	const clock = { unixMs: () => now().unix, monoMs: () => now().mono };
	const { log } = openLog("debug", clock, { write: (line: string) => void lines.push(JSON.parse(line)) });
	const { timers, fire, waiting } = handTimers();
	const watch = new AlarmWatch({
		fleet: "demo",
		limits: LIMITS,
		facts: () => facts(),
		hooks: { push: (message) => void sent.push(message) },
		now,
		timers,
		log,
	});
	const settle = () => new Promise<void>((resolve) => setImmediate(resolve));
	return {
		watch,
		sent,
		lines,
		waiting,
		set: (more: Partial<AlarmFacts>) => {
			facts = async () => ({ figures, storeOk: true, brokerOpen: true, diskFreeBytes: null, upS: 1, ...more });
		},
		break: () => {
			facts = () => Promise.reject(new TypeError("statfs"));
		},
		async looks(times: number) {
			for (let i = 0; i < times; i++) {
				await settle();
				at += LOOK_MS;
				fire();
				await settle();
			}
		},
	};
}

describe("the watch of a depot", () => {
	it("logs and sends an alarm once when it is raised and once when it is cleared", async () => {
		const { watch, sent, lines, set, looks } = watching();
		watch.start();
		set({ storeOk: false });
		await looks(20);
		expect(sent.map((m) => [m.type, m.code, m.fleet])).toEqual([["raise", "store-failing", "demo"]]);
		expect(watch.standing().map((a) => a.code)).toEqual(["store-failing"]);
		set({});
		await looks(60);
		expect(sent.map((m) => m.type)).toEqual(["raise", "clear"]);
		expect(lines.map((l) => [l["level"], l["code"], l["alarm"]])).toEqual([
			["error", "alarm-raised", "store-failing"],
			["info", "alarm-cleared", "store-failing"],
		]);
		expect(watch.standing()).toEqual([]);
	});

	it("says of an alarm that stands on after its pull was decided that none is held, not a count of none", async () => {
		const { watch, sent, set, looks } = watching();
		const held = (count: number) => ({ figures: { ...figures, pulls: { ...figures.pulls, held: count } } });
		const said = () => watch.standing().map((a) => alarmText(a.code, a.detail, "en", a.over).what);
		watch.start();
		set(held(1));
		await looks(10);
		expect(said()).toEqual([expect.stringMatching(/^1 pull would .* and is held\./)]);
		set(held(0));
		await looks(2);
		expect(said()).toEqual(["No pull is held any more: each was decided, or a newer one took its place."]);
		await looks(40);
		expect([said(), sent.map((m) => m.type)]).toEqual([[], ["raise", "clear"]]);
		const [, clear] = sent;
		expect(clear === undefined ? "" : mailOf(clear, "both").text).not.toMatch(/\b0\b.*(pull|批)/);
	});

	it("goes on watching after a look that failed, and says so", async () => {
		const { watch, sent, lines, set, looks, ...more } = watching();
		watch.start();
		more.break();
		await looks(3);
		set({ brokerOpen: false });
		await looks(6);
		expect(sent.map((m) => m.code)).toEqual(["broker-port-closed"]);
		expect(lines.filter((l) => l["code"] === "alarm-watch-failed").length).toBeGreaterThan(0);
	});

	it("that is stopped looks no more", async () => {
		const { watch, looks, waiting } = watching();
		watch.start();
		await looks(1);
		watch.stop();
		await looks(1);
		expect(waiting()).toBe(0);
	});
});

describe("the words of an alarm", () => {
	it("are there for each code in both languages, with its figures and the next step", () => {
		const readings = readConditions({ figures, storeOk: true, brokerOpen: true, diskFreeBytes: 1e9, upS: 1 }, LIMITS);
		expect(readings.map((r) => r.code).sort()).toEqual([...ALARM_CODES].sort());
		for (const { code, detail } of readings)
			for (const lang of ["zh", "en"] as const) {
				const over = alarmText(code, detail, lang, true);
				const { title, what, next } = alarmText(code, detail, lang);
				for (const text of [title, what, next, over.what, over.next]) {
					expect([code, text]).toEqual([code, expect.stringMatching(lang === "zh" ? /[\u4e00-\u9fff]/ : /^[A-Z0-9]/)]);
					expect([code, text]).toEqual([code, expect.not.stringMatching(/undefined|NaN|null/)]);
				}
			}
	});

	it("make a subject that says fleet, kind and alarm, and no line break in it", () => {
		const base = { severity: "critical", since: unixMs(0), at: unixMs(1000), detail: {}, fleet: "demo" } as const;
		const { subject } = mailOf({ ...base, type: "clear", code: "store-failing" }, "both");
		expect(subject).toBe("[亮星 demo] 已恢复：存储写入失败 / Cleared: The store cannot be written");
	});
});
