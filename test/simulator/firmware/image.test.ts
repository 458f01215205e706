import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { imageFromFile, KNOWN_IMAGES, knownImage } from "../../../simulator/firmware/image.ts";
import { FLASH_BYTES, readIntelHex } from "../../../simulator/firmware/intel-hex.ts";
import { SEED } from "../../support/seed.ts";

const folder = mkdtempSync(join(tmpdir(), "liangxing-image-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const PACKAGE = dirname(createRequire(import.meta.url).resolve("node-pixel/package.json"));
const UNO = readFileSync(join(PACKAGE, KNOWN_IMAGES.uno.path), "latin1");
const END = ":00000001FF";

/** A record as a compiler writes it. */
function record(address: number, type: number, data: readonly number[]): string {
	const bytes = [data.length, address >> 8, address & 0xff, type, ...data];
	const sum = (0x100 - (bytes.reduce((a, b) => a + b, 0) & 0xff)) & 0xff;
	return `:${[...bytes, sum].map((b) => b.toString(16).padStart(2, "0").toUpperCase()).join("")}`;
}

const codeOf = (run: () => unknown): unknown => {
	try {
		run();
		return "none";
	} catch (e) {
		return (e as { code?: unknown }).code;
	}
};

describe("an Intel HEX file", () => {
	it("fills the flash where its records say, and leaves the rest erased", () => {
		const text = [record(0, 0, [0x0c, 0x94]), record(0, 2, [0x01, 0x00]), record(0x10, 0, [1, 2, 3]), END].join("\r\n");
		const flash = readIntelHex(text, "a.hex");
		expect(flash).toHaveLength(FLASH_BYTES);
		expect([...flash.subarray(0, 3)]).toEqual([0x0c, 0x94, 0xff]);
		expect([...flash.subarray(0x1010, 0x1014)]).toEqual([1, 2, 3, 0xff]);
	});

	it.each<[string, string, string]>([
		["a line that is no record", `${record(0, 0, [1, 2])}\nhello\n${END}`, "line 2"],
		["a record that is cut", `${record(0, 0, [1, 2]).slice(0, -2)}\n${END}`, "line 1"],
		["half a byte", `${record(0, 0, [1, 2])}0\n${END}`, "line 1"],
		["a wrong checksum", `${record(0, 0, [1, 2]).slice(0, -1)}0\n${END}`, "checksum"],
		["a record outside the chip", `${record(0x7fff, 0, [1, 2])}\n${END}`, "32768 bytes"],
		["an address far outside", `${record(0, 4, [0x00, 0x80])}\n${record(0, 0, [1])}\n${END}`, "32768 bytes"],
		["a record of no known type", `${record(0, 9, [1])}\n${END}`, "type"],
		["no end record", record(0, 0, [1, 2]), "cut"],
		["something behind the end record", `${END}\n${record(0, 0, [1, 2])}`, "line 2"],
	])("is refused with its line: %s", (_, text, word) => {
		expect(codeOf(() => readIntelHex(text, "a.hex"))).toBe("image-malformed");
		expect(() => readIntelHex(text, "a.hex")).toThrow(word);
	});

	it.each([
		["empty", END],
		["all erased", [record(0, 0, new Array(16).fill(0xff)), END].join("\n")],
		["nothing but NOPs", [record(0, 0, new Array(16).fill(0)), END].join("\n")],
		["a program that begins nowhere", [record(0x100, 0, [1, 2, 3]), END].join("\n")],
	])("without a program is refused: %s", (_, text) => {
		expect(codeOf(() => readIntelHex(text, "a.hex"))).toBe("image-erased");
	});

	it("never passes with one character altered, whichever it is", () => {
		fc.assert(
			fc.property(fc.integer({ min: 0, max: UNO.length - 1 }), fc.constantFrom(..."0123456789ABCDEF:"), (at, by) => {
				const was = UNO[at] as string;
				fc.pre(was !== by && was !== "\r" && was !== "\n");
				expect(codeOf(() => readIntelHex(UNO.slice(0, at) + by + UNO.slice(at + 1), "a.hex"))).toBe("image-malformed");
			}),
			{ seed: SEED, numRuns: 60 },
		);
	});
});

describe("a known image", () => {
	it("is read from the installed package, with the hash of its file", () => {
		expect(knownImage("uno")).toMatchObject({ name: "uno", sha256: KNOWN_IMAGES.uno.sha256 });
		expect(imageFromFile(join(PACKAGE, KNOWN_IMAGES.nano.path)).sha256).toBe(KNOWN_IMAGES.nano.sha256);
	});

	it("names the package to install where it is not there", () => {
		expect(codeOf(() => knownImage("uno", null))).toBe("image-missing");
		expect(() => knownImage("uno", folder)).toThrow("node-pixel@0.11.0");
	});

	it("is refused where the file is another one, even a working one", () => {
		const path = join(folder, KNOWN_IMAGES.uno.path);
		mkdirSync(dirname(path), { recursive: true });
		cpSync(join(PACKAGE, KNOWN_IMAGES.nano.path), path);
		expect(codeOf(() => knownImage("uno", folder))).toBe("image-changed");
	});
});

describe("an image of one's own", () => {
	it.each<[string, () => string, string]>([
		["that is not there", () => join(folder, "none.hex"), "file-not-found"],
		["that is a folder", () => folder, "file-unreadable"],
		["that is no HEX", () => written("a.hex", "GIF89a"), "image-malformed"],
		["that is far too large", () => written("b.hex", "0".repeat(300_000)), "image-malformed"],
		["of an erased chip", () => written("c.hex", `${record(0, 0, [255, 255])}\n${END}\n`), "image-erased"],
	])("%s is refused", (_, path, code) => {
		expect(codeOf(() => imageFromFile(path()))).toBe(code);
	});
});

function written(name: string, text: string): string {
	writeFileSync(join(folder, name), text);
	return join(folder, name);
}
