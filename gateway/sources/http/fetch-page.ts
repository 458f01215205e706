import { createHash } from "node:crypto";
import type { Clock, Timers } from "../../../protocol/ports/clock.ts";
import { firstProblem } from "../../../protocol/schema/problem.ts";
import { etagOf, MAX_PAGE_BYTES, ratingPage } from "../../../protocol/schema/rating-page.ts";
import { millis, unixMs } from "../../../protocol/wire/units.ts";
import type { PageFacts, PullFailure } from "../../core/pull/types.ts";
import { type JsonRow, readJsonRow } from "../../core/ratings/json-row.ts";
import { type Endpoint, pageUrl } from "./endpoint.ts";
import * as failures from "./failures.ts";

/** What one request needs. */
export interface PageRequest {
	readonly endpoint: Endpoint;
	readonly token: string | null;
	readonly cursor: string | null;
	readonly etag: string | null;
	readonly limit: number;
	readonly timeoutMs: number;
	/** Ends the request at once. */
	readonly stop: AbortSignal;
}

export type PageAnswer =
	| { readonly ok: true; readonly page: PageFacts; readonly rows: readonly JsonRow[] }
	| { readonly ok: "not-modified" }
	| { readonly ok: false; readonly failure: PullFailure };

/** A list that claims to be from later than this is wrong, or this machine's clock is. */
const FUTURE_MS = 86_400_000;

const failed = (failure: PullFailure): PageAnswer => ({ ok: false, failure });

/**
 * Asks for one page. Never throws: whatever goes wrong is a failure with a code. The time-out covers connecting, waiting and the whole
 * body; the body is bounded before it is parsed; nothing is sent to another address than the one configured.
 */
export async function fetchPage(request: PageRequest, timers: Timers, clock: Clock): Promise<PageAnswer> {
	const abort = new AbortController();
	let late = false;
	const timer = timers.after("platform-answer", millis(request.timeoutMs), () => {
		late = true;
		abort.abort();
	});
	const stop = () => abort.abort();
	request.stop.addEventListener("abort", stop);
	if (request.stop.aborted) stop();
	try {
		const response = await fetch(pageUrl(request.endpoint, request.cursor, request.limit), {
			headers: headersOf(request),
			redirect: "manual",
			signal: abort.signal,
		});
		const answer = await answerOf(response, request, clock);
		// What is not read of a refused answer is not waited for.
		if (!response.bodyUsed) await response.body?.cancel();
		return answer;
	} catch (e) {
		if (late) return failed(failures.tooSlow(request.timeoutMs));
		return failed(failures.unreachable(reasonOf(e)));
	} finally {
		timer.cancel();
		request.stop.removeEventListener("abort", stop);
	}
}

function headersOf({ token, etag }: PageRequest): Record<string, string> {
	const headers: Record<string, string> = { accept: "application/json" };
	if (token !== null) headers["authorization"] = `Bearer ${token}`;
	if (etag !== null) headers["if-none-match"] = etag;
	return headers;
}

/** The system's word (`ECONNREFUSED`) and no more: texts of the network stack can hold the whole address. */
function reasonOf(e: unknown): string {
	for (let at: unknown = e; typeof at === "object" && at !== null; at = Reflect.get(at, "cause")) {
		const code: unknown = Reflect.get(at, "code");
		if (typeof code === "string" && /^[A-Z_0-9]{2,60}$/.test(code)) return code;
	}
	return "no connection";
}

async function answerOf(response: Response, request: PageRequest, clock: Clock): Promise<PageAnswer> {
	const { status } = response;
	if (status === 304 && request.etag !== null) return { ok: "not-modified" };
	if (status !== 200) return failed(refusalOf(response, request, clock));
	const body = await readBody(response);
	if (body === "too-large") return failed(failures.tooLarge(MAX_PAGE_BYTES));
	if (body === "cut-off") return failed(failures.cutOff());
	const parsed = parseJson(body);
	if (parsed === undefined) return failed(failures.notJson());
	const checked = ratingPage.safeParse(parsed);
	if (!checked.success) return failed(failures.malformed(firstProblem(checked.error).text));
	const { snapshot, asOf, total, from, next } = checked.data;
	if (asOf > clock.unixMs() + FUTURE_MS) return failed(failures.inFuture());
	const rows = checked.data.rows.map(readJsonRow);
	const digest = createHash("sha256").update(JSON.stringify(rows)).digest("hex");
	const etag = etagOf(response.headers.get("etag"));
	const page = { snapshot, asOf, total, from: from ?? null, rows: rows.length, next, etag, digest };
	return { ok: true, page, rows };
}

function refusalOf({ status, headers }: Response, { cursor }: PageRequest, clock: Clock): PullFailure {
	if (status === 429) return failures.busy(retryAfterMs(headers.get("retry-after"), clock));
	if (status >= 500 || status === 408) return failures.failing(status, retryAfterMs(headers.get("retry-after"), clock));
	if (status === 401 || status === 403) return failures.tokenRefused(status);
	if (status >= 300 && status < 400) return failures.redirects();
	// The first page is there, so it is the cursor that is unknown.
	if (cursor !== null && [400, 404, 409, 410, 412, 422].includes(status)) return failures.cursorGone(status);
	return failures.refuses(status);
}

/** `Retry-After` in milliseconds (RFC 9110, section 10.2.3: seconds, or a date); 0 where there is none. */
export function retryAfterMs(header: string | null, clock: Clock): number {
	if (header === null) return 0;
	if (/^\d{1,9}$/.test(header.trim())) return Number(header.trim()) * 1000;
	const date = Date.parse(header);
	return Number.isNaN(date) ? 0 : Math.max(0, unixMs(date) - clock.unixMs());
}

/** The body, counted as it comes. A failure of the stream that no time-out caused is a connection that was cut. */
async function readBody(response: Response): Promise<Uint8Array | "too-large" | "cut-off"> {
	const parts: Uint8Array[] = [];
	let length = 0;
	const reader = response.body?.getReader();
	try {
		for (let part = await reader?.read(); part?.done === false; part = await reader?.read()) {
			length += part.value.length;
			if (length > MAX_PAGE_BYTES) {
				await reader?.cancel();
				return "too-large";
			}
			parts.push(part.value);
		}
	} catch (e) {
		if ((e as { name?: unknown } | null)?.name === "AbortError") throw e;
		return "cut-off";
	}
	return Buffer.concat(parts);
}

/** undefined = not JSON, or not UTF-8: a byte that is no character must not become part of somebody's number. */
function parseJson(bytes: Uint8Array): unknown {
	try {
		return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
	} catch {
		return undefined;
	}
}
