import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { CodedError } from "../../protocol/wire/errors.ts";
import { type DataFolder, readIfThere, requirePrivate, writePrivate } from "./data-folder.ts";

/** 256 bits: not to be guessed at any rate. */
const TOKEN_BYTES = 32;

/** The API's bearer token of this data folder, or null before the first start. Throws `file-mode-too-open`, `token-invalid`. */
export function readToken(folder: DataFolder): string | null {
	const bytes = readIfThere(folder.token);
	if (bytes === null) return null;
	requirePrivate(folder.token);
	const token = Buffer.from(bytes).toString("utf8").trim();
	if (!/^[\w-]{40,100}$/.test(token))
		throw new CodedError("token-invalid", `${folder.token} holds no usable token.`, {
			fault: "environment",
			next: `Remove ${folder.token} and start the gateway again; it makes a new one.`,
		});
	return token;
}

/** Reads the token, or makes it at the first start (mode 0600). */
export function ensureToken(folder: DataFolder): { token: string; made: boolean } {
	const known = readToken(folder);
	if (known !== null) return { token: known, made: false };
	const token = randomBytes(TOKEN_BYTES).toString("base64url");
	writePrivate(folder.token, `${token}\n`);
	return { token, made: true };
}

/** Compares in constant time, also over different lengths. */
export function sameToken(a: string, b: string): boolean {
	const digest = (text: string) => createHash("sha256").update(text, "utf8").digest();
	return timingSafeEqual(digest(a), digest(b));
}
