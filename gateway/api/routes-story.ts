import type { FastifyInstance } from "fastify";
import { z } from "zod";
import { parseLightId } from "../../protocol/wire/light-id.ts";
import type { CorePort } from "../depot/shell.ts";
import { changeRow, subjectUnknown } from "../depot/why-answer.ts";
import { parseQuery } from "./body.ts";
import type { ApiParts } from "./parts.ts";
import { refused } from "./problems.ts";

/** A page for a person: a busy taxi changes a few dozen times a day. */
const DEFAULT_LIMIT = 50;
const MAX_LIMIT = 500;

const storyQuery = z.strictObject({
	limit: z
		.string()
		.regex(/^\d{1,3}$/, `a whole number from 1 to ${MAX_LIMIT} is wanted`)
		.transform(Number)
		.pipe(z.int().min(1).max(MAX_LIMIT))
		.optional(),
});

/**
 * A light's story: its newest change of stars and those before it, newest first. What is older than the newest few seconds comes
 * from the store; no certificate number is in it.
 */
export function storyRoutes<C extends CorePort>(app: FastifyInstance, parts: ApiParts<C>): void {
	app.get<{ Params: { light: string } }>("/api/v1/lights/:light/story", (request) => {
		const { limit = DEFAULT_LIMIT } = parseQuery(storyQuery, request.query);
		const light = parseLightId(request.params.light.toUpperCase());
		if (light === null)
			throw refused("light-unknown", "No such light is registered.", "See the ids with: liangxing lights");
		const explanation = parts.shell.view.why({ light }, parts.shell.now());
		if (explanation === null) throw subjectUnknown({ light });
		const newest = explanation.change;
		const before = newest === null ? [] : parts.shell.history(newest.before, limit - 1);
		const changes = newest === null ? [] : [newest, ...before];
		// A change that is stored within the next second, or was pruned, may be missing: then there is more to be told.
		return { light, plate: explanation.plate, changes: changes.map(changeRow), more: changes.at(-1)?.before != null };
	});
}
