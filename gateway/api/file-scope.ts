import type { FastifyInstance, FastifyRequest } from "fastify";
import { refused } from "./problems.ts";

/** The raw body of a file route. An empty one is refused in the words of the file's reader. */
export function fileOf(request: FastifyRequest, name: string): Uint8Array {
	if (request.body instanceof Uint8Array && request.body.length > 0) return request.body;
	throw refused("file-empty", `${name} is empty.`, "Export it again and look at it first.");
}

/** Routes that take a file's bytes as they are, whatever content type the client names. */
export function fileScope(app: FastifyInstance, bodyLimit: number, routes: (scope: FastifyInstance) => void): void {
	app.register((scope, _options, done) => {
		scope.removeAllContentTypeParsers();
		scope.addContentTypeParser("*", { parseAs: "buffer", bodyLimit }, (_request, body, next) => next(null, body));
		routes(scope);
		done();
	});
}
