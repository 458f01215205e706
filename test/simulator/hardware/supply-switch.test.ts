import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { REFERENCE_SWITCH, SupplySwitch, type SwitchParts } from "../../../simulator/hardware/supply-switch.ts";
import { SEED } from "../../support/seed.ts";

/** One part after another at its worst: capacitors of 10 % and resistors of 1 %, a board on 4.75 or 5.25 V, a cold or hot transistor. */
const TOLERANCES: readonly [string, SwitchParts][] = [
	["as drawn", REFERENCE_SWITCH],
	["a slow reservoir", { ...REFERENCE_SWITCH, reservoirTau: 1.2 * 1.11 }],
	["a fast reservoir", { ...REFERENCE_SWITCH, reservoirTau: 1.2 * 0.89 }],
	["a high pin", { ...REFERENCE_SWITCH, pinVolts: 5.25 }],
	["a low pin", { ...REFERENCE_SWITCH, pinVolts: 4.75 }],
	["a larger pump", { ...REFERENCE_SWITCH, share: 0.42 }],
	["a smaller pump", { ...REFERENCE_SWITCH, share: 0.38 }],
	["a slow input", { ...REFERENCE_SWITCH, inputTau: 0.024 }],
	["a Zener diode of 3 V", { ...REFERENCE_SWITCH, clampVolts: 3 }],
	["a transistor that holds on", { ...REFERENCE_SWITCH, offVolts: 1.4 }],
	[
		"all that keeps it on",
		{ ...REFERENCE_SWITCH, reservoirTau: 1.33, clampVolts: 3, offVolts: 1.4, share: 0.42, pinVolts: 5.25 },
	],
	["all that opens it", { ...REFERENCE_SWITCH, reservoirTau: 1.07, clampVolts: 2.5, share: 0.39, pinVolts: 4.75 }],
];

interface Change {
	readonly at: number;
	readonly conducts: boolean;
}

/** Toggles at the given times from low, then looks until `until`: every change of the switch. */
function changesOf(parts: SwitchParts, toggles: readonly number[], until: number): Change[] {
	const changes: Change[] = [];
	const hear = (at: number, conducts: boolean) => changes.push({ at, conducts });
	const it = new SupplySwitch(parts);
	let level = false;
	for (const at of toggles) {
		it.advance(at, hear);
		level = !level;
		it.set(level);
	}
	it.advance(until, hear);
	return changes;
}

const steady = (hertz: number, seconds: number): number[] =>
	Array.from({ length: Math.floor(2 * hertz * seconds) }, (_, n) => 0.1 + n / (2 * hertz));

describe.each(TOLERANCES)("the supply switch with %s", (_, parts) => {
	it.each([2, 3, 5, 10, 15])(
		"conducts within 1.5 s of toggling at %i Hz, and without a gap as long as it goes on",
		(hertz) => {
			const changes = changesOf(parts, steady(hertz, 20), 20);
			expect(changes).toHaveLength(1);
			expect(changes[0]?.conducts).toBe(true);
			expect(changes[0]?.at).toBeLessThan(0.1 + 1.5);
		},
	);

	it.each([2, 5, 10, 15])("ends within 2 s of the last edge of %i Hz, the pin left high or low", (hertz) => {
		for (const more of [0, 1]) {
			const toggles = steady(hertz, 10).slice(0, -1 - more);
			const changes = changesOf(parts, toggles, 60);
			expect(changes.map((c) => c.conducts)).toEqual([true, false]);
			expect((changes[1]?.at ?? 99) - (toggles.at(-1) ?? 0)).toBeLessThan(2);
		}
	});

	it("never conducts at a steady level, high or low, nor for a single pulse", () => {
		expect(changesOf(parts, [], 60)).toEqual([]);
		expect(changesOf(parts, [0.5], 60)).toEqual([]);
		expect(changesOf(parts, [0.5, 1.5], 60)).toEqual([]);
	});

	it("never conducts by what a chip gives without its host: PWM of any duty, a servo's pulses", () => {
		for (const [hertz, high] of [
			[490, 0.5],
			[976, 0.1],
			[490, 0.95],
			[50, 0.03],
			[50, 0.12],
		] as const) {
			const toggles = Array.from({ length: hertz * 5 }, (_, n) => [0.1 + n / hertz, 0.1 + (n + high) / hertz]).flat();
			expect(changesOf(parts, toggles, 10), `${hertz} Hz, ${high}`).toEqual([]);
		}
	});
});

describe("the supply switch", () => {
	it("is open 2 s after the last edge, whatever came before", () => {
		fc.assert(
			fc.property(fc.array(fc.integer({ min: 1, max: 900 }), { maxLength: 60 }), (gapsMs) => {
				let at = 0.1;
				const toggles = gapsMs.map((ms) => {
					at += ms / 1000;
					return at;
				});
				const changes = changesOf(REFERENCE_SWITCH, toggles, at + 30);
				expect(changes.at(-1)?.conducts ?? false).toBe(false);
				expect((changes.at(-1)?.at ?? 0) - at).toBeLessThan(2);
			}),
			{ seed: SEED, numRuns: 60 },
		);
	});

	it("does not depend on how often it is looked at", () => {
		const toggles = steady(4, 5);
		const looked = new SupplySwitch();
		const seen: boolean[] = [];
		for (const [n, at] of toggles.entries()) {
			for (let t = toggles[n - 1] ?? 0; t < at; t += 0.01) looked.advance(t, (_, conducts) => seen.push(conducts));
			looked.advance(at, (_, conducts) => seen.push(conducts));
			looked.set(n % 2 === 0);
		}
		expect(seen).toEqual([true]);
	});
});
