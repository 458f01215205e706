import { CodedError } from "../../protocol/wire/errors.ts";

/** Flash of an ATmega328P. */
export const FLASH_BYTES = 32_768;
/** What erased flash reads as. */
export const ERASED = 0xff;

const DATA = 0;
const END = 1;
const EXTENDED_SEGMENT = 2;
const START_SEGMENT = 3;
const EXTENDED_LINEAR = 4;
const START_LINEAR = 5;

const malformed = (file: string, line: number, how: string): CodedError =>
	new CodedError("image-malformed", `${file}, line ${line}: ${how}.`, {
		fault: "input",
		next: "Give the Intel HEX file that the compiler wrote, whole and unchanged.",
		context: { line },
	});

/** A record's bytes, its checksum verified: count, address, type, data. */
function recordOf(text: string, file: string, line: number): Uint8Array {
	if (!/^:([0-9a-f]{2})+$/i.test(text)) throw malformed(file, line, "it is no record of an Intel HEX file");
	const bytes = Uint8Array.from({ length: (text.length - 1) / 2 }, (_, i) =>
		Number.parseInt(text.substr(1 + 2 * i, 2), 16),
	);
	if (bytes.length < 5 || bytes.length !== 5 + (bytes[0] as number))
		throw malformed(file, line, "its length is not the one that it tells");
	if ((bytes.reduce((sum, byte) => sum + byte, 0) & 0xff) !== 0) throw malformed(file, line, "its checksum is wrong");
	return bytes;
}

/** Where the records behind an extended-address record begin. */
function baseOf(type: number, data: Uint8Array, file: string, line: number): number {
	if (data.length !== 2) throw malformed(file, line, "its length is not the one that it tells");
	const value = ((data[0] as number) << 8) | (data[1] as number);
	return type === EXTENDED_SEGMENT ? value * 0x10 : value * 0x1_0000;
}

/**
 * Flash as an Intel HEX text fills it; the rest is erased. A record that is cut, altered or out of the chip is refused with its
 * line, an image without a program as well: such a chip would sit there and do nothing, which no test may take for a light.
 */
export function readIntelHex(text: string, file: string): Uint8Array {
	const flash = new Uint8Array(FLASH_BYTES).fill(ERASED);
	let base = 0;
	let ended = false;
	for (const [index, raw] of text.split(/\r\n|\r|\n/).entries()) {
		const line = index + 1;
		if (raw.trim() === "") continue;
		if (ended) throw malformed(file, line, "there is more behind its end record");
		const record = recordOf(raw.trim(), file, line);
		const type = record[3] as number;
		const data = record.subarray(4, -1);
		if (type === END) ended = true;
		else if (type === EXTENDED_SEGMENT || type === EXTENDED_LINEAR) base = baseOf(type, data, file, line);
		else if (type === DATA) {
			const at = base + ((record[1] as number) << 8) + (record[2] as number);
			if (at + data.length > FLASH_BYTES)
				throw malformed(file, line, `it lies outside the chip's ${FLASH_BYTES} bytes`);
			flash.set(data, at);
		} else if (type !== START_SEGMENT && type !== START_LINEAR)
			throw malformed(file, line, "its type of record is not known");
	}
	if (!ended) throw malformed(file, text.split("\n").length, "its end record is missing: the file is cut");
	if (isErased(flash))
		throw new CodedError("image-erased", `${file} holds no program: the chip would be erased.`, {
			fault: "input",
			next: "Give an image with a program for the ATmega328P.",
		});
	return flash;
}

/** No instruction where the chip starts: erased flash, or a program of nothing but NOPs. */
function isErased(flash: Uint8Array): boolean {
	const erasedStart = flash[0] === ERASED && flash[1] === ERASED;
	return erasedStart || flash.every((byte) => byte === ERASED || byte === 0);
}
