import type { FastifyInstance } from "fastify";
import { RATINGS_PULL } from "../../protocol/schema/api-ratings.ts";
import type { CorePort } from "../depot/shell.ts";
import { endpoint } from "./endpoint.ts";
import type { ApiParts } from "./parts.ts";
import { refused } from "./problems.ts";

/** Pulls from the platform now; answers once it is over, as an import does. The pull goes on where the caller goes away. */
export function pullRoutes<C extends CorePort>(app: FastifyInstance, parts: ApiParts<C>): void {
	endpoint(app, RATINGS_PULL, ({ body }) => {
		const { source } = parts;
		if (source == null)
			throw refused(
				"source-not-set",
				"There is no platform to pull ratings from.",
				"Set source.http.url in the settings, or give --url.",
			);
		return source.pull(body.url ?? null);
	});
}
