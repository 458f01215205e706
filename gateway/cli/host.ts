import type { Clock, Timers } from "../../protocol/ports/clock.ts";

/** What the composition root hands to the commands: nothing below reads environment, arguments or clock itself. */
export interface Host {
	/** Arguments after the program's name. */
	readonly args: readonly string[];
	readonly env: Readonly<Record<string, string | undefined>>;
	readonly cwd: string;
	readonly clock: Clock & Timers;
	/** Standard output, as is. */
	out(text: string): void;
	/** Standard error, as is. */
	err(text: string): void;
	/** Resolves at SIGINT or SIGTERM; a second one ends the process at once. */
	stopRequested(): Promise<string>;
	/** Runs after other work of the event loop. */
	soon(run: () => void): void;
}

export type Lang = "zh" | "en";
/** A text in both languages. */
export interface Text {
	readonly zh: string;
	readonly en: string;
}

/** `--lang` wins, then LIANGXING_LANG, then the system's language; Chinese where it begins with zh. */
export function languageOf(host: Host): Lang {
	const at = host.args.findIndex((a) => a === "--lang" || a.startsWith("--lang="));
	const flag = at < 0 ? undefined : (host.args[at]?.split("=")[1] ?? host.args[at + 1]);
	const env = host.env;
	const name = flag ?? env["LIANGXING_LANG"] ?? env["LC_ALL"] ?? env["LC_MESSAGES"] ?? env["LANG"] ?? "";
	return /^zh/i.test(name) ? "zh" : "en";
}
