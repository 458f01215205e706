import type { FastifyInstance } from "fastify";
import { DOCS_FILE, DOCS_PAGE, OPENAPI } from "../../protocol/schema/api-depot.ts";
import type { RouteDoc } from "../../protocol/schema/route-doc.ts";
import { endpoint } from "./endpoint.ts";
import { refused } from "./problems.ts";

/**
 * The document and its page. Both are made, and what they are made of is loaded, when somebody first asks: a gateway starts without
 * them. `routes` is read then, so that routes registered later are in it.
 */
export function docsRoutes(app: FastifyInstance, routes: () => readonly RouteDoc[]): void {
	let made: Promise<string> | null = null;
	endpoint(app, OPENAPI, async ({ reply }) => {
		made ??= import("./openapi.ts").then(({ openApiDocument }) => JSON.stringify(openApiDocument(routes())));
		return reply.type("application/json; charset=utf-8").send(await made);
	});
	endpoint(app, DOCS_PAGE, async ({ reply }) => {
		const { PAGE } = await import("./docs-page.ts");
		return reply.type("text/html; charset=utf-8").send(PAGE);
	});
	endpoint(app, DOCS_FILE, async ({ params, reply }) => {
		const { docsFile } = await import("./docs-page.ts");
		const file = await docsFile(params["file"] ?? "");
		if (file === null)
			throw refused("not-found", "There is no GET of this address.", "See the console at / or the API's routes.");
		return reply.type(file.type).send(file.bytes);
	});
}
