#!/usr/bin/env node
import type { Host } from "./cli/host.ts";
import { runCli } from "./cli/program.ts";
import { NodeClock } from "./depot/node-clock.ts";
import { VERSION } from "./version.ts";

/** The composition root of `liangxing`: the only reader of environment, arguments, signals and the real clock. */
function makeHost(): Host {
	return {
		args: process.argv.slice(2),
		env: process.env,
		cwd: process.cwd(),
		clock: new NodeClock(),
		out: (text) => process.stdout.write(text),
		err: (text) => process.stderr.write(text),
		soon: (run) => setImmediate(run),
		stopRequested: () =>
			new Promise((resolve) => {
				let asked = false;
				const stop = (signal: NodeJS.Signals) => {
					// A second request is a person who does not want to wait: the store is safe at any instant.
					if (asked) process.exit(130);
					asked = true;
					resolve(signal);
				};
				process.on("SIGINT", stop);
				process.on("SIGTERM", stop);
				// The terminal was closed.
				process.on("SIGHUP", stop);
			}),
	};
}

// A simulator's gateway ends with it, at once: its log has no reader any more, and the store is safe at any instant.
const endsWithStdin = process.env["LIANGXING_SIM_ENDS_WITH_STDIN"] === "1";
if (endsWithStdin)
	process.stdin
		.on("error", () => process.exit(0))
		.on("end", () => process.exit(0))
		.resume();

// A reader that went away (`liangxing lights list | head`) is no failure of ours.
process.stdout.on("error", (e: NodeJS.ErrnoException) => {
	if (e.code === "EPIPE") process.exit(0);
});

process.exitCode = await runCli(makeHost(), VERSION);
// What was watched for the simulator's end would keep the process.
if (endsWithStdin) process.stdin.destroy();
