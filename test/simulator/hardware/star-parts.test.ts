import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ShiftRegister } from "../../../simulator/hardware/shift-register.ts";
import { lampNow } from "../../../simulator/hardware/star-lamp.ts";
import { PixelStrip } from "../../../simulator/hardware/ws2812.ts";
import { Prng } from "../../../simulator/random/prng.ts";
import { SEED } from "../../support/seed.ts";

function shiftIn(register: ShiftRegister, bits: readonly boolean[]): void {
	for (const bit of bits) {
		register.setSerial(bit);
		register.setClock(true);
		register.setClock(false);
	}
}
const outputs = (register: ShiftRegister) => Array.from({ length: 8 }, (_, n) => register.output(n));

describe("a 74HC595", () => {
	it("wakes with anything in its latches, which follows from the seed", () => {
		const held = Array.from({ length: 200 }, (_, seed) => {
			const register = new ShiftRegister();
			register.power(new Prng(seed));
			return register.held;
		});
		expect(new Set(held).size).toBeGreaterThan(80);
		const again = new ShiftRegister();
		again.power(new Prng(7));
		expect(again.held).toBe(held[7]);
	});

	it("drives nothing while its output-enable is high, whatever it holds", () => {
		const register = new ShiftRegister();
		register.power(new Prng(1));
		expect(outputs(register)).toEqual(new Array(8).fill(null));
		register.setOutputEnable(false);
		expect(outputs(register)).not.toContain(null);
		register.setOutputEnable(true);
		expect(outputs(register)).toEqual(new Array(8).fill(null));
	});

	it("shows the last eight bits, the first of them at Q7, and only behind a rise of its latch clock", () => {
		fc.assert(
			fc.property(fc.array(fc.boolean(), { minLength: 8, maxLength: 40 }), (bits) => {
				const register = new ShiftRegister();
				register.power(new Prng(2));
				register.setOutputEnable(false);
				const before = outputs(register);
				shiftIn(register, bits);
				expect(outputs(register)).toEqual(before);
				register.setLatchClock(true);
				expect(outputs(register)).toEqual(bits.slice(-8).reverse());
				shiftIn(register, bits);
				register.setLatchClock(false);
				expect(register.output(7)).toBe(bits.at(-8));
			}),
			{ seed: SEED, numRuns: 50 },
		);
	});
});

const US = 16;
interface Sent {
	readonly red: number;
	readonly green: number;
	readonly blue: number;
}

/** Puts a frame on the line as a chip's program does; the cycle behind it. */
function sendFrame(strip: PixelStrip, from: number, colours: readonly Sent[], bits = colours.length * 24): number {
	let at = from;
	const all = colours.flatMap(({ green, red, blue }) =>
		[green, red, blue].flatMap((byte) => Array.from({ length: 8 }, (_, n) => (byte >> (7 - n)) & 1)),
	);
	for (const bit of all.slice(0, bits)) {
		strip.advance(at);
		strip.set(at, true);
		at += bit === 1 ? 14 : 5;
		strip.advance(at);
		strip.set(at, false);
		at += 8;
	}
	return at;
}

const colour = fc.record({
	red: fc.integer({ min: 0, max: 255 }),
	green: fc.integer({ min: 0, max: 255 }),
	blue: fc.integer({ min: 0, max: 255 }),
});
const dark = { red: 0, green: 0, blue: 0 };
const lit = { red: 1, green: 2, blue: 3 };

function powered(length = 5): PixelStrip {
	const strip = new PixelStrip(length);
	strip.power(true);
	return strip;
}

describe("a strip of WS2812", () => {
	it("shows a frame bit by bit as it was sent, 50 us behind it and not before", () => {
		fc.assert(
			fc.property(fc.array(colour, { minLength: 5, maxLength: 5 }), (colours) => {
				const strip = powered();
				const end = sendFrame(strip, 1000, colours);
				strip.advance(end - 8 + 49 * US);
				expect(strip.colours).toEqual(new Array(5).fill(dark));
				strip.advance(end + 51 * US);
				expect(strip.colours).toEqual(colours);
				expect(strip.frameCount).toBe(1);
			}),
			{ seed: SEED, numRuns: 50 },
		);
	});

	it("leaves the pixels that a short frame does not reach, and a pixel that got part of its bits, as they were", () => {
		const strip = powered();
		strip.advance(sendFrame(strip, 0, [lit, lit, lit, lit, lit]) + 60 * US);
		const next = { red: 9, green: 9, blue: 9 };
		strip.advance(sendFrame(strip, 10_000, [next, next], 24 + 23) + 60 * US);
		expect(strip.colours).toEqual([next, lit, lit, lit, lit]);
	});

	it("takes no more pixels than it has", () => {
		const strip = powered(2);
		strip.advance(sendFrame(strip, 0, [lit, lit, lit, lit]) + 60 * US);
		expect(strip.colours).toEqual([lit, lit]);
	});

	it("hears nothing and forgets without supply", () => {
		const strip = powered();
		strip.advance(sendFrame(strip, 0, [lit, lit, lit, lit, lit]) + 60 * US);
		strip.power(false);
		expect(strip.colours).toEqual(new Array(5).fill(dark));
		strip.advance(sendFrame(strip, 20_000, [lit, lit, lit, lit, lit]) + 60 * US);
		strip.power(true);
		expect(strip.colours).toEqual(new Array(5).fill(dark));
	});
});

describe("a lamp", () => {
	it.each([
		["driven and whole", true, null, 12, 1, 0.02],
		["driven and whole while the engine cranks", true, null, 6, 1 / 3, 0.00667],
		["not driven", false, null, 12, 0, 0],
		["driven without supply", true, null, 0, 0, 0],
		["open", true, "open", 12, 0, 0],
		["short: dark, with more current than a lit one", true, "short", 12, 0, 0.02667],
		["short and not driven", false, "short", 12, 0, 0],
		["stuck on and not driven", false, "stuck-on", 12, 1, 0.02],
		["stuck on without supply", false, "stuck-on", 0, 0, 0],
		["stuck off", true, "stuck-off", 12, 0, 0],
	] as const)("%s", (_, driven, fault, volts, light, amps) => {
		const now = lampNow(driven, fault, volts);
		expect(now.light).toBeCloseTo(light, 3);
		expect(now.amps).toBeCloseTo(amps, 4);
	});

	it("is dimmed by a falling supply and never dark above 4 V", () => {
		const lights = Array.from({ length: 101 }, (_, n) => lampNow(true, null, 4 + n / 10).light);
		for (const [n, light] of lights.entries()) {
			expect(light).toBeGreaterThan(0.05);
			expect(light).toBeGreaterThanOrEqual(lights[n - 1] ?? 0);
		}
	});
});
