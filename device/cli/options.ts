import { Command, InvalidArgumentError, Option } from "commander";
import { wrongUseIsCoded } from "../../protocol/schema/failure.ts";
import { helpStyle } from "../../protocol/schema/help-style.ts";
import { LANGUAGES, type Language } from "../../protocol/schema/language.ts";
import { DEFAULT_REPORT_S } from "../../protocol/wire/messages.ts";
import { type Seconds, seconds } from "../../protocol/wire/units.ts";
import { LOG_LEVELS, type LogLevel } from "../drivers/line-log.ts";
import { TEXTS } from "./texts.ts";

/** What the program was asked for. */
export interface LightOptions {
	readonly provision: string;
	readonly memory?: string;
	readonly lamp: "text" | "sim";
	readonly broker?: string;
	readonly reportS: Seconds;
	readonly logLevel: LogLevel;
	readonly json?: boolean;
}

/** Where help and usage errors go. */
export interface HelpOutput {
	readonly out: (text: string) => void;
	readonly err: (text: string) => void;
}

/** The command line of `liangxing-light`. Its `parse` throws `called-wrongly`, and commander's own error where help was asked for. */
export function lightCommand(language: Language, version: string, output: HelpOutput): Command {
	const texts = TEXTS[language];
	const command = new Command("liangxing-light")
		.description(texts.description)
		.requiredOption("--provision <file>", texts.options.provision)
		.option("--memory <folder>", texts.options.memory)
		.addOption(new Option("--lamp <kind>", texts.options.lamp).choices(["text", "sim"]).default("text"))
		.option("--broker <url>", texts.options.broker)
		.addOption(
			new Option("--report-s <seconds>", texts.options.reportS).argParser(reportPeriod).default(DEFAULT_REPORT_S),
		)
		.addOption(new Option("--log-level <level>", texts.options.logLevel).choices(LOG_LEVELS).default("warn"))
		.addOption(new Option("--lang <language>", texts.options.lang).choices(LANGUAGES))
		.option("--json", texts.options.json)
		.version(version, "--version", texts.options.version)
		.helpOption("-h, --help", texts.options.help)
		.addHelpText("after", texts.examples)
		.configureHelp(helpStyle(language))
		// What went wrong is said once, by the printer of all failures.
		.configureOutput({ writeOut: output.out, writeErr: output.err, outputError: () => undefined })
		.allowExcessArguments(false);
	wrongUseIsCoded(command);
	return command;
}

/** A lease is at most a day and at least 3 periods; below 5 s a fleet would do nothing but report. */
function reportPeriod(text: string): Seconds {
	const value = Number(text);
	if (!Number.isInteger(value) || value < 5 || value > 28_800)
		throw new InvalidArgumentError("Give a whole number from 5 to 28800.");
	return seconds(value);
}
