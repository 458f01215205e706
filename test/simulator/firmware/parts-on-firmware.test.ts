import { describe, expect, it } from "vitest";
import { FirmwareLight } from "../../../simulator/firmware/firmware-light.ts";
import { knownImage } from "../../../simulator/firmware/image.ts";
import { DRIVE, type Drive } from "../../../simulator/hardware/pins.ts";
import { PINS_OF, type StarDriver } from "../../../simulator/hardware/star-drivers.ts";
import { PixelStrip } from "../../../simulator/hardware/ws2812.ts";
import { Prng } from "../../../simulator/random/prng.ts";
import { bootedBoard } from "../../support/board-trace.ts";
import * as firmata from "../../support/firmata-bytes.ts";
import { SEED } from "../../support/seed.ts";

const image = knownImage("uno");
type EdgeHearer = (cycle: number, pin: number, drive: Drive) => void;

/** A light on a booted board, with a host that sends bytes and toggles the enable pin. */
function lightOn(driver: StarDriver, onEdge?: EdgeHearer) {
	const light = new FirmwareLight(
		image,
		{ driver, seed: 3, ...(onEdge && { onEdge }) },
		bootedBoard(image, "skip", {}),
	);
	const send = (...messages: readonly number[][]) => light.port.write(Uint8Array.from(messages.flat()));
	let level = false;
	const live = (ms: number): void => {
		for (let passed = 0; passed < ms; passed += 50) {
			level = !level;
			send(firmata.digitalWrite(PINS_OF.enable, level));
			light.runFor(50);
		}
	};
	send(firmata.pinMode(PINS_OF.enable, "output"));
	return { light, send, live };
}

const picture = (light: FirmwareLight): string =>
	light
		.seen()
		.map((b) => (b >= 0.01 ? "*" : "."))
		.join("");

describe("pixels on real firmware", { timeout: 60_000 }, () => {
	it("get every frame bit by bit as it was sent", () => {
		const strip = new PixelStrip(5);
		strip.power(true);
		const { light, send, live } = lightOn("ws2812", (cycle, pin, drive) => {
			strip.advance(cycle);
			if (pin === PINS_OF.pixels) strip.set(cycle, drive === DRIVE.high);
		});
		send(firmata.pixelConfig(PINS_OF.pixels, 5));
		live(1_000);
		const prng = new Prng(SEED);
		for (let frame = 0; frame < 20; frame++) {
			const colours = Array.from({ length: 5 }, () => prng.int(0, 0xffffff));
			send(...colours.map((rgb, n) => firmata.pixelColour(n, rgb)), firmata.pixelShow());
			live(100);
			strip.advance(light.board.cycle);
			expect(strip.colours.map(({ red, green, blue }) => red * 0x10000 + green * 0x100 + blue)).toEqual(colours);
			const sums = colours.map((rgb) => (rgb >> 16) + ((rgb >> 8) & 0xff) + (rgb & 0xff));
			for (const [n, brightness] of light.seen().entries()) expect(brightness).toBeCloseTo((sums[n] ?? 0) / 765, 6);
		}
	});
});

describe("a shift register on real firmware", { timeout: 60_000 }, () => {
	it("shows n stars when n bits were shifted in, and none before its output-enable is driven low", () => {
		const { light, send, live } = lightOn("595");
		const { serial, clock, latch, outputEnable } = PINS_OF.register;
		send(firmata.pinMode(outputEnable, "output"), firmata.digitalWrite(outputEnable, true));
		send(...[serial, clock, latch].map((pin) => firmata.pinMode(pin, "output")));
		live(1_000);
		for (let count = 0; count <= 5; count++) {
			for (let n = 7; n >= 0; n--)
				send(
					firmata.digitalWrite(serial, n < count),
					firmata.digitalWrite(clock, true),
					firmata.digitalWrite(clock, false),
				);
			send(firmata.digitalWrite(latch, true), firmata.digitalWrite(latch, false));
			live(100);
			expect(picture(light)).toBe(".....");
			send(firmata.digitalWrite(outputEnable, false));
			live(100);
			expect(picture(light)).toBe("*".repeat(count) + ".".repeat(5 - count));
			send(firmata.digitalWrite(outputEnable, true));
			live(100);
		}
	});
});

describe("a light on five pins, from its power-on", { timeout: 60_000 }, () => {
	it("stays dark through the boot of the firmware, whose pins it drives low", () => {
		let lit = 0;
		const light = new FirmwareLight(image, { driver: "pins", seed: 1, onLight: () => lit++ });
		light.runFor(2_300);
		expect(lit).toBe(0);
		expect(light.light.conducts).toBe(false);
		expect(PINS_OF.stars.map((pin) => light.board.drive(pin))).toEqual([0, 0, 0, 0, 0]);
	});
});
