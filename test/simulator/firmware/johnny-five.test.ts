import { setImmediate as turn } from "node:timers/promises";
import { Firmata } from "firmata-io";
import five from "johnny-five";
import { describe, expect, it } from "vitest";
import { FirmwareLight } from "../../../simulator/firmware/firmware-light.ts";
import { knownImage } from "../../../simulator/firmware/image.ts";
import { PINS_OF, type StarDriver } from "../../../simulator/hardware/star-drivers.ts";
import { bootedBoard } from "../../support/board-trace.ts";
import { reportAnalog, reportDigital } from "../../support/firmata-bytes.ts";

const image = knownImage("uno");
/** Half a period of the enable pin, in chip time. */
const TOGGLE_MS = 50;
const OUTPUT = 1;

interface Host {
	readonly light: FirmwareLight;
	readonly io: Firmata;
	readonly board: five.Board;
	/** Lets chip time pass, the host toggling the enable pin if it is alive. */
	live(ms: number): void;
}

/** johnny-five over firmata-io over the port of a booted board. */
async function host(driver: StarDriver = "pins"): Promise<Host> {
	const light = new FirmwareLight(image, { driver, seed: 1 }, bootedBoard(image, "skip", {}));
	const io = new Firmata(light.port, { reportVersionTimeout: 1 });
	const board = new five.Board({ io, repl: false, debug: false });
	let ready = false;
	board.on("ready", () => {
		ready = true;
	});
	light.port.open();
	// The library waits on the machine's timers until it asks for the version; the chip's time stands until then.
	while (light.board.bytesOnLine === 0) await turn();
	while (!ready) {
		light.runFor(1);
		await turn();
	}
	io.pinMode(PINS_OF.enable, OUTPUT);
	let level = 0;
	const live = (ms: number): void => {
		for (let passed = 0; passed < ms; passed += TOGGLE_MS) {
			level = 1 - level;
			io.digitalWrite(PINS_OF.enable, level === 1 ? 1 : 0);
			light.runFor(TOGGLE_MS);
		}
	};
	return { light, io, board, live };
}

const picture = (light: FirmwareLight): string =>
	light
		.seen()
		.map((b) => (b >= 0.01 ? "*" : "."))
		.join("");

describe("johnny-five on real firmware, in process and in chip time", { timeout: 60_000 }, () => {
	it("finds the board, with its pins and its name", async () => {
		const { io } = await host();
		expect(io.pins).toHaveLength(20);
		expect(io.firmware.name).toContain("node_pixel_firmata");
	});

	it("lights n of five LEDs, and a passenger sees n stars", async () => {
		const { light, board, live } = await host();
		const leds = PINS_OF.stars.map((pin) => new five.Led({ pin, board }));
		live(1_000);
		for (let count = 0; count <= 5; count++) {
			for (const [n, led] of leds.entries()) if (n < count) led.on();
			live(200);
			expect(picture(light)).toBe("*".repeat(count) + ".".repeat(5 - count));
		}
		for (const led of leds) led.brightness(64);
		live(200);
		for (const brightness of light.seen()) expect(brightness).toBeCloseTo(0.25, 1);
	});

	it("holds its pins when the host dies, and the supply switch makes it dark within 2 s all the same", async () => {
		const { light, board, live } = await host();
		for (const pin of PINS_OF.stars) new five.Led({ pin, board }).on();
		live(1_500);
		expect(picture(light)).toBe("*****");
		light.runFor(2_000);
		expect(picture(light)).toBe(".....");
		expect(PINS_OF.stars.map((pin) => light.board.drive(pin))).toEqual([1, 1, 1, 1, 1]);
	});

	it("reads back the current of the lamps, and a broken one by it", async () => {
		const { light, io, board, live } = await host();
		const leds = PINS_OF.stars.map((pin) => new five.Led({ pin, board }));
		let counts = 0;
		io.analogRead(PINS_OF.senses.shunt, (value) => {
			counts = value;
		});
		live(1_500);
		expect(counts).toBe(0);
		leds[0]?.on();
		live(200);
		const whole = counts;
		expect(whole).toBeCloseTo(((0.02 * 20) / 5) * 1024, -1);
		light.light.setFault(light.board.cycle, 0, "short");
		live(200);
		expect(counts).toBeGreaterThan(whole * 1.2);
		light.light.setFault(light.board.cycle, 0, "open");
		live(200);
		expect(counts).toBe(0);
	});

	it("is answered at the same cycles each time", async () => {
		const run = async (): Promise<readonly unknown[]> => {
			const { light, live } = await host();
			const heard: number[] = [];
			light.port.on("data", (bytes: Buffer) => heard.push(light.board.cycle, ...bytes));
			light.port.write(Uint8Array.from([...reportAnalog(0), ...reportDigital(0)]));
			live(300);
			return [light.board.lostBytes, heard];
		};
		expect(await run()).toEqual(await run());
	});
});
