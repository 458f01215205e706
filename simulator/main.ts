#!/usr/bin/env node
import { once } from "node:events";
import { Command, CommanderError } from "commander";
import { NodeClock, NodeRandom } from "../device/drivers/node-clock.ts";
import { isCoded } from "../protocol/wire/errors.ts";
import type { Root } from "./cli/root.ts";

const EXIT_FAILED = 1;
const EXIT_USAGE = 2;
/** Longer than a demo needs to stop its gateway. */
const END_WITHIN_MS = 8_000;

/** The composition root: the only place of the simulator that reads the environment, the arguments and the real clock. */
function makeRoot(): Root {
	const stop = new AbortController();
	const stopped = once(stop.signal, "abort");
	for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => stop.abort(signal));
	// A reader that has seen enough (`| head`) is no failure.
	// It still ends in order, since a demo has a gateway to stop; what takes longer is cut short.
	process.stdout.on("error", (e: NodeJS.ErrnoException) => {
		process.exitCode = e.code === "EPIPE" ? 0 : EXIT_FAILED;
		stop.abort(e.code);
		setTimeout(() => process.exit(), END_WITHIN_MS).unref();
	});
	return {
		env: process.env,
		clock: new NodeClock(),
		random: new NodeRandom(),
		stdin: process.stdin,
		isTerminal: process.stdout.isTTY === true,
		out: async (line) => {
			if (stop.signal.aborted && process.stdout.destroyed) return;
			if (!process.stdout.write(`${line}\n`)) await Promise.race([once(process.stdout, "drain"), stopped]);
		},
		err: (line) => {
			process.stderr.write(`${line}\n`);
		},
		exitCode: (code) => {
			process.exitCode = Math.max(Number(process.exitCode ?? 0), code);
		},
		stop: stop.signal,
	};
}

/** Loads only the command that is asked for: a grant needs no broker. */
const COMMANDS: Readonly<Record<string, () => Promise<{ register(program: Command, root: Root): void }>>> = {
	demo: () => import("./cli/demo.ts"),
	fuzz: () => import("./cli/fuzz.ts"),
	grant: () => import("./cli/grant.ts"),
	verify: () => import("./cli/verify.ts"),
};

async function main(args: readonly string[]): Promise<void> {
	const root = makeRoot();
	const program = new Command("liangxing-sim")
		.description("Simulated taxis and roof lights: the demo, deterministic simulation, grants by hand.")
		.exitOverride()
		.showHelpAfterError("(add --help for the options)")
		.addHelpText(
			"after",
			"\nExamples:\n  liangxing-sim demo --lights 24\n  liangxing-sim fuzz --steps 4000 --seed 1 --json\n" +
				"  liangxing-sim grant --light PDS00000001H --stars 4 --key signing.pem | liangxing-sim verify --key signing.pub",
		);
	const wanted = COMMANDS[args[0] ?? ""];
	for (const load of wanted === undefined ? Object.values(COMMANDS) : [wanted]) (await load()).register(program, root);
	try {
		await program.parseAsync(args, { from: "user" });
	} catch (e) {
		root.exitCode(report(e, root));
	}
}

/** What went wrong and the next step, on standard error; the exit code. Commander has said its own part. */
function report(e: unknown, root: Root): number {
	if (e instanceof CommanderError) return e.exitCode === 0 ? 0 : EXIT_USAGE;
	if (!isCoded(e)) throw e;
	root.err(`error ${e.code}: ${e.message} ${e.next}`);
	return e.fault === "input" ? EXIT_USAGE : EXIT_FAILED;
}

await main(process.argv.slice(2));
