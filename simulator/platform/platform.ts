import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Clock, Timers } from "../../protocol/ports/clock.ts";
import { CodedError } from "../../protocol/wire/errors.ts";
import { millis, type UnixMs } from "../../protocol/wire/units.ts";
import type { Prng } from "../random/prng.ts";
import { MAX_ASSESSMENT_BYTES, readAssessments } from "./assessments.ts";
import { type Fault, poison } from "./faults.ts";
import { type PlatformRow, type PlatformSnapshot, PlatformTable, type TableState } from "./table.ts";

export interface PlatformOptions {
	readonly random: Prng;
	/** Invented drivers, unless `rows` are given. */
	readonly drivers: number;
	readonly rows?: readonly PlatformRow[] | null;
	/** 0 = any free port. */
	readonly port: number;
	/** Asked for as `Authorization: Bearer`; null = open to all. */
	readonly token: string | null;
	readonly clock: Pick<Clock, "unixMs">;
	readonly timers: Timers;
	/** How late `late` is. */
	readonly lateMs: number;
	/** How long each page is on its way, in two halves; 0 if not given. */
	readonly pageMs?: number;
	/** Where it was before its end; null or left out = it begins anew. */
	readonly left?: TableState | null;
	/** Cursors of before its end are unknown, as where they are only held in memory. */
	readonly forgetsCursors?: boolean;
	/** Keeps the list, durable when it returns; called before anything of a change is served or confirmed. */
	readonly keep?: (state: TableState) => void;
}

const PATH = "/api/ratings";
const ASSESSMENTS = "/api/assessments";
const MOST_ROWS = 5000;
const USUAL_ROWS = 500;
/** Rows more than there are, in a lie. */
const LIE = 7;

/** Faults that answer with no page at all. */
const PLAIN: Readonly<Record<string, readonly [number, object | string, Readonly<Record<string, string>>]>> = {
	error: [500, { message: "planted" }, {}],
	busy: [429, { message: "planted" }, { "retry-after": "1" }],
	"not-json": [200, "<html>维护中</html>", { "content-type": "text/html" }],
	"bad-shape": [200, { data: [], page: 1 }, {}],
};

interface Asked {
	readonly snapshot: PlatformSnapshot;
	readonly at: number;
	readonly limit: number;
}

/** A credit platform to try a depot against: serves a list that changes, in pages, and has the faults that it is told to have. */
export class Platform {
	/** What goes wrong now. */
	faults: readonly Fault[] = [];
	/** How likely a request meets one of them, 0 to 1. */
	faultRate = 1;
	/** Requests, and what they met. */
	readonly counts: Record<string, number> = { requests: 0, "not-modified": 0 };
	readonly table: PlatformTable;
	private readonly options: PlatformOptions;
	private readonly server: Server;
	private readonly waiting = new Set<{ cancel(): void }>();

	private constructor(options: PlatformOptions) {
		this.options = options;
		this.table = new PlatformTable(
			options.random.split("table"),
			options.drivers,
			options.clock.unixMs(),
			options.rows ?? null,
			options.left ?? null,
		);
		if (options.left != null && options.forgetsCursors === true) this.table.rename(options.clock.unixMs());
		options.keep?.(this.table.state());
		this.server = createServer((request, response) => this.serve(request, response));
	}

	/** Opens the port on this machine. Throws `port-taken`. */
	static async open(options: PlatformOptions): Promise<Platform> {
		const platform = new Platform(options);
		await new Promise<void>((resolve, reject) => {
			platform.server.once("error", (cause) =>
				reject(
					new CodedError("port-taken", `Port ${options.port} on 127.0.0.1 is taken by another program.`, {
						fault: "environment",
						next: "Stop that program, or choose another port with --port (0 = any free one).",
						cause,
					}),
				),
			);
			platform.server.listen(options.port, "127.0.0.1", resolve);
		});
		return platform;
	}

	/** Address of the list. */
	get url(): string {
		return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}${PATH}`;
	}

	/** The list changes. */
	advance(at: UnixMs = this.options.clock.unixMs()): PlatformSnapshot {
		const snapshot = this.table.advance(at);
		this.options.keep?.(this.table.state());
		return snapshot;
	}

	async close(): Promise<void> {
		for (const timer of this.waiting) timer.cancel();
		this.server.closeAllConnections();
		await new Promise<void>((resolve) => this.server.close(() => resolve()));
	}

	private serve(request: IncomingMessage, response: ServerResponse): void {
		this.count("requests");
		const url = new URL(request.url ?? "/", "http://platform");
		const refusal = this.refusalOf(url, request);
		if (refusal !== null) {
			send(response, refusal, {});
			return;
		}
		if (url.pathname === ASSESSMENTS) {
			void this.assess(request, response);
			return;
		}
		const fault = this.draw();
		if (fault !== null) this.count(fault);
		const plain = PLAIN[fault ?? ""];
		if (plain !== undefined) send(response, ...plain);
		else if (fault !== "late") this.answer(url, request, response, fault);
		else {
			const timer = this.options.timers.after("platform-late", millis(this.options.lateMs), () => {
				this.waiting.delete(timer);
				this.answer(url, request, response, fault);
			});
			this.waiting.add(timer);
		}
	}

	private refusalOf(url: URL, { headers, method }: IncomingMessage): number | null {
		const { token } = this.options;
		if (token !== null && headers.authorization !== `Bearer ${token}`) return 401;
		const wanted = url.pathname === PATH ? "GET" : url.pathname === ASSESSMENTS ? "POST" : null;
		return method === wanted ? null : 404;
	}

	/** Drivers assessed anew, as the bureau's own desk does; confirmed once the list with them is kept. */
	private async assess(request: IncomingMessage, response: ServerResponse): Promise<void> {
		const parts: Buffer[] = [];
		let length = 0;
		try {
			for await (const part of request as AsyncIterable<Buffer>) {
				length += part.length;
				if (length <= MAX_ASSESSMENT_BYTES) parts.push(part);
			}
		} catch {
			// Whoever asked is gone.
			return;
		}
		const assessments = length > MAX_ASSESSMENT_BYTES ? null : readAssessments(Buffer.concat(parts).toString("utf8"));
		if (assessments === null) {
			send(response, 400, { message: 'wanted: {"changes":[{"certificate":"...","score":25}]}' });
			return;
		}
		const snapshot = this.table.assess(assessments, this.options.clock.unixMs());
		if (snapshot === null) {
			send(response, 404, { message: "no such driver" });
			return;
		}
		this.options.keep?.(this.table.state());
		send(response, 200, { snapshot: snapshot.id });
	}

	private draw(): Fault | null {
		const { random } = this.options;
		return this.faults.length > 0 && random.chance(this.faultRate) ? random.pick(this.faults) : null;
	}

	private count(what: string): void {
		this.counts[what] = (this.counts[what] ?? 0) + 1;
	}

	private answer(url: URL, request: IncomingMessage, response: ServerResponse, fault: Fault | null): void {
		const asked = this.asked(url, fault);
		if (asked === null || (fault === "cursor-gone" && asked.at > 0)) {
			send(response, 410, { message: "gone" });
			return;
		}
		// With its time: a platform that begins anew gives its first names to other lists.
		const tag = `"${asked.snapshot.id}-${asked.snapshot.asOf.toString(36)}-${asked.limit}"`;
		const first = asked.at === 0;
		if (first && request.headers["if-none-match"] === tag && fault !== "poisoned") {
			this.count("not-modified");
			response.writeHead(304, { etag: tag }).end();
			return;
		}
		const body = this.page(asked, fault);
		if (fault === "moved") this.advance();
		// A spoiled page has no name of its own: it must not be taken for the good one later.
		const headers: Record<string, string> = first && fault !== "poisoned" ? { etag: tag } : {};
		if (fault === "half") cut(response, JSON.stringify(body));
		else if ((this.options.pageMs ?? 0) > 0) this.sendSlowly(response, JSON.stringify(body), headers);
		else send(response, 200, body, headers);
	}

	/** Half of the page after half of the time, the rest after the other half. */
	private sendSlowly(response: ServerResponse, text: string, headers: Readonly<Record<string, string>>): void {
		const bytes = Buffer.from(text, "utf8");
		const half = millis((this.options.pageMs ?? 0) / 2);
		const later = (run: () => void) => {
			const timer = this.options.timers.after("platform-page", half, () => {
				this.waiting.delete(timer);
				run();
			});
			this.waiting.add(timer);
		};
		response.writeHead(200, { "content-type": "application/json", "content-length": bytes.length, ...headers });
		later(() => {
			response.write(bytes.subarray(0, bytes.length >> 1));
			later(() => response.end(bytes.subarray(bytes.length >> 1)));
		});
	}

	/** Which rows of which snapshot an address means; null = a cursor that is not known any more. */
	private asked({ searchParams }: URL, fault: Fault | null): Asked | null {
		const wanted = Number(searchParams.get("limit") ?? USUAL_ROWS);
		const limit = Math.min(MOST_ROWS, Math.max(1, Number.isInteger(wanted) ? wanted : USUAL_ROWS));
		const cursor = searchParams.get("cursor");
		if (cursor === null)
			return { snapshot: fault === "rolled-back" ? this.table.older : this.table.newest, at: 0, limit };
		const [id, at] = cursor.split(".");
		const found = this.table.find(id ?? "");
		const snapshot = fault === "moved" ? this.table.newest : found;
		return snapshot === null || !/^\d{1,9}$/.test(at ?? "") ? null : { snapshot, at: Number(at), limit };
	}

	private page({ snapshot, at, limit }: Asked, fault: Fault | null): object {
		const from = fault === "repeated" ? Math.max(0, at - limit) : at;
		const all = snapshot.rows.slice(from, from + limit);
		const last = at + limit >= snapshot.rows.length;
		const good = fault === "short" && last ? all.slice(0, -1) : all;
		const rows = fault === "poisoned" ? poison(good, this.options.random) : good;
		const next = fault === "circle" ? `${snapshot.id}.${at}` : last ? null : `${snapshot.id}.${at + limit}`;
		return {
			snapshot: snapshot.id,
			asOf: new Date(snapshot.asOf).toISOString(),
			total: snapshot.rows.length + (fault === "total-lies" ? LIE : 0),
			rows,
			next,
		};
	}
}

function send(
	response: ServerResponse,
	status: number,
	body: object | string,
	headers: Readonly<Record<string, string>> = {},
): void {
	const text = typeof body === "string" ? body : JSON.stringify(body);
	response.writeHead(status, { "content-type": "application/json", ...headers }).end(text);
}

/** Half of what was announced, then the connection is gone. */
function cut(response: ServerResponse, text: string): void {
	const bytes = Buffer.from(text, "utf8");
	response.writeHead(200, { "content-type": "application/json", "content-length": bytes.length });
	response.write(bytes.subarray(0, bytes.length >> 1), () => response.destroy());
}
