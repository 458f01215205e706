import { CodedError } from "../../protocol/wire/errors.ts";
import { type DataFolder, type RuntimeInfo, readRuntime } from "../depot/data-folder.ts";
import { type HttpAnswer, type HttpCall, httpCall, NobodyThere } from "./http-client.ts";

const ASK_TIMEOUT_MS = 5000;

/**
 * The running gateway of a data folder, or null where none answers. It is proven by `/healthz` telling the instance that stands in
 * gateway.json, before a token is sent to it: another program may sit on the port of a gateway that was killed.
 */
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

/** What it answered; its refusal is thrown as it was answered. */
function taken({ status, body }: HttpAnswer): unknown {
	if (status >= 200 && status < 300) return body ?? {};
	const { error } = (body ?? {}) as Refused;
	throw new CodedError(
		String(error?.code ?? "gateway-answer-unreadable"),
		String(error?.message ?? `The gateway answered with status ${status}.`),
		{ fault: "state", next: String(error?.next ?? "See the gateway's log.") },
	);
}

/** One call to it. The answer is of the same version as this program. */
export async function askRunning<T>({ http }: Pick<RuntimeInfo, "http">, call: HttpCall): Promise<T> {
	const json = call.method === "POST" && call.bytes === undefined ? { json: call.json ?? {} } : {};
	return taken(await httpCall(http, { ...call, ...json })) as T;
}
