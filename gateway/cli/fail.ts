import { type CodedError, isCoded } from "../../protocol/wire/errors.ts";
import type { Host, Lang } from "./host.ts";

/** Exit codes of every command. */
export const EXIT = { done: 0, failed: 1, wronglyCalled: 2 } as const;

/** Codes that mean "called wrongly" whatever the command: settings, arguments. */
const WRONG_CALL = /^(config-|bind-not-loopback$|light-id-malformed$|option-)/;

const exitOf = (e: CodedError): number => (WRONG_CALL.test(e.code) ? EXIT.wronglyCalled : EXIT.failed);

/** Prints `code: message` and the next step on standard error, in JSON where asked for; returns the exit code. */
export function reportFailure(host: Host, e: unknown, lang: Lang, json: boolean): number {
	const next = lang === "zh" ? "下一步：" : "next: ";
	if (isCoded(e)) {
		host.err(`${e.code}: ${e.message}\n${next}${e.next}\n`);
		if (json) host.out(`${JSON.stringify({ error: { code: e.code, message: e.message, next: e.next } })}\n`);
		return exitOf(e);
	}
	const reason = e instanceof Error ? e.message : String(e);
	host.err(
		`internal-error: ${reason}\n${next}${lang === "zh" ? "请连同命令一起报告。" : "Report it with the command."}\n`,
	);
	if (json) host.out(`${JSON.stringify({ error: { code: "internal-error", message: reason, next: "" } })}\n`);
	return EXIT.failed;
}
