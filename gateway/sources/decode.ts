import { CodedError } from "../../protocol/wire/errors.ts";
import { lineTooLong, MAX_RECORD_CHARACTERS } from "./line-length.ts";

/** A row as long as the parser takes it, in characters of 4 bytes. */
const MAX_LINE_BYTES = 4 * MAX_RECORD_CHARACTERS;
const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;

export type Encoding = "utf-8" | "gb18030";

/** Text of a bureau's file, and how it was written. */
export interface Decoded {
	readonly text: string;
	readonly encoding: Encoding;
}

/** Beginnings of files that people send in place of a CSV. */
const MAGICS: readonly (readonly [string, readonly number[]])[] = [
	["an Excel workbook (.xlsx)", [0x50, 0x4b, 0x03, 0x04]],
	["an old Excel workbook (.xls)", [0xd0, 0xcf, 0x11, 0xe0]],
	["a PDF", [0x25, 0x50, 0x44, 0x46]],
];

const input = (code: string, message: string, next: string, context: Readonly<Record<string, string | number>>) =>
	new CodedError(code, message, { fault: "input", next, context });

/**
 * UTF-8 (with or without BOM) if all of it is, else GB18030 if all of it is. Throws `file-empty`, `not-a-csv` (binary), and
 * `encoding-broken` naming line and column,
 * where a character is cut or wrong.
 */
export function decodeText(bytes: Uint8Array, name: string): Decoded {
	if (bytes.length === 0)
		throw input("file-empty", `${name} is empty.`, "Export it again and look at it first.", { file: name });
	refuseBinary(bytes, name);
	refuseEndlessLine(bytes, name);
	const utf8 = tryDecode(bytes, "utf-8");
	if (utf8.whole) return { text: utf8.text, encoding: "utf-8" };
	// Good to the last bytes as UTF-8 is UTF-8 that was cut, whatever GB18030 would make of it.
	if (utf8.cut) throw broken(name, utf8.text, "its end is cut inside a character");
	const gb = tryDecode(bytes, "gb18030");
	// Unlike UTF-8's, GB18030's byte order mark is left in the text by the decoder.
	if (gb.whole) return { text: gb.text.startsWith("\ufeff") ? gb.text.slice(1) : gb.text, encoding: "gb18030" };
	if (gb.cut) throw broken(name, gb.text, "its end is cut inside a character");
	const lossy = new TextDecoder("gb18030").decode(bytes);
	throw broken(name, lossy.slice(0, Math.max(0, lossy.indexOf("\ufffd"))), "it is neither UTF-8 nor GB18030 there");
}

interface Attempt {
	readonly text: string;
	/** All bytes are characters. */
	readonly whole: boolean;
	/** All but an unfinished last character. */
	readonly cut: boolean;
}

function tryDecode(bytes: Uint8Array, encoding: Encoding): Attempt {
	const decoder = new TextDecoder(encoding, { fatal: true });
	let text: string;
	try {
		text = decoder.decode(bytes, { stream: true });
	} catch {
		return { text: "", whole: false, cut: false };
	}
	try {
		return { text: text + decoder.decode(), whole: true, cut: false };
	} catch {
		return { text, whole: false, cut: true };
	}
}

function refuseBinary(bytes: Uint8Array, name: string): void {
	const next = "Open it in the program that made it and save it as CSV (UTF-8 or GB18030).";
	for (const [what, magic] of MAGICS)
		if (magic.every((byte, i) => bytes[i] === byte))
			throw input("not-a-csv", `${name} is ${what}, not a CSV file.`, next, { file: name });
	if (bytes.includes(0))
		throw input("not-a-csv", `${name} holds bytes that no text has: it is a binary file or UTF-16.`, next, {
			file: name,
		});
}

/** Seen in the bytes, before a file of one endless line becomes text of twice its size. A line's end is one byte in both encodings. */
function refuseEndlessLine(bytes: Uint8Array, name: string): void {
	let start = 0;
	for (let line = 1; start < bytes.length; line++) {
		const found = bytes.indexOf(LINE_FEED, start);
		const end = found < 0 ? bytes.length : found;
		if (end - start > MAX_LINE_BYTES && !bytes.subarray(start, end).includes(CARRIAGE_RETURN))
			throw lineTooLong(name, line, 1);
		start = end + 1;
	}
}

function broken(name: string, before: string, how: string): CodedError {
	const lines = before.split(/\r\n|\n|\r/);
	const line = lines.length;
	const column = (lines.at(-1) ?? "").split(",").length;
	return input(
		"encoding-broken",
		`${name}, line ${line}, column ${column}: ${how}.`,
		"The file is damaged or was sent in part: export it again as UTF-8 or GB18030 and send it whole.",
		{ file: name, line, column },
	);
}
