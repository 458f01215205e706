import { CodedError } from "../../protocol/wire/errors.ts";
import { isLoopback } from "../config/loopback.ts";
import { readIfThere, requirePrivate } from "../depot/data-folder.ts";
import type { Hook } from "../metrics/facts.ts";
import type { AlarmMessage } from "./message.ts";

/** One way to people. */
export interface Sender {
	readonly hook: Hook;
	/** Where it goes, fit for a log: a host, never a path or an address of a person. */
	readonly target: string;
	/** Resolves once the other side has taken it. Throws `alarm-not-sent`; `fault: "input"` = trying again is of no use. */
	send(message: AlarmMessage, signal: AbortSignal): Promise<void>;
}

/** One try may take this long; a server that answers slower is as good as none. */
export const TRY_MS = 10_000;

/** A secret from its file: one line, owner only. Throws `alarm-secret-missing`, `file-mode-too-open`. */
export function readSecret(path: string, key: string): string {
	const bytes = readIfThere(path);
	const secret = bytes === null ? "" : Buffer.from(bytes).toString("utf8").trim();
	if (secret === "")
		throw new CodedError("alarm-secret-missing", `${key} names ${path}, which holds no secret.`, {
			fault: "input",
			next: `Write the secret into it as one line and run: chmod 600 ${path}`,
			context: { path, key },
		});
	requirePrivate(path);
	return secret;
}

/** Whether a mail server must speak TLS: nobody listens on the way to this machine itself. */
export const needsTls = (host: string): boolean => !isLoopback(host);

/** `repeat`: may go well another time. */
export const notSent = (hook: Hook, reason: string, repeat: boolean, cause?: unknown): CodedError =>
	new CodedError("alarm-not-sent", `The alarm could not be sent by ${hook}: ${reason}.`, {
		fault: repeat ? "environment" : "input",
		next: "Check the alarms' settings and the other side, then try: liangxing alarms test",
		context: { hook, reason },
		cause,
	});
