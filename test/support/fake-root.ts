import { Readable } from "node:stream";
import { Command } from "commander";
import { unixMs } from "../../protocol/wire/units.ts";
import type { Root } from "../../simulator/cli/root.ts";

/** What a command did, seen from its terminal. */
export interface Ran {
	readonly out: string[];
	readonly err: string[];
	readonly exit: number;
}

/** Runs one command of the simulator in this process, with a standard input of its own and a clock that stands at `nowS`. */
export async function runCommand(
	register: (program: Command, root: Root) => void,
	args: readonly string[],
	options: { readonly input?: Iterable<string | Uint8Array>; readonly nowS?: number } = {},
): Promise<Ran> {
	const out: string[] = [];
	const err: string[] = [];
	let exit = 0;
	let bytes = 0;
	const root: Root = {
		env: {},
		lang: "en",
		clock: {
			unixMs: () => unixMs((options.nowS ?? 1_780_000_000) * 1000),
			monoMs: () => 0 as never,
			after: () => ({ cancel() {} }),
		},
		random: { bytes: (length) => new Uint8Array(length).fill(++bytes) },
		stdin: Readable.from(options.input ?? []),
		isTerminal: false,
		out: async (line) => {
			out.push(line);
		},
		err: (line) => err.push(line),
		exitCode: (code) => {
			exit = Math.max(exit, code);
		},
		atExit: () => () => undefined,
		stop: new AbortController().signal,
	};
	const program = new Command("liangxing-sim").exitOverride().configureOutput({ writeErr: (text) => err.push(text) });
	register(program, root);
	await program.parseAsync(args, { from: "user" });
	return { out, err, exit };
}
