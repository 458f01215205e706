import { CodedError } from "../../../protocol/wire/errors.ts";
import { readIfThere, requirePrivate } from "../../depot/data-folder.ts";

/** Bearer tokens are short; a file of this size is another file. */
const MAX_TOKEN = 8192;

/** A platform's bearer token, read at each pull so that it can be changed while the gateway runs. Throws `file-mode-too-open`, `platform-token-unusable`. */
export function readPlatformToken(path: string): string {
	const bytes = readIfThere(path);
	const token = bytes === null || bytes.length > MAX_TOKEN ? "" : Buffer.from(bytes).toString("utf8").trim();
	if (bytes !== null) requirePrivate(path);
	if (/^[\x21-\x7e]+$/.test(token)) return token;
	throw new CodedError("platform-token-unusable", `${path} holds no token of the platform.`, {
		fault: "environment",
		next: "Write the platform's token into it, one line, and make it the gateway's own: chmod 600.",
		context: { path },
	});
}
