import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
	ALARM_CODES,
	type AlarmFacts,
	type AlarmLimits,
	type Reading,
	readConditions,
} from "../../../gateway/core/alarms/conditions.ts";
import {
	type AlarmEvent,
	type AlarmState,
	NO_ALARMS,
	standingAlarms,
	stepAlarms,
} from "../../../gateway/core/alarms/reducer.ts";
import type { DepotFigures } from "../../../gateway/core/figures/figures.ts";
import { monoMs, unixMs } from "../../../protocol/wire/units.ts";
import { SEED } from "../../support/seed.ts";
import { Depot, T0 } from "./harness.ts";

const LIMITS: AlarmLimits = {
	pullHours: 36,
	rightShare: 0.95,
	rightShareMinutes: 15,
	silentLights: 5,
	silentShare: 0.2,
	diskFreeMib: 512,
};
const MIB = 1024 * 1024;
const DAY_S = 86_400;

/** Virtual time over the reducer: what is bad when, and who was told what. */
class Watch {
	state: AlarmState = NO_ALARMS;
	readonly told: AlarmEvent[] = [];
	atS = 0;

	/** Looks every `everyS` seconds for `forS`. */
	look(readings: (atS: number) => readonly Reading[], forS: number, everyS = 10): this {
		for (const until = this.atS + forS; this.atS < until; this.atS += everyS) {
			const now = { unix: unixMs((T0 + this.atS) * 1000), mono: monoMs(this.atS * 1000) };
			const { state, events } = stepAlarms(this.state, readings(this.atS), now);
			this.state = state;
			this.told.push(...events);
		}
		return this;
	}

	words(): string[] {
		return this.told.map(({ type, code }) => `${type} ${code}`);
	}
}

const base = new Depot().start();
const calm: DepotFigures = {
	...base.core.figures(base.now()),
	pulls: { ageS: 60, appliedAgeS: 60, outcome: "applied", held: 0 },
};
const onDuty = (all: number, right: number, silent = 0, fault = 0): DepotFigures => {
	const { mqtt } = calm.channels;
	const status = { ...mqtt.status, fault };
	return { ...calm, channels: { mqtt: { ...mqtt, status, onDuty: all, onDutyRight: right, onDutySilent: silent } } };
};
const facts = (more: Partial<AlarmFacts> = {}): AlarmFacts => ({
	figures: calm,
	storeOk: true,
	brokerOpen: true,
	diskFreeBytes: 9_000 * MIB,
	upS: 60,
	...more,
});
const readings = (more: Partial<AlarmFacts> = {}): Reading[] => readConditions(facts(more), LIMITS);
const bads = (more: Partial<AlarmFacts>): string[] =>
	readings(more)
		.filter((r) => r.level === "bad")
		.map((r) => r.code);

describe("a condition", () => {
	it("is bad only by its written limit", () => {
		const { pulls } = calm;
		const cases: readonly (readonly [string, Partial<AlarmFacts>, Partial<AlarmFacts>])[] = [
			["clock-not-trusted", { figures: { ...calm, clock: "clock-behind" } }, {}],
			["store-failing", { storeOk: false }, {}],
			["broker-port-closed", { brokerOpen: false }, {}],
			["disk-nearly-full", { diskFreeBytes: 511 * MIB }, { diskFreeBytes: null }],
			["right-star-share-low", { figures: onDuty(100, 94) }, { figures: onDuty(100, 95) }],
			["lights-silent", { figures: onDuty(20, 20, 5) }, { figures: onDuty(100, 100, 19) }],
			[
				"no-pull",
				{ figures: { ...calm, pulls: { ...pulls, appliedAgeS: 36 * 3600 + 1 } } },
				{ figures: { ...calm, pulls: { ...pulls, appliedAgeS: 36 * 3600 } } },
			],
			["pull-held", { figures: { ...calm, pulls: { ...pulls, held: 1 } } }, {}],
			["lamp-faults", { figures: onDuty(10, 10, 0, 1) }, { figures: onDuty(10, 10) }],
		];
		expect(cases.map(([code]) => code).sort()).toEqual([...ALARM_CODES].sort());
		for (const [code, is, isNot] of cases) expect([code, bads(is), bads(isNot)]).toEqual([code, [code], []]);
	});

	it("of pulls counts from the start where there never was one, and can be switched off", () => {
		const never = { ...calm, pulls: { ageS: null, appliedAgeS: null, outcome: null, held: 0 } };
		expect(bads({ figures: never, upS: 35 * 3600 })).toEqual([]);
		expect(bads({ figures: never, upS: 37 * 3600 })).toEqual(["no-pull"]);
		const off = readConditions(facts({ figures: never, upS: 1e9 }), { ...LIMITS, pullHours: 0 });
		expect(off.filter((r) => r.level === "bad")).toEqual([]);
	});

	it("of silence is no alarm where nobody is on duty, nor for a few lights", () => {
		expect(bads({ figures: onDuty(0, 0) })).toEqual([]);
		expect(bads({ figures: onDuty(4, 4, 4) })).toEqual([]);
	});
});

describe("an alarm", () => {
	it("is raised once after it was bad for its time, and cleared once after it was in order for its time", () => {
		const watch = new Watch();
		watch.look(() => readings({ storeOk: false }), 30);
		expect(watch.words()).toEqual([]);
		watch.look(() => readings({ storeOk: false }), 3_600);
		expect(watch.words()).toEqual(["raise store-failing"]);
		expect(standingAlarms(watch.state)).toMatchObject([{ code: "store-failing", severity: "critical" }]);
		watch.look(() => readings(), 300);
		expect(watch.words()).toEqual(["raise store-failing"]);
		watch.look(() => readings(), 20);
		expect(watch.words()).toEqual(["raise store-failing", "clear store-failing"]);
		expect(standingAlarms(watch.state)).toEqual([]);
	});

	it("is not raised by what is over in a moment", () => {
		const watch = new Watch().look((at) => readings({ storeOk: at % 60 !== 0 }), DAY_S);
		expect(watch.told).toEqual([]);
	});

	it("for many silent lights at once is one message, not one for each light", () => {
		const watch = new Watch();
		watch.look((at) => readings({ figures: onDuty(1000, 1000, Math.min(900, at)) }), 3_600);
		expect(watch.words()).toEqual(["raise lights-silent"]);
		expect(watch.told[0]?.detail).toMatchObject({ onDuty: 1000 });
	});

	it("does not clear between the two limits", () => {
		const watch = new Watch().look(() => readings({ figures: onDuty(100, 90) }), 1_000);
		watch.look(() => readings({ figures: onDuty(100, 96) }), 7_200);
		expect(watch.words()).toEqual(["raise right-star-share-low"]);
		watch.look(() => readings({ figures: onDuty(100, 97) }), 400);
		expect(watch.words()).toHaveLength(2);
	});

	it("that stands is told again once a day, with the figures of that day", () => {
		const watch = new Watch();
		watch.look(
			(at) => readings({ figures: { ...calm, pulls: { ...calm.pulls, held: 1 + Math.floor(at / DAY_S) } } }),
			3.5 * DAY_S,
			60,
		);
		expect(watch.words()).toEqual(["raise pull-held", "remind pull-held", "remind pull-held", "remind pull-held"]);
		expect(watch.told.map((e) => e.detail["held"])).toEqual([1, 2, 3, 4]);
	});

	it("names since when it stands, also when it clears", () => {
		const watch = new Watch().look(() => readings({ brokerOpen: false }), 100);
		watch.look(() => readings(), 400);
		const [raise, clear] = watch.told;
		expect(clear?.since).toBe(raise?.since);
		expect((clear?.at ?? 0) - (clear?.since ?? 0)).toBeGreaterThan(300_000);
	});
});

describe("however a condition comes and goes", () => {
	const MOST_A_DAY = 10;

	it("people hear of it a few times a day, raises and clears take turns, and in the end it is known right", () => {
		const spans = fc.array(fc.tuple(fc.boolean(), fc.integer({ min: 10, max: 4_000 })), {
			minLength: 1,
			maxLength: 300,
		});
		fc.assert(
			fc.property(spans, (all) => {
				const watch = new Watch();
				for (const [isBad, forS] of all) watch.look(() => readings({ storeOk: !isBad }), forS);
				const turns = watch.told.filter((e) => e.type !== "remind");
				for (const [i, event] of turns.entries()) expect(event.type).toBe(i % 2 === 0 ? "raise" : "clear");
				const raises = turns.filter((e) => e.type === "raise").map((e) => e.at);
				for (const at of raises)
					expect(raises.filter((other) => other >= at && other - at < DAY_S * 1000).length).toBeLessThanOrEqual(
						MOST_A_DAY,
					);
				watch.look(() => readings(), 7 * 3_600);
				expect(standingAlarms(watch.state)).toEqual([]);
				watch.look(() => readings({ storeOk: false }), 60);
				expect(standingAlarms(watch.state)).toHaveLength(1);
			}),
			{ seed: SEED, numRuns: 60 },
		);
	});

	it("that flaps for a week, as fast as it can be raised and cleared, tells at most a few times a day", () => {
		const watch = new Watch();
		for (let day = 0; day < 7; day++)
			for (let i = 0; i < 24 * 6; i++) {
				watch.look(() => readings({ storeOk: false }), 40);
				watch.look(() => readings(), 560);
			}
		const raises = watch.told.filter((e) => e.type === "raise").length;
		expect(raises).toBeGreaterThan(0);
		expect(watch.told.length).toBeLessThanOrEqual(7 * (2 * MOST_A_DAY + 1));
	});
});
