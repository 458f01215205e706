import { cpus } from "node:os";
import { Board } from "../simulator/firmware/board.ts";
import type { Emulator } from "../simulator/firmware/chip.ts";
import { knownImage } from "../simulator/firmware/image.ts";
import { CYCLES_PER_MS, HZ } from "../simulator/hardware/pins.ts";
import { readFlags, runBench } from "./support/command-line.ts";
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
const LOAD_NAMES = Object.keys(LOADS) as Load[];

interface Measured {
	/** MHz per CPU second, by load and emulator. */
	readonly mhz: (load: Load, emulator: Emulator) => number;
	/** Boards a core in real time. */
	readonly boards: number;
}

const cpuSeconds = (run: () => void): number => {
	const before = process.cpuUsage();
	run();
	const { user, system } = process.cpuUsage(before);
	return (user + system) / 1e6;
};

function write(board: Board, n: number): void {
	board.send(Uint8Array.of(0xf5, 4, n & 1));
}

/** Runs boards together for so long of their time, in steps of a millisecond. */
function live(boards: readonly Board[], everyMs: number, forMs: number): void {
	const from = boards[0]?.cycle ?? 0;
	for (let ms = 1; ms <= forMs; ms++)
		for (const [n, board] of boards.entries()) {
			if (everyMs > 0 && (ms + n) % everyMs === 0) write(board, ms / everyMs);
			board.runUntil(from + ms * CYCLES_PER_MS);
		}
}

function boot(emulator: Emulator): Board {
	const board = new Board(knownImage("uno"), { emulator });
	board.send(Uint8Array.of(0xf4, 4, 1));
	board.runUntil(BOOT_MS * CYCLES_PER_MS);
	return board;
}

function measure(rounds: number, forMs: number, together: number): Measured {
	const booted = new Map(EMULATORS.map((emulator) => [emulator, boot(emulator)]));
	const fork = (emulator: Emulator): Board => booted.get(emulator)?.fork({}) ?? boot(emulator);
	const mhz = new Map<string, number[]>();
	const boards: number[] = [];
	for (let n = 0; n < rounds; n++) {
		for (const load of LOAD_NAMES)
			for (const emulator of EMULATORS) {
				const board = fork(emulator);
				const seconds = cpuSeconds(() => live([board], LOADS[load], forMs));
				const key = `${load}/${emulator}`;
				mhz.set(key, [...(mhz.get(key) ?? []), (forMs * CYCLES_PER_MS) / 1e6 / seconds]);
			}
		const many = Array.from({ length: together }, () => fork("skip"));
		const seconds = cpuSeconds(() => live(many, LOADS["a write each 20 ms"], forMs));
		boards.push((many.length * forMs) / 1000 / seconds);
	}
	return {
		mhz: (load, emulator) => round(median(mhz.get(`${load}/${emulator}`) ?? []), 0),
		boards: round(median(boards), 1),
	};
}

const flags = readFlags(USAGE, { numbers: { rounds: 3, seconds: 2, boards: 24 } });
await runBench(flags, async (table) => {
	const [rounds, seconds, together] = [flags.number("rounds"), flags.number("seconds"), flags.number("boards")];
	const { mhz, boards } = measure(rounds, seconds * 1000, together);
	table(`${rounds} rounds of ${seconds} s chip time, medians, ${cpus().length} cores, Node ${process.version}`);
	table(`MHz per CPU second (${HZ / 1e6} = real time)`.padEnd(40) + EMULATORS.map((e) => e.padStart(8)).join(""));
	const results = LOAD_NAMES.map((load) => ({
		load,
		...(Object.fromEntries(EMULATORS.map((e) => [e, mhz(load, e)])) as Record<Emulator, number>),
	}));
	for (const row of results) table(row.load.padEnd(40) + EMULATORS.map((e) => String(row[e]).padStart(8)).join(""));
	table(`${together} boards together, a write each 20 ms: ${boards} boards a core in real time (goal ${GOAL})`);
	return { results, boards, goal: GOAL, met: boards >= GOAL };
});
