import { cpus } from "node:os";
import { Board } from "../simulator/firmware/board.ts";
import type { Emulator } from "../simulator/firmware/chip.ts";
import { knownImage } from "../simulator/firmware/image.ts";
import { CYCLES_PER_MS, HZ } from "../simulator/hardware/pins.ts";
import { readFlags, say } from "./support/command-line.ts";
import { median, round } from "./support/statistics.ts";

const USAGE = `How fast the emulated controller board runs with real firmware, in MHz of its clock per second of CPU (16 = real time): as
avr8js does it (the floor), without the timers' empty steps, and without the idle loop's repeats as well. Then, for the
last, how many boards one core holds in real time while each gets a pin write every 20 ms.

  npm run bench:firmware -- --rounds 3 --seconds 2

  --rounds N    interleaved rounds, medians are told (3)
  --seconds N   chip time of each measurement (2)
  --boards N    boards that run together for the last figure (24)
  --json        one JSON line`;

/** Boards a core in real time. */
const GOAL = 24;
const BOOT_MS = 2_300;
const EMULATORS: readonly Emulator[] = ["plain", "lazy", "skip"];
/** What the host does: a pin write of three bytes every so many milliseconds; 0 = nothing. */
const LOADS = { idle: 0, "a write each 20 ms": 20, "a write each 5 ms": 5, "a write each 1 ms": 1 } as const;
type Load = keyof typeof LOADS;

const flags = readFlags(USAGE, { numbers: { rounds: 3, seconds: 2, boards: 24 } });
const image = knownImage("uno");
const MS = flags.number("seconds") * 1000;

const cpuSeconds = (run: () => void): number => {
	const before = process.cpuUsage();
	run();
	const { user, system } = process.cpuUsage(before);
	return (user + system) / 1e6;
};

function write(board: Board, n: number): void {
	board.send(Uint8Array.of(0xf5, 4, n & 1));
}

/** Runs boards together for the measurement's chip time, in steps of a millisecond. */
function live(boards: readonly Board[], everyMs: number): void {
	const from = boards[0]?.cycle ?? 0;
	for (let ms = 1; ms <= MS; ms++)
		for (const [n, board] of boards.entries()) {
			if (everyMs > 0 && (ms + n) % everyMs === 0) write(board, ms / everyMs);
			board.runUntil(from + ms * CYCLES_PER_MS);
		}
}

const booted = Object.fromEntries(
	EMULATORS.map((emulator) => {
		const board = new Board(image, { emulator });
		board.send(Uint8Array.of(0xf4, 4, 1));
		board.runUntil(BOOT_MS * CYCLES_PER_MS);
		return [emulator, board];
	}),
) as Readonly<Record<Emulator, Board>>;

const fork = (emulator: Emulator): Board => booted[emulator].fork({}) ?? booted[emulator];
const mhz: Record<string, number[]> = {};
const together: number[] = [];
for (let n = 0; n < flags.number("rounds"); n++) {
	for (const load of Object.keys(LOADS) as Load[])
		for (const emulator of EMULATORS) {
			const board = fork(emulator);
			const seconds = cpuSeconds(() => live([board], LOADS[load]));
			const key = `${load}/${emulator}`;
			mhz[key] = [...(mhz[key] ?? []), (MS * CYCLES_PER_MS) / 1e6 / seconds];
		}
	const boards = Array.from({ length: flags.number("boards") }, () => fork("skip"));
	const seconds = cpuSeconds(() => live(boards, LOADS["a write each 20 ms"]));
	together.push((boards.length * MS) / 1000 / seconds);
}

const of = (load: Load, emulator: Emulator): number => round(median(mhz[`${load}/${emulator}`] ?? []), 0);
say(
	`${flags.number("rounds")} rounds of ${MS / 1000} s chip time, medians, ${cpus().length} cores, Node ${process.version}`,
);
say(`MHz per CPU second (${HZ / 1e6} = real time)`.padEnd(40) + EMULATORS.map((e) => e.padStart(8)).join(""));
for (const load of Object.keys(LOADS) as Load[])
	say(load.padEnd(40) + EMULATORS.map((e) => String(of(load, e)).padStart(8)).join(""));
const boards = round(median(together), 1);
say(
	`${flags.number("boards")} boards together, a write each 20 ms: ${boards} boards a core in real time (goal ${GOAL})`,
);
const loads = Object.fromEntries(
	(Object.keys(LOADS) as Load[]).map((load) => [load, Object.fromEntries(EMULATORS.map((e) => [e, of(load, e)]))]),
);
if (flags.on("json"))
	process.stdout.write(`${JSON.stringify({ mhz: loads, boards, goal: GOAL, met: boards >= GOAL })}\n`);
process.exitCode = boards >= GOAL ? 0 : 1;
