import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CLOSED, LONGEST_WAIT_MS, tripped } from "../../../gateway/core/pull/backoff.ts";
import { NEW_PULL, pullStep } from "../../../gateway/core/pull/machine.ts";
import type { PageFacts, PullEffect, PullEvent, PullFailure, Stage } from "../../../gateway/core/pull/types.ts";
import { monoMs, unixMs } from "../../../protocol/wire/units.ts";
import { Prng } from "../../../simulator/random/prng.ts";
import { SEED } from "../../support/seed.ts";

const LIMITS = { attempts: 3, restarts: 2 };
const retry = (code: string, waitMs?: number): PullFailure => ({
	kind: "retry",
	code,
	message: "m",
	next: "n",
	...(waitMs === undefined ? {} : { waitMs }),
});

/** A list of `size` pages with ten rows each, in the version `id`. */
function pageOf(id: string, size: number, n: number): PageFacts {
	const last = n === size - 1;
	const digest = `${id}/${n}`;
	const next = last ? null : `${id}.${n + 1}`;
	return { snapshot: id, asOf: unixMs(1), total: size * 10, from: null, rows: 10, next, etag: `"${id}"`, digest };
}

/** Runs a pull against a made-up platform in virtual time; what it did, how long it took and how it ended. */
function drive(
	answer: (cursor: string | null, etag: string | null, request: number) => PullEvent | "killed",
	options: { etag?: string | null; trial?: boolean; chance?: () => number; stage?: Stage | null } = {},
) {
	const chance = options.chance ?? (() => 0.5);
	const did: string[] = [];
	let stage: Stage | null = options.stage ?? null;
	let clock = 0;
	let requests = 0;
	let state = NEW_PULL;
	let event: PullEvent = { type: "begin", stage, etag: options.etag ?? null, trial: options.trial ?? false };
	for (let steps = 0; steps < 10_000; steps++) {
		const step = pullStep(state, event, chance(), LIMITS);
		state = step.state;
		let next: PullEvent | null = null;
		for (const effect of step.effects) {
			did.push(effect.type === "fetch" ? `fetch ${effect.cursor ?? "first"}` : effect.type);
			if (effect.type === "stage") stage = effect.stage;
			if (effect.type === "clear") stage = null;
			if (effect.type === "wait") clock += effect.ms;
			const end = endOf(effect);
			if (end !== null) return { end, stage, did, clock, requests, effect };
			if (effect.type === "fetch") {
				const got = answer(effect.cursor, effect.etag, requests++);
				if (got === "killed") return { end: "killed", stage, did, clock, requests, effect };
				next = got;
			} else if (effect.type === "wait") next = { type: "waited" };
			else if (effect.type === "stage") next = { type: "staged" };
		}
		if (next === null) throw new Error(`stuck after ${did.join(", ")}`);
		event = next;
	}
	throw new Error("a pull without end");
}

const endOf = (effect: PullEffect): string | null =>
	effect.type === "apply" || effect.type === "unchanged" || effect.type === "give-up" ? effect.type : null;

const page = (facts: PageFacts): PullEvent => ({ type: "page", page: facts });
const indexOf = (cursor: string | null): number => (cursor === null ? 0 : Number(cursor.split(".")[1]));
const good = (id: string, size: number) => (cursor: string | null) => page(pageOf(id, size, indexOf(cursor)));

describe("a pull", () => {
	it("asks for one page after the other and applies once, when all are staged", () => {
		const { end, did, stage } = drive(good("a", 3));
		expect(did).toEqual(["fetch first", "stage", "fetch a.1", "stage", "fetch a.2", "stage", "apply"]);
		expect(end).toBe("apply");
		expect(stage).toMatchObject({ rows: 30, total: 30, next: null, etag: '"a"' });
	});

	it("ends at once where the platform says that nothing changed", () => {
		const { end, did } = drive(
			(_cursor, etag) => (etag === '"a"' ? { type: "not-modified" } : page(pageOf("a", 1, 0))),
			{
				etag: '"a"',
			},
		);
		expect([end, did]).toEqual(["unchanged", ["fetch first", "unchanged"]]);
	});

	it("waits longer each time, at least as long as it is asked to, and gives up after the attempts that it has", () => {
		const waits: number[] = [];
		let state = pullStep(NEW_PULL, { type: "begin", stage: null, etag: null, trial: false }, 0, LIMITS).state;
		for (const failure of [retry("one"), retry("two", 60_000)]) {
			const step = pullStep(state, { type: "failed", failure }, 1, LIMITS);
			for (const effect of step.effects) if (effect.type === "wait") waits.push(effect.ms);
			state = pullStep(step.state, { type: "waited" }, 0, LIMITS).state;
		}
		expect(waits).toEqual([500, 60_000]);
		const last = pullStep(state, { type: "failed", failure: retry("three") }, 0, LIMITS);
		expect(last.effects).toMatchObject([{ type: "give-up", failure: { code: "three" } }]);
	});

	it("does not wait for a platform that asks for more than it has patience for", () => {
		const { end, requests } = drive(() => ({ type: "failed", failure: retry("busy", LONGEST_WAIT_MS + 1) }));
		expect([end, requests]).toEqual(["give-up", 1]);
	});

	it("tries only once while the breaker is open, and as often as ever once a page came", () => {
		expect(drive(() => ({ type: "failed", failure: retry("down") }), { trial: true }).requests).toBe(1);
		const later = drive(
			(cursor) => (cursor === null ? page(pageOf("a", 2, 0)) : { type: "failed", failure: retry("down") }),
			{
				trial: true,
			},
		);
		expect(later.requests).toBe(1 + LIMITS.attempts);
	});

	it("goes on after a kill where it was, without asking for a page twice", () => {
		const killed = drive((cursor, _etag, request) => (request === 2 ? "killed" : good("a", 4)(cursor)));
		expect(killed.stage).toMatchObject({ rows: 20, next: "a.2" });
		const { end, did } = drive(good("a", 4), { stage: killed.stage, etag: '"a"' });
		expect(did).toEqual(["fetch a.2", "stage", "fetch a.3", "stage", "apply"]);
		expect(end).toBe("apply");
	});

	it("applies what is staged whole without asking at all", () => {
		const { stage } = drive(good("a", 2));
		expect(drive(() => "killed", { stage })).toMatchObject({ end: "apply", requests: 0 });
	});
});

const FLAWS: readonly (readonly [string, (facts: PageFacts, n: number) => PageFacts])[] = [
	["the list changes between two pages", (f, n) => (n === 1 ? { ...f, snapshot: "other" } : f)],
	["the total changes", (f, n) => (n === 1 ? { ...f, total: 99 } : f)],
	["a page comes twice", (f, n) => (n === 1 ? { ...f, digest: f.digest.replace(/\d+$/, "0") } : f)],
	["a page stands at another place", (f, n) => (n === 1 ? { ...f, from: 20 } : f)],
	["the cursor stands still", (f, n) => (n === 1 ? { ...f, next: "a.1" } : f)],
	["a page is empty", (f, n) => (n === 1 ? { ...f, rows: 0 } : f)],
	["rows are missing at the end", (f, n) => (n === 2 ? { ...f, rows: 9 } : f)],
	["there are more rows than announced", (f, n) => (n === 2 ? { ...f, rows: 11 } : f)],
];

describe("a list that does not hold together", () => {
	it.each(FLAWS)("is never applied and is begun anew a bounded number of times: %s", (_name, spoil) => {
		const { end, stage, did } = drive((cursor) => page(spoil(pageOf("a", 3, indexOf(cursor)), indexOf(cursor))));
		expect(end).toBe("give-up");
		expect(stage).toBeNull();
		expect(did.filter((what) => what === "clear")).toHaveLength(LIMITS.restarts + 1);
		expect(did.filter((what) => what === "fetch first")).toHaveLength(LIMITS.restarts + 1);
	});

	it.each(FLAWS)("is taken whole when it holds together the next time: %s", (_name, spoil) => {
		let spoilt = true;
		const { end, stage } = drive((cursor) => {
			const n = indexOf(cursor);
			const facts = pageOf("a", 3, n);
			const given = spoilt ? spoil(facts, n) : facts;
			if (given !== facts) spoilt = false;
			return page(given);
		});
		expect(end).toBe("apply");
		expect(stage?.rows).toBe(30);
	});

	it("may hold two equal pages where the platform says at which row each stands", () => {
		const { end } = drive((cursor) => {
			const n = indexOf(cursor);
			return page({ ...pageOf("a", 3, n), digest: "same", from: n * 10 });
		});
		expect(end).toBe("apply");
	});
});

describe("any pull from any platform", () => {
	it("ends, asks a bounded number of times, and applies only one whole snapshot", () => {
		fc.assert(
			fc.property(fc.nat(), fc.integer({ min: 1, max: 6 }), (seed, size) => {
				const random = new Prng(seed);
				let id = 1;
				const run = drive(
					(cursor) => {
						if (random.chance(0.05)) return "killed";
						if (random.chance(0.15)) return { type: "failed", failure: retry("down") };
						if (random.chance(0.05)) return { type: "failed", failure: { ...retry("gone"), kind: "restart" } };
						if (random.chance(0.1)) id += 1;
						const facts = pageOf(`s${id}`, size, Math.min(size - 1, indexOf(cursor)));
						const spoil = random.chance(0.1) ? random.pick(FLAWS)[1] : (f: PageFacts) => f;
						return page(spoil(facts, random.int(0, 2)));
					},
					{ chance: () => random.unit(), trial: random.chance(0.2) },
				);
				expect(run.requests).toBeLessThanOrEqual((LIMITS.restarts + 1) * size * LIMITS.attempts);
				if (run.end !== "apply") return;
				expect(run.stage).toMatchObject({ rows: run.stage?.total, next: null });
				// One snapshot, each of its pages once, in order.
				expect(run.stage?.pages.map(({ digest }) => digest)).toEqual(
					Array.from({ length: size }, (_, n) => `${run.stage?.snapshot}/${n}`),
				);
			}),
			{ seed: SEED, numRuns: 500 },
		);
	});
});

describe("the breaker", () => {
	it("leaves a failing platform alone for one minute at first and half an hour at most, never at the same instant for all", () => {
		const rests: number[] = [];
		let breaker = CLOSED;
		for (let n = 0; n < 8; n++) {
			breaker = tripped(breaker, retry("down"), monoMs(1000), 1);
			rests.push(Number(breaker.until) - 1000);
		}
		expect(rests).toEqual([60_000, 120_000, 240_000, 480_000, 960_000, 1_800_000, 1_800_000, 1_800_000]);
		expect(Number(tripped(CLOSED, retry("down"), monoMs(0), 0).until)).toBe(30_000);
	});

	it("heeds a platform that asks for longer, within an hour", () => {
		expect(Number(tripped(CLOSED, retry("busy", 600_000), monoMs(0), 0).until)).toBe(600_000);
		expect(Number(tripped(CLOSED, retry("busy", 999_999_999), monoMs(0), 0).until)).toBe(3_600_000);
	});
});
