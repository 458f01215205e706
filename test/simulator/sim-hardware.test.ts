import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SimLamp } from "../../simulator/hardware/sim-lamp.ts";
import { SimMemory } from "../../simulator/hardware/sim-memory.ts";
import { Prng } from "../../simulator/random/prng.ts";

const SEED = Number(process.env.LIANGXING_SEED ?? 20260301);
const bytes = (n: number, value: number) => new Uint8Array(n).fill(value);

describe("the simulated memory", () => {
	it("holds what was finished, and never what was only begun", () => {
		const memory = new SimMemory();
		const write = memory.begin(0, bytes(4, 1));
		expect(memory.read()).toEqual([null, null]);
		expect(memory.finish(write)).toBe(true);
		expect(memory.read()).toEqual([bytes(4, 1), null]);
		expect(memory.finish(write)).toBe(false);
	});

	it("tears a write at any byte and leaves the other copy alone", () => {
		fc.assert(
			fc.property(fc.integer({ min: 0, max: 40 }), fc.boolean(), (length, erased) => {
				const memory = new SimMemory();
				for (const slot of [0, 1] as const) memory.finish(memory.begin(slot, bytes(30, 1)));
				const write = memory.begin(0, bytes(40, 2));
				memory.tear(write, length, erased);
				const [torn, other] = memory.read();
				expect(other).toEqual(bytes(30, 1));
				expect(torn?.subarray(0, length)).toEqual(bytes(length, 2));
				if (length === 40) expect(torn).toEqual(bytes(40, 2));
				else expect(torn).not.toEqual(bytes(40, 2));
			}),
			{ seed: SEED, numRuns: 200 },
		);
	});

	it("tears all that is under way at a cut, finishes none of it later, and can lose or rot a copy", () => {
		const memory = new SimMemory();
		for (const slot of [0, 1] as const) memory.finish(memory.begin(slot, bytes(16, 1)));
		const write = memory.begin(1, bytes(16, 2));
		memory.cut(new Prng(3));
		expect(memory.underWay()).toBe(0);
		expect(memory.finish(write)).toBe(false);
		memory.rot(0, new Prng(4));
		expect(memory.read()[0]).not.toEqual(bytes(16, 1));
		memory.lose(0);
		expect(memory.read()[0]).toBeNull();
	});

	it("gives out copies, so that nobody writes to the medium by accident", () => {
		const memory = new SimMemory();
		const mine = bytes(4, 1);
		memory.finish(memory.begin(0, mine));
		mine[0] = 9;
		const read = memory.read()[0];
		if (read) read[1] = 9;
		expect(memory.read()[0]).toEqual(bytes(4, 1));
	});
});

describe("the simulated lamps", () => {
	it("show what they are told only with power", () => {
		const lamp = new SimLamp();
		lamp.show({ pattern: "stars", stars: 3 });
		expect(lamp.toldStars()).toBe(0);
		lamp.power(true);
		expect(lamp.glass()).toEqual([false, false, false, false, false]);
		lamp.show({ pattern: "stars", stars: 3 });
		expect([lamp.toldStars(), lamp.glass()]).toEqual([3, [true, true, true, false, false]]);
		lamp.show({ pattern: "fault", stars: 0 });
		expect(lamp.toldStars()).toBe(0);
	});

	it("look like another count with a broken lamp, which is why a light must go dark then", () => {
		const lamp = new SimLamp();
		lamp.power(true);
		lamp.show({ pattern: "stars", stars: 3 });
		lamp.setFault(1, "open");
		lamp.setFault(4, "stuck-on");
		expect(lamp.glass()).toEqual([true, false, true, false, true]);
		expect(lamp.broken()).toBe(true);
		lamp.setFault(1, "unknown");
		lamp.setFault(4, "ok");
		expect(lamp.broken()).toBe(false);
	});
});
