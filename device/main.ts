#!/usr/bin/env node
import { readFileSync } from "node:fs";
import { CommanderError } from "commander";
import type { Clock } from "../protocol/ports/clock.ts";
import { isCoded } from "../protocol/wire/errors.ts";
import { askedLanguage, type LightOptions, lightCommand } from "./cli/options.ts";
import { runLight } from "./cli/run.ts";
import { languageOf, TEXTS, type Texts } from "./cli/texts.ts";
import { NodeClock, NodeRandom } from "./drivers/node-clock.ts";

/** Exit codes, told in the help: as asked, cannot run, wrong option or provisioning file. */
const EXIT_OK = 0;
const EXIT_CANNOT_RUN = 1;
const EXIT_USAGE = 2;
const SAME_SIGNAL_MS = 2_000;

const out = (text: string): void => void process.stdout.write(text);
const err = (text: string): void => void process.stderr.write(text);

/** The package's version; its file is two folders up once built, one up in the sources. */
function version(): string {
	for (const path of ["../package.json", "../../package.json"]) {
		try {
			return String(JSON.parse(readFileSync(new URL(path, import.meta.url), "utf8")).version);
		} catch {
			// Not here: the next place.
		}
	}
	return "unknown";
}

async function main(args: readonly string[], environment: NodeJS.ProcessEnv): Promise<void> {
	const { LC_ALL, LC_MESSAGES, LANG } = environment;
	const language = askedLanguage(args, languageOf(LC_ALL || LC_MESSAGES || LANG));
	const texts = TEXTS[language];
	const clock = new NodeClock();
	try {
		const firmware = version();
		const command = lightCommand(language, firmware, { out, err }).parse(args, { from: "user" });
		const asked = stopAsked(clock);
		const host = { clock, random: new NodeRandom(), out, err, terminal: process.stdout.isTTY, firmware };
		const light = await runLight(command.opts<LightOptions>(), texts, host);
		await asked;
		err(`\n${texts.stopping}\n`);
		// No process.exit: what was written to a pipe still has to go out.
		await light.stop();
		process.exitCode = EXIT_OK;
	} catch (error) {
		process.exitCode = failed(error, texts);
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
			if (clock.monoMs() - first > SAME_SIGNAL_MS) process.exit(EXIT_CANNOT_RUN);
			resolve();
		};
		process.on("SIGINT", stop);
		process.on("SIGTERM", stop);
	});
}

function failed(error: unknown, texts: Texts): number {
	// commander has said it already.
	if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT_OK : EXIT_USAGE;
	if (!isCoded(error)) {
		err(
			`liangxing-light: internal-error: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
		);
		return EXIT_CANNOT_RUN;
	}
	const translated = texts.errors[error.code];
	const detail = translated === undefined ? error.message : `${translated.message} (${error.message})`;
	err(`liangxing-light: ${error.code}: ${detail}\n${texts.next}: ${translated?.next ?? error.next}\n`);
	return error.fault === "input" ? EXIT_USAGE : EXIT_CANNOT_RUN;
}

await main(process.argv.slice(2), process.env);
