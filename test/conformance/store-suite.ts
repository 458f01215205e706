import { describe, expect, it } from "vitest";
import type { Change, Pull, RatingChange, Snapshot } from "../../gateway/core/model.ts";
import type { Store } from "../../protocol/ports/store.ts";
import { unixMs, unixSeconds } from "../../protocol/wire/units.ts";
import {
	activePolicy,
	driverChange,
	duty,
	entry,
	FLEET,
	lightId,
	lightRecord,
	meta,
	observed,
	pull,
	rating,
	ratingChange,
	starChange,
	vehicle,
} from "../support/depot-records.ts";

type TheStore = Store<Snapshot, Change>;

/** A medium that a store lives on. */
export interface StoreBench {
	/** Opens what is on the medium; a new one at first. */
	open(): Promise<TheStore>;
	/** The program dies: what is open is dropped without a close, and the next `open` finds what the medium holds. */
	crash(): Promise<void>;
	/** A change that this store cannot take: its commit must fail as a whole. */
	readonly refused: Change;
	cleanup(): Promise<void>;
}

/** Rows of a bureau's biggest file. */
const MANY = 100_000;

/** One of each kind of change, and what the snapshot must say of them. */
const ONE_OF_EACH: readonly Change[] = [
	{ type: "meta", meta: meta() },
	driverChange(1),
	ratingChange(1),
	ratingChange(2, { grade: "unrated", score: null }),
	{ type: "vehicle", vehicle: vehicle(1, { deputy: "D2", plateColour: 5 }) },
	{ type: "duty", duty: duty(1) },
	{ type: "light", light: lightRecord(1) },
	{ type: "entry", entry: entry(1) },
	{ type: "observed", observed: observed(1) },
	{ type: "pull", pull: pull(1), changes: null },
	{ type: "star-change", change: starChange(1), follows: null },
	{ type: "policy", active: activePolicy() },
];

async function onBench(make: () => Promise<StoreBench>, use: (bench: StoreBench) => Promise<void>): Promise<void> {
	const bench = await make();
	try {
		await use(bench);
	} finally {
		await bench.cleanup();
	}
}

/** What the snapshot says when the medium is opened anew, by either way. */
async function after(bench: StoreBench, store: TheStore, how: "close" | "crash"): Promise<Snapshot> {
	if (how === "close") await store.close();
	else await bench.crash();
	const again = await bench.open();
	return again.load();
}

const ends: readonly ("close" | "crash")[] = ["close", "crash"];

/** What every store owes the depot, whatever it is made of. */
export function storeSuite(name: string, makeStore: () => Promise<StoreBench>): void {
	describe(`${name} as a store`, () => {
		kept(makeStore);
		together(makeStore);
		records(makeStore);
		changedRecords(makeStore);
		pullsAndHeld(makeStore);
	});
}

function kept(makeStore: () => Promise<StoreBench>): void {
	it("starts empty: no epoch, no time, keys counted from 1", () =>
		onBench(makeStore, async (bench) => {
			const { meta: facts, ...rest } = await (await bench.open()).load();
			expect(facts).toEqual(
				meta({
					...{ epoch: 0, epochTakenAt: 0 as never, storedTime: 0 as never, notice: null, namedAbove: [] },
					...{ nextDriver: 1, nextVehicle: 1, nextDuty: 1, nextPull: 1 },
				}),
			);
			expect(facts.fleet).toBe(FLEET);
			const { pulls, ended, policy, ...maps } = rest;
			expect([pulls, ended ?? [], policy]).toEqual([[], [], null]);
			for (const map of Object.values(maps)) expect(map.size).toBe(0);
		}));

	for (const how of ends) {
		it(`keeps every commit that resolved, after a ${how}`, () =>
			onBench(makeStore, async (bench) => {
				const store = await bench.open();
				await store.commit(ONE_OF_EACH);
				const before = await store.load();
				for (let n = 2; n <= 20; n++) await store.commit([{ type: "entry", entry: entry(n, { seq: n }) }]);
				const now = await after(bench, store, how);
				expect(now.entries.size).toBe(20);
				expect(now.entries.get(lightId(20))).toEqual(entry(20, { seq: 20 }));
				expect({ ...now, entries: null }).toEqual({ ...before, entries: null });
			}));

		it(`takes all of a commit or none, after a ${how}`, () =>
			onBench(makeStore, async (bench) => {
				const store = await bench.open();
				await store.commit([driverChange(1), ratingChange(1)]);
				const halfBad = [driverChange(2), ratingChange(1, { grade: "B" }), bench.refused];
				await expect(store.commit(halfBad)).rejects.toThrow();
				expect((await store.load()).drivers.size).toBe(1);
				await store.commit([driverChange(3)]);
				const now = await after(bench, store, how);
				expect([...now.drivers.keys()]).toEqual(["D1", "D3"]);
				expect(now.ratings.get("D1")).toEqual(rating());
			}));
	}
}

function together(makeStore: () => Promise<StoreBench>): void {
	it("lets commits take effect in the order of their calls, also when nobody waits in between", () =>
		onBench(makeStore, async (bench) => {
			const store = await bench.open();
			const resolved: number[] = [];
			const all = Array.from({ length: 200 }, (_, n) =>
				store.commit([{ type: "entry", entry: entry(1, { seq: n }) }]).then(() => resolved.push(n)),
			);
			await Promise.all(all);
			expect(resolved).toEqual(Array.from({ length: 200 }, (_, n) => n));
			expect((await after(bench, store, "crash")).entries.get(lightId(1))?.seq).toBe(199);
		}));

	it("applies the changes of one commit in order", () =>
		onBench(makeStore, async (bench) => {
			const store = await bench.open();
			await store.commit([
				ratingChange(1),
				{ type: "rating-removed", driver: "D1" },
				ratingChange(1, { grade: "A" }),
				ratingChange(2),
				{ type: "rating-removed", driver: "D2" },
			]);
			expect([...(await store.load()).ratings]).toEqual([["D1", rating({ grade: "A" })]]);
		}));

	it("does not let one bad commit fail those made in the same turn", () =>
		onBench(makeStore, async (bench) => {
			const store = await bench.open();
			const results = await Promise.allSettled([
				store.commit([driverChange(1)]),
				store.commit([driverChange(2), bench.refused]),
				store.commit([driverChange(3)]),
			]);
			expect(results.map((r) => r.status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
			expect([...(await after(bench, store, "crash")).drivers.keys()]).toEqual(["D1", "D3"]);
		}));

	it(`takes ${MANY} ratings in one commit`, () =>
		onBench(makeStore, async (bench) => {
			const store = await bench.open();
			const changes: Change[] = [];
			for (let n = 0; n < MANY; n++) changes.push(driverChange(n), ratingChange(n, { score: (n % 61) / 2 }));
			await store.commit(changes);
			const now = await after(bench, store, "crash");
			expect([now.drivers.size, now.ratings.size]).toEqual([MANY, MANY]);
			expect(now.ratings.get("D99999")).toEqual(rating({ score: (99_999 % 61) / 2 }));
		}));

	it("gives a picture that later commits do not change", () =>
		onBench(makeStore, async (bench) => {
			const store = await bench.open();
			await store.commit([driverChange(1)]);
			const before = await store.load();
			await store.commit([driverChange(2)]);
			expect(before.drivers.size).toBe(1);
		}));
}

function records(makeStore: () => Promise<StoreBench>): void {
	it("gives back each record as it was given", () =>
		onBench(makeStore, async (bench) => {
			const store = await bench.open();
			await store.commit(ONE_OF_EACH);
			const now = await after(bench, store, "crash");
			expect(now.meta).toEqual(meta());
			expect(now.drivers.get("D1")?.certificate).toBe("4104000000000000001");
			expect(now.ratings.get("D1")).toEqual(rating());
			expect(now.ratings.get("D2")).toEqual(rating({ grade: "unrated", score: null }));
			expect(now.vehicles.get("V1")).toEqual(vehicle(1, { deputy: "D2", plateColour: 5 }));
			expect(now.duties.get("U1")).toEqual(duty(1));
			expect(now.lights.get(lightId(1))).toEqual(lightRecord(1));
			expect(now.entries.get(lightId(1))).toEqual(entry(1));
			expect(now.observed.get(lightId(1))).toEqual(observed(1));
			expect(now.pulls).toEqual([pull(1)]);
		}));

	it("gives back what is absent as absent", () =>
		onBench(makeStore, async (bench) => {
			const store = await bench.open();
			const bare = observed(1, {
				...{ sensed: false, grant: null, asOf: null, leaseLeftS: null, resumesLeft: null },
				...{ keysVersion: null, noticeEpoch: null, refused: null, lamps: null },
			});
			const unsigned = entry(1, { stars: 0, driver: null, ask: null, signed: null });
			await store.commit([
				{ type: "meta", meta: meta({ notice: null, namedAbove: [] }) },
				{ type: "vehicle", vehicle: vehicle(1, { main: null }) },
				{ type: "light", light: lightRecord(1, { vehicle: null }) },
				{ type: "entry", entry: unsigned },
				{ type: "observed", observed: bare },
			]);
			const now = await after(bench, store, "crash");
			expect(now.meta).toEqual(meta({ notice: null, namedAbove: [] }));
			expect(now.vehicles.get("V1")).toEqual(vehicle(1, { main: null }));
			expect(now.lights.get(lightId(1))).toEqual(lightRecord(1, { vehicle: null }));
			expect(now.entries.get(lightId(1))).toEqual(unsigned);
			expect(now.observed.get(lightId(1))).toEqual(bare);
		}));
}

function changedRecords(makeStore: () => Promise<StoreBench>): void {
	it("keeps the newest of each record", () =>
		onBench(makeStore, async (bench) => {
			const store = await bench.open();
			await store.commit(ONE_OF_EACH);
			await store.commit([
				{ type: "meta", meta: meta({ epoch: 1_760_000_000, nextPull: 99 }) },
				ratingChange(1, { grade: "B", score: 0 }),
				{ type: "vehicle", vehicle: vehicle(1, { plate: "豫D99999" }) },
				{ type: "light", light: lightRecord(1, { vehicle: "V9" }) },
				{ type: "entry", entry: entry(1, { seq: 2, signed: null }) },
				{ type: "observed", observed: observed(1, { session: 4, counter: 1, shown: 0, pattern: "neutral" }) },
			]);
			const now = await after(bench, store, "crash");
			expect(now.meta).toEqual(meta({ epoch: 1_760_000_000, nextPull: 99 }));
			expect(now.ratings.get("D1")).toEqual(rating({ grade: "B", score: 0 }));
			expect(now.vehicles.get("V1")).toEqual(vehicle(1, { plate: "豫D99999" }));
			expect(now.lights.get(lightId(1))?.vehicle).toBe("V9");
			expect(now.entries.get(lightId(1))).toEqual(entry(1, { seq: 2, signed: null }));
			expect(now.observed.get(lightId(1))?.pattern).toBe("neutral");
		}));

	it("removes ratings and vehicles that are told to go", () =>
		onBench(makeStore, async (bench) => {
			const store = await bench.open();
			await store.commit([...ONE_OF_EACH, { type: "vehicle", vehicle: vehicle(2) }]);
			await store.commit([
				{ type: "rating-removed", driver: "D1" },
				{ type: "vehicle-removed", vehicle: "V1" },
				{ type: "rating-removed", driver: "nobody" },
			]);
			const now = await after(bench, store, "crash");
			expect([...now.ratings.keys()]).toEqual(["D2"]);
			expect([...now.vehicles.keys()]).toEqual(["V2"]);
		}));

	it("leaves duties that have ended out of the picture", () =>
		onBench(makeStore, async (bench) => {
			const store = await bench.open();
			await store.commit([
				{ type: "duty", duty: duty(1) },
				{ type: "duty", duty: duty(2) },
				{ type: "duty", duty: duty(3, { until: unixMs(1_750_000_009_000) }) },
			]);
			await store.commit([{ type: "duty", duty: duty(1, { until: unixMs(1_750_000_009_000) }) }]);
			expect([...(await after(bench, store, "crash")).duties.keys()]).toEqual(["U2"]);
		}));
}

function pullsAndHeld(makeStore: () => Promise<StoreBench>): void {
	const put = (p: Pull, changes: readonly RatingChange[] | null = null): Change => ({ type: "pull", pull: p, changes });
	const changes: readonly RatingChange[] = [
		{ op: "put", certificate: "4104000000000000001", rating: rating({ score: null, grade: "unrated" }) },
		{ op: "remove", certificate: "4104000000000000002" },
	];

	it("keeps what a held pull would change, until a person has decided", () =>
		onBench(makeStore, async (bench) => {
			const store = await bench.open();
			const held = pull(1, { status: "held", heldFor: ["removes-too-many"], source: "http", asOf: unixSeconds(5) });
			await store.commit([put(held, changes), put(pull(2))]);
			const now = await after(bench, store, "crash");
			expect(now.pulls).toEqual([held, pull(2)]);
			expect([...now.heldChanges]).toEqual([["P000001", changes]]);
			const again = await bench.open();
			await again.commit([put(pull(1, { status: "rejected", heldFor: held.heldFor }))]);
			const later = await again.load();
			expect(later.heldChanges.size).toBe(0);
			expect(later.pulls.map((p) => [p.id, p.status])).toEqual([
				["P000001", "rejected"],
				["P000002", "applied"],
			]);
		}));

	it("gives the newest 50 pulls, oldest first, and never leaves one out that is held", () =>
		onBench(makeStore, async (bench) => {
			const store = await bench.open();
			await store.commit([put(pull(1, { status: "held", heldFor: ["lowers-too-many"] }), changes)]);
			for (let n = 2; n <= 60; n++) await store.commit([put(pull(n))]);
			const now = await after(bench, store, "crash");
			expect(now.pulls.map((p) => p.id)).toEqual([
				pull(1).id,
				...Array.from({ length: 49 }, (_, i) => pull(12 + i).id),
			]);
			expect(now.heldChanges.get(pull(1).id)).toEqual(changes);
		}));
}
