import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { z } from "zod";
import type { RouteDoc } from "../../protocol/schema/route-doc.ts";
import { parseBody, parseQuery } from "./body.ts";

declare module "fastify" {
	interface FastifyContextConfig {
		/** How the document tells this route; its query and body are checked by it. */
		readonly doc?: RouteDoc;
	}
}

/** What a handler gets: query and body as the route's schemas made them, and the parts of the path as they came. */
export interface Asked<Q extends z.ZodType, B extends z.ZodType> {
	readonly query: z.output<Q>;
	readonly body: z.output<B>;
	readonly params: Readonly<Record<string, string>>;
	readonly request: FastifyRequest;
	readonly reply: FastifyReply;
}

/**
 * Registers a route with its document: what does not fit its schemas is refused (`query-invalid`, `body-invalid`) before the handler
 * runs. A route that is registered otherwise is missed by the document, which a test reports.
 */
export function endpoint<Q extends z.ZodType, B extends z.ZodType>(
	app: FastifyInstance,
	doc: RouteDoc<Q, B>,
	handler: (asked: Asked<Q, B>) => unknown,
): void {
	app.route({
		method: doc.method,
		url: doc.path,
		config: { doc },
		...(doc.file === undefined ? {} : { bodyLimit: doc.file.mostBytes }),
		handler: async (request, reply) => {
			const params = (request.params ?? {}) as Readonly<Record<string, string>>; // the router makes nothing else
			const query = doc.query === undefined ? undefined : parseQuery(doc.query, request.query);
			const body = doc.body === undefined ? undefined : parseBody(doc.body, request.body);
			// Left out in the document = unknown to the handler's types as well.
			return handler({ params, request, reply, query: query as z.output<Q>, body: body as z.output<B> });
		},
	});
}
