import { request } from "node:http";
import { CodedError } from "../../protocol/wire/errors.ts";

/** Longer than any import of a bureau's file takes on a small box. */
const TIMEOUT_MS = 120_000;
/** An answer of 100,000 lights has 30 MB. */
const MAX_ANSWER_BYTES = 128 * 1024 * 1024;

export interface HttpAnswer {
	readonly status: number;
	readonly body: unknown;
}

/** Thrown where nobody answers at the address: the caller falls back to the store. */
export class NobodyThere extends CodedError {
	constructor(address: string, cause: unknown) {
		super("gateway-not-answering", `The gateway does not answer at ${address}.`, {
			fault: "environment",
			next: "Start it with: liangxing gateway",
			cause,
		});
	}
}

export interface HttpCall {
	readonly method: "GET" | "POST";
	readonly path: string;
	readonly token?: string;
	readonly json?: unknown;
	readonly bytes?: Uint8Array;
	readonly fileName?: string;
	readonly timeoutMs?: number;
}

function bodyOf(call: HttpCall): { readonly body: Uint8Array | null; readonly type: string } {
	if (call.bytes !== undefined) return { body: call.bytes, type: "application/octet-stream" };
	if (call.json === undefined) return { body: null, type: "" };
	return { body: Buffer.from(JSON.stringify(call.json), "utf8"), type: "application/json" };
}

function parse(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return null;
	}
}

/** One call to the gateway's API on this machine. Throws `NobodyThere` where no connection or no whole answer comes. */
export function httpCall(base: string, call: HttpCall): Promise<HttpAnswer> {
	const { body, type } = bodyOf(call);
	const headers: Record<string, string> = { accept: "application/json" };
	if (body !== null) {
		headers["content-type"] = type;
		headers["content-length"] = String(body.length);
	}
	if (call.token !== undefined) headers["authorization"] = `Bearer ${call.token}`;
	if (call.fileName !== undefined) headers["x-file-name"] = encodeURIComponent(call.fileName);
	return new Promise((resolve, reject) => {
		const fail = (e: unknown) => reject(new NobodyThere(base, e));
		const sent = request(new URL(call.path, base), { method: call.method, headers, agent: false }, (response) => {
			const parts: Buffer[] = [];
			let length = 0;
			response.on("data", (part: Buffer) => {
				length += part.length;
				parts.push(part);
				if (length > MAX_ANSWER_BYTES) response.destroy();
			});
			response.on("end", () =>
				resolve({ status: response.statusCode ?? 0, body: parse(Buffer.concat(parts).toString("utf8")) }),
			);
			response.on("error", fail);
		});
		sent.setTimeout(call.timeoutMs ?? TIMEOUT_MS, () => sent.destroy());
		sent.on("error", fail);
		sent.end(body ?? undefined);
	});
}
