import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MAX_DRIFT_PPM, MachineClock } from "../../simulator/clock/machine-clock.ts";
import { SimClock } from "../../simulator/clock/sim-clock.ts";
import { Prng } from "../../simulator/random/prng.ts";

const SEED = Number(process.env.LIANGXING_SEED ?? 20260301);

describe("the virtual clock", () => {
	it("takes events by time, and those of one instant in the order of planning", () => {
		fc.assert(
			fc.property(fc.array(fc.integer({ min: 0, max: 20 }), { maxLength: 200 }), (delays) => {
				const clock = new SimClock();
				const taken: [number, number][] = [];
				for (const [i, delay] of delays.entries()) clock.after(`e${i}`, delay, () => taken.push([clock.now(), i]));
				while (clock.step());
				const wanted = delays.map((d, i): [number, number] => [d, i]).sort(([a, i], [b, j]) => a - b || i - j);
				expect(taken).toEqual(wanted);
				expect(clock.steps()).toBe(delays.length);
			}),
			{ seed: SEED, numRuns: 200 },
		);
	});

	it("never goes back, and takes an instant that has passed next", () => {
		const clock = new SimClock();
		const seen: number[] = [];
		clock.after("late", 100, () => clock.at("past", 5, () => seen.push(clock.now())));
		while (clock.step());
		expect(seen).toEqual([100]);
	});

	it("does not take what was called off, nor count it", () => {
		const clock = new SimClock();
		let ran = 0;
		const planned = clock.after("no", 1, () => ran++);
		clock.after("yes", 2, () => ran++);
		planned.cancel();
		expect(clock.nextName()).toBe("yes");
		while (clock.step());
		expect([ran, clock.steps(), clock.waiting()]).toEqual([1, 1, 0]);
	});

	it("runs up to an instant and stands there", () => {
		const clock = new SimClock();
		const seen: number[] = [];
		for (const at of [10, 20, 30]) clock.at(`at ${at}`, at, () => seen.push(at));
		clock.runUntil(25);
		expect([seen, clock.now()]).toEqual([[10, 20], 25]);
	});

	it("stops a simulation that plans without end", () => {
		const clock = new SimClock();
		const more = () => {
			clock.after("more", 1, more);
			clock.after("more", 1, more);
		};
		expect(() => {
			for (let i = 0; i < 300_000; i++) clock.after("more", 1, more);
		}).toThrowError(expect.objectContaining({ code: "simulation-ran-away" }));
	});
});

describe("a machine's clock", () => {
	const drifts = fc.oneof(
		fc.record({ model: fc.constant("linear" as const), ppm: fc.integer({ min: -MAX_DRIFT_PPM, max: MAX_DRIFT_PPM }) }),
		fc.record({
			model: fc.constant("periodic" as const),
			ppm: fc.integer({ min: -MAX_DRIFT_PPM, max: MAX_DRIFT_PPM }),
			periodMs: fc.integer({ min: 60_000, max: 3_600_000 }),
		}),
	);

	it("strays no more than its oscillator, rises, and finds the instant of a deadline", () => {
		fc.assert(
			fc.property(
				drifts,
				fc.integer({ min: 0, max: 10_000_000 }),
				fc.integer({ min: 1, max: 5_000_000 }),
				(drift, on, t) => {
					const clock = new MachineClock(drift, 0);
					clock.powerOn(on);
					expect(clock.mono(on)).toBe(0);
					const error = Math.abs(clock.mono(on + t) - t);
					expect(error).toBeLessThanOrEqual((t * 2 * MAX_DRIFT_PPM) / 1e6 + 1);
					expect(clock.mono(on + t + 2)).toBeGreaterThan(clock.mono(on + t) - 1);
					const at = clock.trueAt(t);
					expect(clock.mono(at)).toBeGreaterThanOrEqual(t - 1);
					expect(clock.mono(at - 3)).toBeLessThan(t);
				},
			),
			{ seed: SEED, numRuns: 300 },
		);
	});

	it("tells wall time apart from monotonic time", () => {
		const clock = new MachineClock({ model: "none" }, 1000);
		clock.powerOn(50);
		clock.setOffset(-86_400_000);
		expect([clock.unix(100), clock.mono(100)]).toEqual([1000 - 86_400_000 + 100, 50]);
	});
});

describe("seeded chance", () => {
	it("gives the same stream for the same seed and name, however much was drawn before", () => {
		const draw = (warm: number) => {
			const root = new Prng(7);
			for (let i = 0; i < warm; i++) root.uint32();
			const split = root.split("part");
			return [split.uint32(), split.int(1, 6), split.unit()];
		};
		expect(draw(0)).toEqual(draw(99));
		expect(new Prng(7).split("a").uint32()).not.toBe(new Prng(7).split("b").uint32());
		expect(new Prng(7).uint32()).not.toBe(new Prng(8).uint32());
	});

	it("is spread evenly enough, within its bounds, and shuffles without loss", () => {
		const random = new Prng(1);
		const counts = new Array<number>(6).fill(0);
		for (let i = 0; i < 60_000; i++) counts[random.int(0, 5)] = (counts[random.int(0, 5)] ?? 0) + 1;
		for (const n of counts) expect(Math.abs(n - 10_000)).toBeLessThan(1500);
		const items = Array.from({ length: 50 }, (_, i) => i);
		expect([...random.shuffle(items)].sort((a, b) => a - b)).toEqual(items);
	});
});
