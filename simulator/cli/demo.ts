import type { Command } from "commander";
import { CodedError } from "../../protocol/wire/errors.ts";
import { type DemoOptions, runDemo } from "../fleet/demo-run.ts";
import { wholeNumber } from "./options.ts";
import type { Root } from "./root.ts";

/** One process holds at most this many real light runtimes within the memory of a small box. */
const MAX_LIGHTS = 5_000;
const MAX_PORT = 65_535;

interface Flags {
	readonly lights: number;
	readonly untilLit?: boolean;
	readonly json?: boolean;
	readonly ratings?: string;
	readonly fleet?: string;
	readonly data?: string;
	readonly keep?: string;
	readonly httpPort: number;
	readonly mqttPort: number;
	readonly lang?: string;
}

const EXAMPLES = `
Examples:
  liangxing-sim demo                                   24 taxis on sample ratings, until Ctrl-C
  liangxing-sim demo --lights 100 --until-lit --json   ends when every light shows what is due; one line of JSON
  liangxing-sim demo --ratings r.csv --fleet f.csv --lights 500 --until-lit
  liangxing-sim demo --data my-demo                    keeps store and lights there, and goes on with them next time`;

/** `liangxing-sim demo`. Exit 0 = as asked, 1 = not every light came right in time, 2 = wrong use. */
export function register(program: Command, root: Root): void {
	program
		.command("demo")
		.description("a depot gateway, its console and N simulated taxis, from a rating file to lit stars")
		.option("--lights <n>", "taxis: the first N vehicles of the fleet file", wholeNumber(1, MAX_LIGHTS), 24)
		.option("--until-lit", "end when all lights have settled")
		.option("--json", "print the result as one line of JSON")
		.option("--ratings <file>", "rating file (CSV) in place of the sample; goes with --fleet")
		.option("--fleet <file>", "fleet file (CSV) in place of the sample; goes with --ratings")
		.option("--data <dir>", "data folder to use and keep; without it a temporary one")
		.option("--keep <dir>", "the same as --data")
		.option("--http-port <port>", "port of console and API; 0 = any free port", wholeNumber(0, MAX_PORT), 8790)
		.option("--mqtt-port <port>", "port of the broker; 0 = any free port", wholeNumber(0, MAX_PORT), 8791)
		.option("--lang <zh|en>", "language of the messages (default: from LANG)")
		.addHelpText("after", EXAMPLES)
		.action(async (flags: Flags) => root.exitCode(await runDemo(optionsOf(flags, root), root)));
}

function optionsOf(flags: Flags, root: Root): DemoOptions {
	if ((flags.ratings === undefined) !== (flags.fleet === undefined))
		throw wrongUse("--ratings and --fleet go together.", "Give both files, or neither for the sample.");
	if (flags.data !== undefined && flags.keep !== undefined && flags.data !== flags.keep)
		throw wrongUse("--data and --keep name two folders.", "Give one of them.");
	if (flags.lang !== undefined && flags.lang !== "zh" && flags.lang !== "en")
		throw wrongUse(`--lang ${flags.lang.slice(0, 20)} is not a language here.`, "Give zh or en.");
	const { ratings, fleet } = flags;
	const automatic = flags.untilLit === true;
	return {
		lights: flags.lights,
		untilLit: automatic,
		json: flags.json === true,
		files: ratings === undefined || fleet === undefined ? null : { ratings, fleet },
		data: flags.data ?? flags.keep ?? null,
		// A run for a script must never meet a taken port; a person wants the console where it was yesterday.
		httpPort: automatic ? 0 : flags.httpPort,
		mqttPort: automatic ? 0 : flags.mqttPort,
		chinese: (flags.lang ?? (/^zh/i.test(root.env["LC_ALL"] ?? root.env["LANG"] ?? "") ? "zh" : "en")) === "zh",
	};
}

const wrongUse = (message: string, next: string): CodedError =>
	new CodedError("wrong-use", message, { fault: "input", next });
