import { createReadStream, existsSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { CONSOLE_CSP } from "../../gateway/api/console-files.ts";
import type { LightStatus, LightView, StreamedDepot } from "../../gateway/core/types.ts";
import type { LightId, Stars } from "../../protocol/wire/units.ts";
import { unixMs } from "../../protocol/wire/units.ts";
import { ROOT } from "./source-tree.ts";

const TYPES: Readonly<Record<string, string>> = {
	".html": "text/html; charset=utf-8",
	".js": "text/javascript; charset=utf-8",
	".css": "text/css; charset=utf-8",
	".svg": "image/svg+xml",
};

const DEPOT: StreamedDepot = {
	fleet: "pds",
	epoch: 1,
	clock: null,
	policy: { name: "score-2021", hash: "00", maxAgeDays: 550 },
	lights: 0,
	drivers: 0,
	vehicles: 0,
	held: 0,
	lastPull: null,
	refusals: {},
	dropped: {},
	broker: {},
};
const COMPANIES = ["晨光出租", "长河出租", "青山出租", "星桥出租", "安平出租"];

const PLATES = ["豫DT", "豫DX", "豫DAD"];

/** An invented row; every sixth is dark. Same number, same light. */
export function fakeLight(n: number, change: Partial<LightView> = {}): LightView {
	const stars = (n % 6) as Stars;
	return {
		light: `L${String(n).padStart(11, "0")}` as LightId,
		plate: `豫DT${String(n).padStart(4, "0")}`,
		company: COMPANIES[n % COMPANIES.length] ?? null,
		channel: "mqtt",
		desired: stars,
		acked: stars,
		observed: stars,
		ageS: stars === 0 ? null : 30 * 86_400,
		status: "right",
		reason: null,
		leaseLeftS: stars === 0 ? null : 3000,
		onDuty: stars > 0,
		heardAt: unixMs(0),
		trace: null,
		lamps: null,
		operating: null,
		refused: null,
		...change,
	};
}

/** A fleet as it is on a working day: mostly right, some off duty, a few of each trouble, in an order that looks like life. */
export function fakeFleet(count: number): LightView[] {
	// A multiplicative walk: scattered, the same at each run.
	const noise = (n: number, of: number) => Math.floor((((n + 1) * 48_271) % 2_147_483_647) / 127) % of;
	const troubles: readonly Partial<LightView>[] = [
		{ status: "differs", desired: 4, acked: 4, observed: 5, reason: "not-shown" },
		{ status: "refused", desired: 5, acked: 4, observed: 4, reason: "bad-signature" },
		{ status: "fault", desired: 4, acked: 4, observed: 0, reason: "lamp-open" },
		{ status: "silent", desired: 3, acked: 3, observed: null, reason: "not-heard", leaseLeftS: null },
		{ status: "differs", desired: 5, acked: 5, observed: 0, reason: "no-answer" },
		{ status: "moving", desired: 5, acked: 3, observed: 3 },
		{ status: "acked", desired: 4, acked: 4, observed: null },
	];
	return Array.from({ length: count }, (_, n) => {
		const roll = noise(n, 100);
		const stars = (roll < 30 ? 0 : roll < 70 ? 5 : roll < 90 ? 4 : 3) as Stars;
		const trouble = n % 17 === 3 ? troubles[Math.floor(n / 17) % troubles.length] : undefined;
		const onDuty = stars > 0 || trouble !== undefined;
		return fakeLight(n, {
			plate: `${PLATES[noise(n + 7, PLATES.length)] ?? ""}${String(noise(n + 3, 9000) + 1000)}`,
			company: COMPANIES[noise(n + 1, COMPANIES.length)] ?? null,
			desired: stars,
			acked: stars,
			observed: stars,
			onDuty,
			ageS: onDuty ? (noise(n, 540) + 1) * 86_400 : null,
			leaseLeftS: onDuty ? 1200 + noise(n, 2400) : null,
			...trouble,
		});
	});
}

/** A light in a given state, as the console has to draw it. */
export const inState = (n: number, status: LightStatus, change: Partial<LightView> = {}): LightView =>
	fakeLight(n, { status, onDuty: true, ...change });

/** What a call of the API is answered; `status` 200 where it is left out. */
export type FakeAnswer = (asked: {
	readonly query: URLSearchParams;
	readonly body: unknown;
	readonly headers: Readonly<Record<string, unknown>>;
}) => { readonly status?: number; readonly json: unknown };

/** Serves the built console and its stream like the real gateway, with rows that the test sets. */
export class FakeDepot {
	private server: Server | null = null;
	private readonly streams = new Set<ServerResponse>();
	private lights: readonly LightView[];
	private depot: StreamedDepot = DEPOT;
	private readonly answers = new Map<string, FakeAnswer>();
	/** Calls of the API as they came: method, path with its query, and body. */
	readonly asked: { readonly method: string; readonly url: string; readonly body: unknown }[] = [];
	private refusal: object | null = null;
	private port: number;

	/** `port` 0 = a free one. */
	constructor(lights: readonly LightView[], port = 0) {
		this.lights = lights;
		this.port = port;
	}

	get address(): string {
		return `http://127.0.0.1:${this.port}`;
	}

	/** Starts, or starts again on the same port. */
	async start(): Promise<void> {
		const server = createServer((request, response) => {
			const url = request.url ?? "/";
			if (!url.startsWith("/api/") || url === "/api/v1/stream") this.answer(url, response);
			else void this.answerApi(request, url, response);
		});
		await new Promise<void>((resolve) => server.listen(this.port, "127.0.0.1", resolve));
		this.port = (server.address() as AddressInfo).port;
		this.server = server;
	}

	async stop(): Promise<void> {
		for (const stream of this.streams) stream.destroy();
		this.streams.clear();
		const { server } = this;
		this.server = null;
		if (server === null) return;
		server.closeAllConnections();
		await new Promise<void>((resolve) => server.close(() => resolve()));
	}

	/** Says something else of the depot from now on. */
	say(change: Partial<StreamedDepot>): void {
		this.depot = { ...this.depot, ...change };
		this.send("depot", this.depot);
	}

	/** What `METHOD /path` (without its query) answers from now on. */
	answerTo(call: string, answer: FakeAnswer): void {
		this.answers.set(call, answer);
	}

	private async answerApi(request: IncomingMessage, url: string, response: ServerResponse): Promise<void> {
		const method = request.method ?? "GET";
		const text = (await request.toArray()).join("");
		const body: unknown = text === "" ? null : JSON.parse(text);
		this.asked.push({ method, url, body });
		const { pathname, searchParams } = new URL(url, "http://x");
		const answer = this.answers.get(`${method} ${pathname}`);
		if (answer === undefined) {
			response.writeHead(404).end("{}");
			return;
		}
		const { status = 200, json } = answer({ query: searchParams, body, headers: request.headers });
		const type = status < 400 ? "application/json" : "application/problem+json";
		response.writeHead(status, { "content-type": type }).end(JSON.stringify(json));
	}

	/** Refuses every new stream with this problem; null takes them again. */
	refuse(problem: { readonly code: string; readonly message: string; readonly next: string } | null): void {
		this.refusal = problem;
	}

	/** Changes rows and tells every console. */
	push(changed: readonly LightView[]): void {
		const byId = new Map(changed.map((view) => [view.light, view]));
		this.lights = this.lights.map((view) => byId.get(view.light) ?? view);
		this.send("lights", { at: 0, lights: changed });
	}

	/** Sends one event to every console. */
	private send(event: string, data: unknown): void {
		for (const stream of this.streams) stream.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
	}

	private answer(url: string, response: ServerResponse): void {
		const path = normalize(new URL(url, "http://x").pathname);
		if (path === "/api/v1/stream") {
			if (this.refusal !== null) {
				response.writeHead(503, { "content-type": "application/json" }).end(JSON.stringify({ error: this.refusal }));
				return;
			}
			response.writeHead(200, { "content-type": "text/event-stream; charset=utf-8", "cache-control": "no-store" });
			response.write(
				`retry: 500\nevent: snapshot\ndata: ${JSON.stringify({ at: 0, depot: this.depot, lights: this.lights })}\n\n`,
			);
			this.streams.add(response);
			response.on("close", () => this.streams.delete(response));
			return;
		}
		const file = join(ROOT, "dist", "console", path === "/" ? "index.html" : path);
		if (!existsSync(file)) {
			response.writeHead(404).end();
			return;
		}
		response.writeHead(200, {
			"content-type": TYPES[extname(file)] ?? "application/octet-stream",
			"content-security-policy": CONSOLE_CSP,
		});
		createReadStream(file).pipe(response);
	}
}

/** `node test/support/fake-depot.ts [PORT [LIGHTS]]`: a console to look at, with lights that change. For Node that reads TypeScript. */
async function serve(port: number, count: number): Promise<void> {
	const fleet = fakeFleet(count);
	const depot = new FakeDepot(fleet, port);
	await depot.start();
	process.stdout.write(`${depot.address}\n`);
	let turn = 0;
	setInterval(() => {
		const n = (turn++ * 7919) % count;
		const old = fleet[n];
		if (old === undefined || old.status !== "right" || !old.onDuty) return;
		const stars = (1 + (turn % 5)) as Stars;
		fleet[n] = { ...old, desired: stars, acked: stars, observed: stars };
		depot.push([fleet[n]]);
	}, 300);
}

if (process.argv[1] === fileURLToPath(import.meta.url))
	await serve(Number(process.argv[2] ?? 8908), Number(process.argv[3] ?? 400));
