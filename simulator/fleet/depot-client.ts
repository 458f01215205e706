import type { LightView } from "../../gateway/core/types.ts";
import { CodedError } from "../../protocol/wire/errors.ts";

/** What `POST /api/v1/ratings` answers, as far as the demo shows it. */
export interface ImportAnswer {
	readonly rows: number;
	readonly accepted: number;
	readonly quarantined: number;
	readonly status: string;
}

/** The depot's HTTP API as a program of the yard would use it: no way in but the documented one. */
export class DepotClient {
	private readonly base: string;
	private readonly token: string;

	/** @param base `http://127.0.0.1:PORT` @param token content of the data folder's `token` file */
	constructor(base: string, token: string) {
		this.base = base;
		this.token = token;
	}

	/** A call; throws the API's own code, or `depot-unreachable`. */
	async call(
		method: "GET" | "POST",
		path: string,
		body?: unknown,
		headers: Readonly<Record<string, string>> = {},
	): Promise<unknown> {
		const raw = body instanceof Uint8Array;
		const response = await fetch(`${this.base}/api/v1/${path}`, {
			method,
			headers: {
				...(method === "POST" ? { authorization: `Bearer ${this.token}` } : {}),
				...(body === undefined ? {} : { "content-type": raw ? "application/octet-stream" : "application/json" }),
				...headers,
			},
			...(body === undefined ? {} : { body: raw ? body : JSON.stringify(body) }),
		}).catch((cause: unknown) => {
			throw new CodedError("depot-unreachable", "The depot does not answer.", {
				fault: "environment",
				next: "See whether the gateway still runs, then try again.",
				cause,
			});
		});
		const answer = (await response.json()) as { error?: { code?: string; message?: string; next?: string } };
		if (response.ok) return answer;
		throw new CodedError(
			answer.error?.code ?? "depot-refused",
			answer.error?.message ?? `The depot answered ${response.status}.`,
			{
				fault: "state",
				next: answer.error?.next ?? "See the gateway's log.",
			},
		);
	}

	importFile(kind: "ratings" | "fleet", name: string, content: Uint8Array): Promise<unknown> {
		return this.call("POST", kind, content, { "x-file-name": encodeURIComponent(name) });
	}

	/** Registers a light by its public half and binds it to a plate. */
	addLight(light: string, publicKeyHex: string, plate: string): Promise<unknown> {
		return this.call("POST", "lights", { light, publicKey: publicKeyHex, plate });
	}

	signIn(plate: string, certificate: string): Promise<unknown> {
		return this.call("POST", "duty/sign-in", { plate, certificate });
	}

	signOut(plate: string, certificate: string): Promise<unknown> {
		return this.call("POST", "duty/sign-out", { plate, certificate });
	}

	async lights(): Promise<readonly LightView[]> {
		return ((await this.call("GET", "lights")) as { lights: LightView[] }).lights;
	}
}

/** Runs `work` over `items`, at most `width` at a time, in order of start; the first failure ends it. */
export async function eachOf<T>(
	items: readonly T[],
	width: number,
	work: (item: T, index: number) => Promise<void>,
): Promise<void> {
	let next = 0;
	const lane = async () => {
		while (next < items.length) {
			const index = next++;
			const item = items[index];
			if (item !== undefined) await work(item, index);
		}
	};
	await Promise.all(Array.from({ length: Math.min(width, items.length) }, lane));
}
