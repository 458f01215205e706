import { createHash } from "node:crypto";
import { Board } from "../../simulator/firmware/board.ts";
import type { BoardEvents, Emulator } from "../../simulator/firmware/chip.ts";
import type { FirmwareImage } from "../../simulator/firmware/image.ts";
import { CYCLES_PER_MS } from "../../simulator/hardware/pins.ts";

/** Chip time by which the Firmata images have told their version and wait for messages. */
export const BOOTED_MS = 2_200;

/** What is done to a board, by chip time in milliseconds behind the boot. */
export type Script = readonly (readonly [atMs: number, input: (board: Board) => void])[];

export const send =
	(...messages: readonly (readonly number[])[]) =>
	(board: Board): void =>
		board.send(Uint8Array.from(messages.flat()));

/** All that a board did: each byte and each edge with its cycle, one a line. */
export interface Trace {
	readonly board: Board;
	readonly bytes: readonly string[];
	readonly edges: readonly string[];
	readonly sha256: string;
}

const booted = new Map<string, Board>();

/** A board that has booted; the boot itself is run once for each image and emulator. */
export function bootedBoard(image: FirmwareImage, emulator: Emulator, events: BoardEvents): Board {
	const key = `${image.sha256} ${emulator}`;
	const first = booted.get(key) ?? new Board(image, { emulator });
	booted.set(key, first);
	first.runUntil(BOOTED_MS * CYCLES_PER_MS);
	const board = first.fork(events);
	if (board === null) throw new Error("the board was busy behind its boot");
	return board;
}

/** Runs a script on a board that has booted; `pieceMs` runs it in pieces of that length. */
export function traceOf(
	image: FirmwareImage,
	emulator: Emulator,
	script: Script,
	forMs: number,
	{ start = bootedBoard, pieceMs = forMs }: { start?: typeof bootedBoard; pieceMs?: number } = {},
): Trace {
	const bytes: string[] = [];
	const edges: string[] = [];
	const board = start(image, emulator, {
		byte: (cycle, byte) => bytes.push(`${cycle},${byte}`),
		edge: (cycle, pin, drive) => edges.push(`${cycle},${pin},${drive}`),
	});
	for (const [atMs, input] of script) board.at((BOOTED_MS + atMs) * CYCLES_PER_MS, () => input(board));
	for (let ms = pieceMs; ms < forMs; ms += pieceMs) board.runUntil((BOOTED_MS + ms) * CYCLES_PER_MS);
	board.runUntil((BOOTED_MS + forMs) * CYCLES_PER_MS);
	const hash = createHash("sha256").update(bytes.join("\n")).update("\n\n").update(edges.join("\n"));
	return { board, bytes, edges, sha256: hash.update(`\n\n${board.cycle}`).digest("hex") };
}
