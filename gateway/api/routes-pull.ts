import type { FastifyInstance } from "fastify";
import { z } from "zod";
import type { CorePort } from "../depot/shell.ts";
import { parseBody } from "./body.ts";
import type { ApiParts } from "./parts.ts";
import { refused } from "./problems.ts";

const pullBody = z.strictObject({
	/** Left out = the configured platform. */
	url: z.string().min(1).max(2000).optional(),
});

/** Pulls from the platform now; answers once it is over, as an import does. The pull goes on where the caller goes away. */
export function pullRoutes<C extends CorePort>(app: FastifyInstance, parts: ApiParts<C>): void {
	app.post("/api/v1/ratings/pull", async (request, reply) => {
		const { url } = parseBody(pullBody, request.body);
		const { source } = parts;
		if (source == null)
			throw refused(
				"source-not-set",
				"There is no platform to pull ratings from.",
				"Set source.http.url in the settings, or give --url.",
			);
		return reply.send(await source.pull(url ?? null));
	});
}
