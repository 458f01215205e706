#!/usr/bin/env node
import { CommanderError } from "commander";
import type { Clock } from "../protocol/ports/clock.ts";
import { asksJson, EXIT, reportFailure } from "../protocol/schema/failure.ts";
import { languageOf } from "../protocol/schema/language.ts";
import { type LightOptions, lightCommand } from "./cli/options.ts";
import { runLight } from "./cli/run.ts";
import { TEXTS } from "./cli/texts.ts";
import { packageVersion } from "./cli/version.ts";
import { NodeClock, NodeRandom } from "./drivers/node-clock.ts";

const SAME_SIGNAL_MS = 2_000;

const out = (text: string): void => void process.stdout.write(text);
const err = (text: string): void => void process.stderr.write(text);

async function main(args: readonly string[], environment: NodeJS.ProcessEnv): Promise<void> {
	const lang = languageOf(args, environment);
	const texts = TEXTS[lang];
	const clock = new NodeClock();
	try {
		const firmware = packageVersion();
		const command = lightCommand(lang, firmware, { out, err }).parse(args, { from: "user" });
		const asked = stopAsked(clock);
		const host = { clock, random: new NodeRandom(), out, err, terminal: process.stdout.isTTY, firmware };
		const light = await runLight(command.opts<LightOptions>(), texts, host);
		await asked;
		err(`\n${texts.stopping}\n`);
		// No process.exit: what was written to a pipe still has to go out.
		await light.stop();
		process.exitCode = EXIT.done;
	} catch (error) {
		// Help or the version was asked for and is shown.
		const shown = error instanceof CommanderError;
		process.exitCode = shown ? EXIT.done : reportFailure(error, { lang, json: asksJson(args), out, err });
	}
}

/**
 * Resolves at the first Ctrl-C or SIGTERM. A later one ends the program at once, unless it comes right behind: a shell and npx
 * both pass on the same Ctrl-C.
 */
function stopAsked(clock: Clock): Promise<void> {
	let first: number | null = null;
	return new Promise((resolve) => {
		const stop = (): void => {
			first ??= clock.monoMs();
			if (clock.monoMs() - first > SAME_SIGNAL_MS) process.exit(EXIT.failed);
			resolve();
		};
		process.on("SIGINT", stop);
		process.on("SIGTERM", stop);
	});
}

await main(process.argv.slice(2), process.env);
