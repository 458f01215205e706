import type { PullFailure } from "../../core/pull/types.ts";

type Kind = PullFailure["kind"];

const failure = (kind: Kind, code: string, message: string, next: string, waitMs?: number): PullFailure =>
	waitMs === undefined ? { kind, code, message, next } : { kind, code, message, next, waitMs };

const LATER = "Nothing is lost: the former ratings stand, and it is tried again. If it stays, ask the platform.";
const TELL = "The former ratings stand. Tell the platform which form a page has: docs/rating-sources.md.";

export const unreachable = (reason: string): PullFailure =>
	failure(
		"retry",
		"platform-unreachable",
		`The platform cannot be reached (${reason}).`,
		"The former ratings stand, and it is tried again. Check source.http.url, the network and the name service.",
	);
export const tooSlow = (ms: number): PullFailure =>
	failure("retry", "platform-too-slow", `The platform did not answer whole within ${ms} ms.`, LATER);
export const cutOff = (): PullFailure =>
	failure("retry", "page-cut-off", "The platform's answer ended before its end.", LATER);
export const failing = (status: number, waitMs: number): PullFailure =>
	failure("retry", "platform-failing", `The platform answers with status ${status}.`, LATER, waitMs);
export const busy = (waitMs: number): PullFailure =>
	failure("retry", "platform-busy", "The platform says that it is asked too often.", LATER, waitMs);
export const notJson = (): PullFailure => failure("retry", "page-not-json", "The platform's answer is not JSON.", TELL);
export const malformed = (problem: string): PullFailure =>
	failure("retry", "page-malformed", `The platform's page is not as expected. ${problem}`, TELL);
export const tooLarge = (limit: number): PullFailure =>
	failure(
		"final",
		"page-too-large",
		`The platform's page has more than ${limit} bytes.`,
		"Set source.http.pageSize lower; if the platform does not heed it, tell the platform.",
	);
export const listTooLarge = (limit: number): PullFailure =>
	failure(
		"final",
		"list-too-large",
		`The platform's list has more than ${limit} characters.`,
		"See whether it is the right address: a list of 100,000 drivers has about 10 million.",
	);
export const tokenRefused = (status: number): PullFailure =>
	failure(
		"final",
		"platform-refuses-token",
		`The platform does not let this depot in (status ${status}).`,
		"Put the token that the platform gave into the file of source.http.tokenFile; it is read at each pull.",
	);
export const redirects = (): PullFailure =>
	failure(
		"final",
		"platform-redirects",
		"The platform sends to another address, which is not followed: the token would go with it.",
		"Set source.http.url to the address that answers by itself.",
	);
export const refuses = (status: number): PullFailure =>
	failure(
		"final",
		"platform-refuses",
		`The platform refuses the request (status ${status}).`,
		"Check source.http.url; ask the platform what it wants.",
	);
export const cursorGone = (status: number): PullFailure =>
	failure("restart", "cursor-gone", `The platform does not know the cursor any more (status ${status}).`, LATER);
export const inFuture = (): PullFailure =>
	failure(
		"final",
		"snapshot-in-future",
		"The platform's list says that it was made more than a day from now.",
		"Check this machine's clock; if it is right, tell the platform that its own is wrong.",
	);
export const noRows = (shown: string): PullFailure =>
	failure(
		"final",
		"no-rows",
		`${shown} has no rating.`,
		"An empty list would remove every rating. Ask the platform; to take ratings away on purpose, import a file.",
	);
