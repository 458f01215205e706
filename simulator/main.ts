#!/usr/bin/env node
import { once } from "node:events";
import { Command, CommanderError } from "commander";
import { packageVersion } from "../device/cli/version.ts";
import { NodeClock, NodeRandom } from "../device/drivers/node-clock.ts";
import { asksJson, EXIT, reportFailure, wrongUseIsCoded } from "../protocol/schema/failure.ts";
import { languageOf } from "../protocol/schema/language.ts";
import { type Text, withHelp } from "./cli/help.ts";
import type { Root } from "./cli/root.ts";

/** Longer than a demo needs to stop its gateway. */
const END_WITHIN_MS = 8_000;
/** `npm start` passes on the Ctrl-C that the terminal has sent already: what comes so soon is the same one, not a second. */
const SAME_STOP_MS = 500;
/** As a shell names an end by Ctrl-C. */
const FORCED_EXIT = 130;

/** The composition root: the only place of the simulator that reads the environment, the arguments and the real clock. */
function makeRoot(args: readonly string[]): Root {
	const clock = new NodeClock();
	const stop = new AbortController();
	const stopped = once(stop.signal, "abort");
	let askedAt: number | null = null;
	const asked = (signal: NodeJS.Signals) => {
		const now = clock.monoMs();
		// A person who does not want to wait.
		if (askedAt !== null && now - askedAt > SAME_STOP_MS) process.exit(FORCED_EXIT);
		askedAt ??= now;
		stop.abort(signal);
	};
	// The last: the terminal was closed.
	for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, asked);
	// A reader that has seen enough (`| head`) is no failure.
	// It still ends in order, since a demo has a gateway to stop; what takes longer is cut short.
	process.stdout.on("error", (e: NodeJS.ErrnoException) => {
		process.exitCode = e.code === "EPIPE" ? 0 : EXIT.failed;
		stop.abort(e.code);
		setTimeout(() => process.exit(), END_WITHIN_MS).unref();
	});
	return {
		env: process.env,
		lang: languageOf(args, process.env),
		clock,
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
		atExit: (run) => {
			process.on("exit", run);
			return () => process.off("exit", run);
		},
		stop: stop.signal,
	};
}

/** Loads only the command that is asked for: a grant needs no broker. */
const COMMANDS: Readonly<Record<string, () => Promise<{ register(program: Command, root: Root): void }>>> = {
	demo: () => import("./cli/demo.ts"),
	fuzz: () => import("./cli/fuzz.ts"),
	grant: () => import("./cli/grant.ts"),
	platform: () => import("./cli/platform.ts"),
	verify: () => import("./cli/verify.ts"),
};

const TEXTS = {
	about: {
		zh: "模拟的出租汽车与顶灯：演示、确定性仿真、手工凭证",
		en: "Simulated taxis and roof lights: the demo, deterministic simulation, grants by hand.",
	},
	version: { zh: "显示版本", en: "show the version" },
	helpCommand: { zh: "显示某个命令的帮助", en: "show the help of a command" },
	exit: {
		zh: "退出码：0 完成，1 检查未通过或失败，2 调用有误。",
		en: "Exit: 0 done, 1 checked and failed, 2 called wrongly.",
	},
} as const satisfies Record<string, Text>;

const EXAMPLES = [
	"liangxing-sim demo --lights 24",
	"liangxing-sim fuzz --steps 4000 --seed 1 --json",
	"liangxing-sim grant --light PDS00000001H --stars 4 --key signing.pem | liangxing-sim verify --key signing.pub",
];

function makeProgram({ lang }: Root): Command {
	const program = new Command("liangxing-sim")
		.description(TEXTS.about[lang])
		.version(packageVersion(), "-V, --version", TEXTS.version[lang])
		.helpCommand("help [command]", TEXTS.helpCommand[lang])
		// A wrong option is then said by the command behind which it stands.
		.enablePositionalOptions()
		// What went wrong is said once, by the printer of all failures.
		.configureOutput({ outputError: () => undefined });
	return withHelp(program, lang, EXAMPLES, TEXTS.exit);
}

async function main(args: readonly string[]): Promise<void> {
	const root = makeRoot(args);
	const program = makeProgram(root);
	const wanted = COMMANDS[args.find((arg) => Object.hasOwn(COMMANDS, arg)) ?? ""];
	try {
		for (const load of wanted === undefined ? Object.values(COMMANDS) : [wanted])
			(await load()).register(program, root);
		wrongUseIsCoded(program);
		await program.parseAsync(args, { from: "user" });
	} catch (e) {
		// Help or the version was asked for and is shown.
		if (e instanceof CommanderError) return;
		const out = (text: string) => process.stdout.write(text);
		const err = (text: string) => process.stderr.write(text);
		root.exitCode(reportFailure(e, { lang: root.lang, json: asksJson(args), out, err }));
	}
}

await main(process.argv.slice(2));
