import Fastify, { type FastifyInstance, type RouteOptions } from "fastify";
import type { Log } from "../../protocol/ports/log.ts";
import type { RouteDoc } from "../../protocol/schema/route-doc.ts";
import { CodedError } from "../../protocol/wire/errors.ts";
import type { Millis } from "../../protocol/wire/units.ts";
import { hostPort, isLoopback } from "../config/loopback.ts";
import type { CorePort } from "../depot/shell.ts";
import { CONSOLE_CSP } from "./console-files.ts";
import { Guard } from "./guard.ts";
import type { ApiParts } from "./parts.ts";
import { problem, sendProblem, toProblem } from "./problems.ts";
import { registerRoutes } from "./routes.ts";
import { Rows } from "./rows.ts";
import { Stream } from "./stream.ts";

/** A JSON body names one thing, or holds one policy; nothing of ours is longer. */
const MAX_JSON_BYTES = 64 * 1024;
/** A caller that sends its request this slowly holds a socket for nothing. */
const REQUEST_TIMEOUT_MS = 60_000;
const MAX_CONNECTIONS = 1024;
/** Requests under way have this long at a stop; one that never ends does not hold up the store's. */
const CLOSE_MS = 2000;

/** A route as it was registered. */
export interface RegisteredRoute {
	readonly method: string;
	readonly url: string;
	/** null = the document lacks it. */
	readonly doc: RouteDoc | null;
}

export interface Api {
	readonly app: FastifyInstance;
	/** All routes but those of HEAD, which follow from GET. */
	routes(): readonly RegisteredRoute[];
	/** What the guard turned away, by code, and slow streams let go. */
	counts(): Readonly<Record<string, number>>;
	/** Opens the port and returns `http://host:port`. Throws `port-taken`, `port-refused`, `bind-not-loopback`. */
	listen(host: string, port: number): Promise<string>;
	/** Ends streams, answers what is asked already, closes the port. */
	close(): Promise<void>;
}

const HEADERS: Readonly<Record<string, string>> = {
	"content-security-policy": CONSOLE_CSP,
	"x-content-type-options": "nosniff",
	"x-frame-options": "DENY",
	"referrer-policy": "no-referrer",
	"cross-origin-opener-policy": "same-origin",
	"cross-origin-resource-policy": "same-origin",
};

function makeApp(): FastifyInstance {
	return Fastify({
		logger: false,
		bodyLimit: MAX_JSON_BYTES,
		requestTimeout: REQUEST_TIMEOUT_MS,
		forceCloseConnections: "idle",
		routerOptions: { maxParamLength: 100 },
		// A name that turns up in a body is data, never a prototype.
		onProtoPoisoning: "error",
		onConstructorPoisoning: "error",
	});
}

/** `EADDRINUSE` and its kin in words. */
function bindError(e: unknown, host: string, port: number): CodedError {
	const code = (e as NodeJS.ErrnoException).code;
	if (code === "EADDRINUSE")
		return new CodedError("port-taken", `Port ${port} on ${host} is taken by another program.`, {
			fault: "environment",
			next: "Stop that program, or choose another port with --http-port (0 = any free one).",
			cause: e,
			context: { port },
		});
	return new CodedError("port-refused", `Port ${port} on ${host} cannot be opened (${code ?? "unknown"}).`, {
		fault: "environment",
		next: "Choose another address or port with --http-host and --http-port; ports below 1024 need rights.",
		cause: e,
		context: { port },
	});
}

/** Every route as it is registered, in `openApi` or later. Read late: a plugin's routes get their document after this hook. */
function collectRoutes(app: FastifyInstance): () => RegisteredRoute[] {
	const seen: RouteOptions[] = [];
	app.addHook("onRoute", (route) => {
		seen.push(route);
	});
	return () =>
		seen.flatMap(({ method, url, config }) =>
			[method]
				.flat()
				.filter((one) => one !== "HEAD")
				.map((one) => ({ method: one, url, doc: config?.doc ?? null })),
		);
}

/** What happens to every request before its route, and to every failure. */
function guardAndRefuse(app: FastifyInstance, guard: Guard, log: Log): void {
	app.addHook("onRequest", (request, reply, done) => {
		reply.headers(HEADERS);
		if (request.url.startsWith("/api/")) reply.header("cache-control", "no-store");
		guard.check(request);
		done();
	});
	app.setErrorHandler((e, request, reply) => {
		const { body, internal } = toProblem(e);
		const { status, code } = body;
		const fields = { method: request.method, route: request.routeOptions.url ?? "none", code };
		if (internal) log.error("request-failed", { ...fields, reason: e instanceof Error ? e.message : "unknown" });
		else log.debug("request-refused", fields);
		if (status === 401) reply.header("www-authenticate", "Bearer");
		if (status === 429) reply.header("retry-after", "1");
		return sendProblem(reply, body);
	});
	app.setNotFoundHandler((request, reply) =>
		sendProblem(
			reply,
			problem(
				"not-found",
				`There is no ${request.method} of this address.`,
				"See the console at / or the API's routes.",
			),
		),
	);
}

/** The API, its stream and the console over one shell. Nothing listens before `listen`. */
export async function openApi<C extends CorePort>(parts: ApiParts<C>): Promise<Api> {
	const app = makeApp();
	app.removeContentTypeParser("text/plain");
	const guard = new Guard(parts.token, parts.clock);
	const rows = new Rows(parts.shell);
	const stream = new Stream(parts, rows);
	guardAndRefuse(app, guard, parts.log);
	const counts = () => ({ ...guard.counts, "stream-client-dropped": stream.dropped });
	const routes = collectRoutes(app);
	const documents = () => routes().flatMap(({ doc }) => doc ?? []);
	await registerRoutes(
		app,
		{ ...parts, counters: () => ({ ...parts.counters(), api: counts() }) },
		{ rows, stream, documents, figures: () => ({ consoles: stream.size, refusals: counts() }) },
	);
	app.server.maxConnections = MAX_CONNECTIONS;
	return {
		app,
		routes,
		counts,
		listen: async (host, port) => {
			if (!isLoopback(host))
				throw new CodedError("bind-not-loopback", `${host} would open the gateway to other machines.`, {
					fault: "input",
					next: "Set http.host to 127.0.0.1.",
				});
			try {
				await app.listen({ host, port });
			} catch (e) {
				throw bindError(e, host, port);
			}
			const address = app.server.address();
			const bound = typeof address === "object" && address !== null ? address.port : port;
			return `http://${hostPort(host, bound)}`;
		},
		close: async () => {
			stream.close();
			rows.close();
			const late = parts.timers.after("api-close", CLOSE_MS as Millis, () => app.server.closeAllConnections());
			await app.close();
			late.cancel();
		},
	};
}
