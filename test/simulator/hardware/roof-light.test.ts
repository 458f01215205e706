import { describe, expect, it } from "vitest";
import type { LampFault } from "../../../protocol/wire/lamp-fault.ts";
import { CYCLES_PER_MS, DRIVE, type Drive } from "../../../simulator/hardware/pins.ts";
import { RoofLight } from "../../../simulator/hardware/roof-light.ts";
import { PINS_OF, type StarDriver } from "../../../simulator/hardware/star-drivers.ts";

const DRIVERS: readonly StarDriver[] = ["pins", "595", "ws2812"];

/** A hand on the pins: time goes on by milliseconds, the enable pin toggles at 10 Hz while the host lives. */
class Hand {
	readonly lightChanges: number[] = [];
	readonly light: RoofLight;
	readonly driver: StarDriver;
	ms = 0;
	alive = true;
	private level = false;

	constructor(driver: StarDriver, seed = 1) {
		this.driver = driver;
		this.light = new RoofLight({ driver, seed, onLight: (cycle, _, to) => to > 0 && this.lightChanges.push(cycle) });
	}

	get cycle(): number {
		return this.ms * CYCLES_PER_MS;
	}

	pass(ms: number): void {
		for (const end = this.ms + ms; this.ms < end; this.ms++)
			if (this.alive && this.ms % 50 === 0) {
				this.level = !this.level;
				this.light.edge(this.cycle, PINS_OF.enable, this.level ? DRIVE.high : DRIVE.low);
			}
	}

	pin(pin: number, drive: Drive, cycle = this.cycle): void {
		this.light.edge(cycle, pin, drive);
	}

	/** Drives the stars as the program would, `count` from the left. */
	show(count: number): void {
		const on = (n: number): Drive => (n < count ? DRIVE.high : DRIVE.low);
		if (this.driver === "pins") for (const [n, pin] of PINS_OF.stars.entries()) this.pin(pin, on(n));
		else if (this.driver === "595") {
			const { serial, clock, latch, outputEnable } = PINS_OF.register;
			for (let n = 7; n >= 0; n--) {
				this.pin(serial, on(n));
				this.pin(clock, DRIVE.high);
				this.pin(clock, DRIVE.low);
			}
			this.pin(latch, DRIVE.high);
			this.pin(latch, DRIVE.low);
			this.pin(outputEnable, DRIVE.low);
		} else {
			let at = this.cycle;
			for (let bit = 0; bit < 5 * 24; bit++) {
				this.pin(PINS_OF.pixels, DRIVE.high, at);
				at += bit < count * 24 ? 14 : 5;
				this.pin(PINS_OF.pixels, DRIVE.low, at);
				at += 8;
			}
		}
		this.ms += 1;
		this.pass(99);
	}

	lit(): string {
		return this.light
			.litStars(this.cycle)
			.map((lit) => (lit ? "*" : "."))
			.join("");
	}
}

function awake(driver: StarDriver, seed = 1): Hand {
	const hand = new Hand(driver, seed);
	hand.pass(2_000);
	return hand;
}

describe.each(DRIVERS)("the roof light on %s", (driver) => {
	it("is dark from power-on for as long as nothing is driven, whatever its parts wake with", () => {
		for (let seed = 0; seed < 40; seed++) {
			const hand = awake(driver, seed);
			expect(hand.light.conducts).toBe(true);
			expect(hand.lightChanges).toEqual([]);
		}
	});

	it("shows each count from 0 to 5, from the left", () => {
		const hand = awake(driver);
		const seen = [0, 1, 2, 3, 4, 5, 3, 0].map((count) => {
			hand.show(count);
			return hand.lit();
		});
		expect(seen).toEqual([".....", "*....", "**...", "***..", "****.", "*****", "***..", "....."]);
	});

	it("is dark within 2 s of the host's end, and stays so though the pins hold", () => {
		const hand = awake(driver);
		hand.show(4);
		expect(hand.lit()).toBe("****.");
		hand.alive = false;
		hand.pass(2_000);
		const lastLight = hand.lightChanges.length;
		hand.pass(10_000);
		expect(hand.lit()).toBe(".....");
		expect(hand.lightChanges).toHaveLength(lastLight);
		expect(hand.light.senses(hand.cycle).shunt).toBeLessThan(0.01);
	});

	it("is dark with its pins driven and the host never heard of", () => {
		const hand = new Hand(driver);
		hand.alive = false;
		hand.show(5);
		hand.pass(5_000);
		expect(hand.lightChanges).toEqual([]);
	});

	it.each<[LampFault, string, string]>([
		["open", "**.*.", "....."],
		["short", "**.*.", "....."],
		["stuck-off", "**.*.", "....."],
		["stuck-on", "****.", "..*.."],
	])("with lamp 3 %s shows it: %s for four stars, %s for none", (fault, four, none) => {
		const hand = awake(driver);
		hand.light.setFault(hand.cycle, 2, fault);
		hand.show(4);
		expect(hand.lit()).toBe(four);
		hand.show(0);
		expect(hand.lit()).toBe(none);
		hand.light.setFault(hand.cycle, 2, null);
		hand.show(4);
		expect(hand.lit()).toBe("****.");
	});

	it("tells each fault of a lamp by the current while this lamp alone is lit, or while none is", () => {
		const shunt = (fault: LampFault | null, count: number): number => {
			const hand = awake(driver);
			hand.light.setFault(hand.cycle, 0, fault);
			hand.show(count);
			return hand.light.senses(hand.cycle).shunt;
		};
		const whole = shunt(null, 1);
		const dark = shunt(null, 0);
		expect(whole - dark).toBeGreaterThan(0.3);
		expect(shunt("open", 1)).toBeLessThan(whole * 0.5);
		expect(shunt("stuck-off", 1)).toBeLessThan(whole * 0.5);
		expect(shunt("short", 1)).toBeGreaterThan(whole * 1.2);
		expect(shunt("stuck-on", 0)).toBeGreaterThan(dark + 0.3);
	});

	it("dims at 6 V or stays as it is, and never shows another count", () => {
		const hand = awake(driver);
		hand.show(3);
		const before = hand.light.seen(hand.cycle);
		for (const volts of [11, 9, 7, 6, 7.5, 12]) {
			hand.light.setSupply(hand.cycle, volts);
			hand.pass(100);
			expect(hand.lit()).toBe("***..");
			for (const [n, now] of hand.light.seen(hand.cycle).entries())
				expect(now).toBeLessThanOrEqual((before[n] ?? 0) + 1e-9);
		}
		expect(hand.light.seen(hand.cycle)).toEqual(before);
	});
});

describe("the roof light", () => {
	it("shows a PWM's duty over whole periods as brightness", () => {
		const hand = awake("pins");
		for (let n = 0; n < 200; n++) {
			const at = hand.cycle + n * 32_640;
			hand.pin(PINS_OF.stars[1] ?? 5, DRIVE.high, at);
			hand.pin(PINS_OF.stars[1] ?? 5, DRIVE.low, at + 32_640 / 4);
		}
		const seen = hand.light.seen(hand.cycle + 200 * 32_640, 20.4);
		expect(seen[1]).toBeCloseTo(0.25, 6);
		expect(seen[0]).toBe(0);
	});

	it("gives the analog inputs the supply by its divider, the daylight, and each lamp's own current", () => {
		const hand = awake("pins");
		hand.show(2);
		hand.light.setSupply(hand.cycle, 13.8);
		hand.light.setAmbient(hand.cycle, 200);
		hand.pass(200);
		const { supply, ambient, lamps, shunt } = hand.light.senses(hand.cycle);
		expect(supply).toBeCloseTo(3.45);
		expect(ambient).toBeCloseTo(2.5);
		expect(lamps.map((volts) => volts > 0.3)).toEqual([true, true, false, false, false]);
		expect(shunt).toBeCloseTo((lamps[0] ?? 0) + (lamps[1] ?? 0), 6);
	});

	it("with a register that holds stars from its power-on lights none of them until its output-enable is driven low", () => {
		const lit = new Set<string>();
		for (let seed = 0; seed < 40; seed++) {
			const hand = awake("595", seed);
			expect(hand.lightChanges).toEqual([]);
			hand.pin(PINS_OF.register.outputEnable, DRIVE.low);
			hand.pass(100);
			lit.add(hand.lit());
		}
		expect(lit.size).toBeGreaterThan(8);
	});
});
