import { describe, expect, it } from "vitest";
import { Board } from "../../../simulator/firmware/board.ts";
import type { Emulator } from "../../../simulator/firmware/chip.ts";
import { type KnownImage, knownImage } from "../../../simulator/firmware/image.ts";
import { Prng } from "../../../simulator/random/prng.ts";
import { type bootedBoard, type Script, send, traceOf } from "../../support/board-trace.ts";
import * as firmata from "../../support/firmata-bytes.ts";
import { SEED } from "../../support/seed.ts";

/** Two seconds of boot by avr8js alone take several on a busy machine. */
const TIMEOUT = { timeout: 60_000 };
/** Random scripts, each run by every emulator. */
const ROUNDS = 6;
const PWM_PINS = [3, 5, 6, 9, 10, 11];

const idle: Script = [];
const pinWrites: Script = [
	[0, send(...[2, 4, 7, 8, 12].map((pin) => firmata.pinMode(pin, "output")))],
	...Array.from(
		{ length: 60 },
		(_, i) => [5 + i * 2.37, send(firmata.digitalWrite([2, 4, 7, 8, 12][i % 5] ?? 2, i % 3 !== 0))] as const,
	),
];
const pwm: Script = [
	[0, send(...PWM_PINS.map((pin) => firmata.pinMode(pin, "pwm")))],
	...[0, 1, 64, 128, 200, 254, 255].map(
		(value, i) =>
			[10 + i * 12, send(...PWM_PINS.map((pin, n) => firmata.pwmWrite(pin, (value + n * 17) & 0xff)))] as const,
	),
];
const reports: Script = [
	[0, send(firmata.samplingInterval(10), firmata.reportAnalog(0), firmata.reportAnalog(3), firmata.reportDigital(0))],
	...[0.4, 1.25, 2.5, 5, 3.3].map(
		(volts, i) => [15 + i * 20, (board: Board) => board.setVolts(i % 2 ? 3 : 0, volts)] as const,
	),
	[40, (board) => board.setInput(2, true)],
	[61.7, (board) => board.setInput(2, false)],
];
const pixels: Script = [
	[0, send(firmata.pixelConfig(6, 5))],
	[
		5,
		send(
			...[0x102030, 0xffffff, 0, 0xaa5501, 0x010203].map((rgb, i) => firmata.pixelColour(i, rgb)),
			firmata.pixelShow(),
		),
	],
	// Bytes that come in while the frame keeps the interrupts off are lost, at the same cycles as well.
	[
		25,
		send(firmata.pixelColour(0, 0x123456), firmata.pixelShow(), firmata.pixelColour(1, 0x654321), firmata.pixelShow()),
	],
];

/** Whatever comes at whatever cycle, bytes that mean nothing too. */
function anything(seed: number): Script {
	const prng = new Prng(seed);
	const script: [number, (board: Board) => void][] = [];
	for (let at = 0; at < 90; at += prng.int(0, 6_000) / 1000) {
		const pin = prng.int(2, 13);
		const pick = prng.int(0, 7);
		if (pick === 0) script.push([at, send(firmata.pinMode(pin, prng.pick(["input", "output", "pwm", "servo"])))]);
		else if (pick === 1) script.push([at, send(firmata.pwmWrite(pin, prng.int(0, 255)))]);
		else if (pick === 2) script.push([at, send(firmata.digitalWrite(pin, prng.chance(0.5)))]);
		else if (pick === 3)
			script.push([at, send(firmata.reportAnalog(prng.int(0, 5)), firmata.reportDigital(prng.int(0, 2)))]);
		else if (pick === 4) script.push([at, send([...prng.bytes(prng.int(1, 12))])]);
		else if (pick === 5) {
			const volts = prng.unit() * 5;
			script.push([at, (board) => board.setVolts(pin % 6, volts)]);
		} else if (pick === 6)
			script.push([at, send(firmata.pixelConfig(6, 3), firmata.pixelColour(1, 0x0f0e0d), firmata.pixelShow())]);
		else script.push([at, (board) => board.setInput(pin, at % 2 > 1)]);
	}
	return script;
}

describe("the faster emulators", TIMEOUT, () => {
	const fast: readonly Emulator[] = ["lazy", "skip"];

	it.each<[string, KnownImage, Script, number]>([
		["no message", "uno", idle, 200],
		["pin writes", "uno", pinWrites, 160],
		["PWM on all of its pins", "uno", pwm, 110],
		["analog and digital reports", "uno", reports, 130],
		["frames of WS2812", "uno", pixels, 60],
		["a Nano's reports", "nano", reports, 130],
	])("send every byte and move every pin at the cycle at which avr8js alone does: %s", (_, name, script, forMs) => {
		const image = knownImage(name);
		const plain = traceOf(image, "plain", script, forMs);
		for (const emulator of fast) {
			const other = traceOf(image, emulator, script, forMs);
			expect(other.bytes, emulator).toEqual(plain.bytes);
			expect(other.edges, emulator).toEqual(plain.edges);
			expect(other.board.cycle, emulator).toBe(plain.board.cycle);
			expect(other.board.lostBytes, emulator).toBe(plain.board.lostBytes);
		}
		if (script !== idle) expect(plain.bytes.length + plain.edges.length).toBeGreaterThan(30);
	});

	it(`do so for anything that is sent to them (seeds from ${SEED})`, () => {
		for (let seed = SEED; seed < SEED + ROUNDS; seed++) {
			const script = anything(seed);
			const plain = traceOf(knownImage("uno"), "plain", script, 100);
			for (const emulator of fast) {
				const other = traceOf(knownImage("uno"), emulator, script, 100);
				expect({ seed, bytes: other.bytes, edges: other.edges }).toEqual({
					seed,
					bytes: plain.bytes,
					edges: plain.edges,
				});
			}
		}
	});
});

describe("the idle loop", TIMEOUT, () => {
	it.each<[KnownImage, Script]>([
		["uno", idle],
		["nano", idle],
		["uno", reports],
	])("of %s is found by watching, and most of its passes are skipped", (name, script) => {
		const { board } = traceOf(knownImage(name), "skip", script, 500);
		expect(board.idleHead).not.toBeNull();
		expect(board.skippedCycles / (500 * 16_000)).toBeGreaterThan(0.5);
	});

	it("is the program's own: another image has another head", () => {
		const heads = (["uno", "nano"] as const).map((name) => traceOf(knownImage(name), "skip", idle, 50).board.idleHead);
		expect(heads[0]).not.toBe(heads[1]);
	});
});

describe("a board", TIMEOUT, () => {
	const uno = knownImage("uno");
	const powerOn: typeof bootedBoard = (image, emulator, events) => new Board(image, { emulator, events });

	it("gives equal bytes and edges for equal inputs at equal cycles, in whatever pieces it is run", () => {
		const whole = traceOf(uno, "skip", pinWrites, 80).sha256;
		expect(traceOf(uno, "skip", pinWrites, 80).sha256).toBe(whole);
		expect(traceOf(uno, "skip", pinWrites, 80, { pieceMs: 0.1317 }).sha256).toBe(whole);
	});

	it("boots at the same cycles in each emulator, and a fork goes on as the board would have", () => {
		const traces = (["plain", "lazy", "skip"] as const).map((e) => traceOf(uno, e, pwm, 40, { start: powerOn }));
		for (const trace of traces) expect(trace.sha256).toBe(traces[0]?.sha256);
		const forked = traceOf(uno, "skip", pwm, 40);
		expect(forked.bytes.length + forked.edges.length).toBeGreaterThan(100);
		expect(traces[0]?.edges.slice(-forked.edges.length)).toEqual(forked.edges);
		expect(traces[0]?.board.cycle).toBe(forked.board.cycle);
	});

	it("starts anew at a reset: its pins float, then it tells its version again and holds them low", () => {
		const script: Script = [
			[0, send(firmata.pinMode(4, "output"), firmata.digitalWrite(4, true))],
			[10, (board) => board.reset()],
		];
		const { edges, bytes } = traceOf(uno, "skip", script, 2_300);
		expect(edges.filter((line) => line.split(",")[1] === "4").map((line) => line.split(",")[2])).toEqual([
			"1",
			"2",
			"0",
		]);
		expect(bytes.filter((line) => line.endsWith(",249"))).toHaveLength(1);
	});
});
