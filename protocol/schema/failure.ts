import { CodedError, isCoded } from "../wire/errors.ts";
import { ERROR_CATALOG } from "./error-catalog.ts";
import { wordsOf } from "./error-words.ts";
import type { Language } from "./language.ts";

/** Exit codes of every command of the three programs: as asked, checked and failed, called wrongly. */
export const EXIT = { done: 0, failed: 1, wronglyCalled: 2 } as const;

/** Where and how a program says that it failed. */
export interface Voice {
	readonly lang: Language;
	/** The error as one line of JSON, last on standard output, beside the lines for people on standard error. */
	readonly json: boolean;
	/** Standard output, as is. */
	readonly out: (text: string) => unknown;
	/** Standard error, as is. */
	readonly err: (text: string) => unknown;
	/** Puts into a next step what this call was given, so that it can be pasted; without it the step is said as it is. */
	readonly step?: (next: string) => string;
}

const NEXT: Readonly<Record<Language, string>> = { en: "next: ", zh: "下一步：" };

/** Any failure as a coded one; what is not coded is a mistake of ours. */
const toCoded = (e: unknown): CodedError =>
	isCoded(e)
		? e
		: new CodedError("internal-error", `A mistake in the program: ${e instanceof Error ? e.message : String(e)}`, {
				fault: "internal",
				next: "Report it with the command and the lines below.",
			});

/**
 * The one way in which a program ends with a failure: `code: what happened` and `next: the next step` on standard error, in the
 * language asked for; with `--json` the same as the last line of standard output. Answers the exit code.
 */
export function reportFailure(e: unknown, voice: Voice): number {
	const coded = toCoded(e);
	const { what, next: told } = wordsOf(coded, voice.lang);
	const next = voice.step?.(told) ?? told;
	voice.err(`${coded.code}: ${what}\n${NEXT[voice.lang]}${next}\n`);
	if (!isCoded(e) && e instanceof Error && e.stack !== undefined) voice.err(`${e.stack}\n`);
	if (voice.json) voice.out(`${JSON.stringify({ error: { code: coded.code, message: what, next } })}\n`);
	return ERROR_CATALOG[coded.code]?.wrongUse === true && coded.fault === "input" ? EXIT.wronglyCalled : EXIT.failed;
}

/** Whether a line of arguments asks for JSON, also one that cannot be understood. */
export function asksJson(args: readonly string[]): boolean {
	const end = args.indexOf("--");
	return (end < 0 ? args : args.slice(0, end)).includes("--json");
}

/** The part of commander that wrong use comes from; this folder needs no more of it. */
interface CommandLike {
	name(): string;
	readonly parent: CommandLike | null;
	readonly commands: readonly CommandLike[];
	exitOverride(callback: (e: CommanderLike) => never): unknown;
}
interface CommanderLike extends Error {
	readonly code: string;
	readonly exitCode: number;
}

const pathOf = (command: CommandLike): string =>
	command.parent === null ? command.name() : `${pathOf(command.parent)} ${command.name()}`;

/** commander's sentence as one of ours. */
function sentence({ code, message }: CommanderLike): string {
	if (code === "commander.help") return "A command is missing.";
	const text = message
		.replace(/^error: /, "")
		.replace(/\s*\(Did you mean (?:one of )?(.+?)\?\)/s, " (did you mean $1?)")
		.trim();
	return `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? "" : "."}`;
}

/**
 * Makes wrong use of a command and of all below it a coded error whose next step names that very command's help. Shown help and the
 * version stay commander's own error with exit code 0.
 */
export function wrongUseIsCoded(command: CommandLike): void {
	command.exitOverride((e) => {
		if (e.exitCode === 0) throw e;
		throw new CodedError("called-wrongly", sentence(e), {
			fault: "input",
			next: `${pathOf(command)} --help`,
			cause: e,
		});
	});
	for (const inner of command.commands) wrongUseIsCoded(inner);
}
