import { CodedError } from "../../protocol/wire/errors.ts";
import { type DataFolder, type RuntimeInfo, readRuntime } from "../depot/data-folder.ts";
import { httpCall, NobodyThere } from "./http-client.ts";

const ASK_TIMEOUT_MS = 5000;

/** The running gateway of a data folder, proven by its instance, or null where none answers. */
export async function findRunning(folder: DataFolder): Promise<RuntimeInfo | null> {
	const info = readRuntime(folder);
	if (info === null) return null;
	try {
		const { body } = await httpCall(info.http, { method: "GET", path: "/healthz", timeoutMs: ASK_TIMEOUT_MS });
		return (body as { instance?: unknown } | null)?.instance === info.instance ? info : null;
	} catch (e) {
		if (e instanceof NobodyThere) return null;
		throw e;
	}
}

type Refused = { readonly error?: { readonly code?: unknown; readonly message?: unknown; readonly next?: unknown } };

/** One call to it; its refusal is thrown as it was answered. */
export async function askRunning<T>(info: RuntimeInfo, path: string, token: string | null = null): Promise<T> {
	const call = token === null ? { method: "GET" as const } : { method: "POST" as const, token, json: {} };
	const { status, body } = await httpCall(info.http, { ...call, path });
	if (status >= 200 && status < 300) return body as T; // the gateway's own answer, of the same version
	const { error } = (body ?? {}) as Refused;
	throw new CodedError(
		String(error?.code ?? "gateway-answer-unreadable"),
		String(error?.message ?? `The gateway answered with status ${status}.`),
		{ fault: "state", next: String(error?.next ?? "See the gateway's log.") },
	);
}
