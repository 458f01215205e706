import { readFileSync } from "node:fs";
import { request } from "node:http";
import { loadSettings } from "../../gateway/config/load.ts";
import type { Settings } from "../../gateway/config/schema.ts";
import { dataFolder } from "../../gateway/depot/data-folder.ts";
import { type Depot, startDepot } from "../../gateway/depot/depot.ts";
import { NodeClock } from "../../gateway/depot/node-clock.ts";
import { NodeCrypto, nodeRandom } from "../../gateway/depot/node-crypto.ts";
import { lightMaker } from "../../gateway/depot/provision.ts";
import { openLog } from "../../gateway/log/pino-log.ts";
import { toHex } from "../../protocol/wire/bytes.ts";
import { unixMs } from "../../protocol/wire/units.ts";
import { expectTold } from "./told-answers.ts";

/** Settings for a depot in `data` on free ports. */
export const settingsIn = (data: string, flags: Readonly<Record<string, string>> = {}): Settings =>
	loadSettings({
		cwd: data,
		env: {},
		flags: { data, "http.port": "0", "mqtt.port": "0", "log.level": "debug", ...flags },
	}).settings;

export interface RunningDepot extends Depot {
	/** Everything logged so far. */
	readonly lines: readonly string[];
}

/** Starts a real depot: files, SQLite, aedes, HTTP, the real clock (`behindMs`: as it was so long ago). */
export async function startTestDepot(
	data: string,
	flags: Readonly<Record<string, string>> = {},
	behindMs = 0,
): Promise<RunningDepot> {
	const settings = settingsIn(data, flags);
	const real = new NodeClock();
	const clock = {
		unixMs: () => unixMs(real.unixMs() - behindMs),
		monoMs: () => real.monoMs(),
		after: real.after.bind(real),
	};
	const lines: string[] = [];
	const { log } = openLog(settings.log.level, clock, { write: (line: string) => void lines.push(line) });
	const depot = await startDepot(settings, { clock, timers: clock, soon: (run) => setImmediate(run), log });
	return { ...depot, lines };
}

export interface Answer {
	readonly status: number;
	readonly headers: Readonly<Record<string, string | string[] | undefined>>;
	readonly text: string;
	// A test looks at answers of any shape.
	readonly json: Readonly<Record<string, unknown>>;
}

/** One HTTP call with exactly these headers. Its answer must be one that the API's document tells, but for a `foreign` server's. */
export function http(
	base: string,
	method: string,
	path: string,
	more: { headers?: Record<string, string>; body?: string | Uint8Array; foreign?: true } = {},
): Promise<Answer> {
	return new Promise((resolve, reject) => {
		const sent = request(new URL(path, base), { method, headers: more.headers ?? {}, agent: false }, (response) => {
			const parts: Buffer[] = [];
			response.on("data", (part: Buffer) => parts.push(part));
			response.on("end", () => {
				const text = Buffer.concat(parts).toString("utf8");
				let json: Record<string, unknown> = {};
				const status = response.statusCode ?? 0;
				const type = String(response.headers["content-type"]);
				if (/^application\/(problem\+)?json/.test(type)) json = JSON.parse(text);
				try {
					if (more.foreign !== true) expectTold({ method, url: path, status, type, text });
				} catch (e) {
					reject(e);
				}
				resolve({ status, headers: response.headers, text, json });
			});
			response.on("error", reject);
		});
		sent.on("error", reject);
		sent.end(more.body);
	});
}

/** A call that changes something, with the depot's token. */
export function post(depot: Pick<Depot, "http" | "token">, path: string, body: unknown = {}): Promise<Answer> {
	const raw = typeof body === "string" || body instanceof Uint8Array;
	return http(depot.http, "POST", path, {
		headers: {
			authorization: `Bearer ${depot.token}`,
			"content-type": raw ? "text/csv" : "application/json",
		},
		body: raw ? body : JSON.stringify(body),
	});
}

/** Makes a light, registers it, binds it; returns its provisioning file. */
export async function addLight(depot: Depot, plate: string | null): Promise<string> {
	const folder = dataFolder(depot.folder.path);
	const made = lightMaker(folder, depot.mqtt, nodeRandom, new NodeCrypto())(null);
	const answer = await post(depot, "/api/v1/lights", { light: made.light, publicKey: toHex(made.publicKey), plate });
	if (answer.status !== 201) throw new Error(answer.text);
	return made.file;
}

export const tokenOf = (data: string): string => readFileSync(dataFolder(data).token, "utf8").trim();
