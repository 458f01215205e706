import type { FastifyInstance } from "fastify";
import { DEFAULT_STORY, LIGHT_STORY } from "../../protocol/schema/api-story.ts";
import { parseLightId } from "../../protocol/wire/light-id.ts";
import type { CorePort } from "../depot/shell.ts";
import { changeRowOf, glassRows, subjectUnknown } from "../depot/why-answer.ts";
import { endpoint } from "./endpoint.ts";
import type { ApiParts } from "./parts.ts";
import { refused } from "./problems.ts";

/** A light's story; what is older than the newest few seconds comes from the store. */
export function storyRoutes<C extends CorePort>(app: FastifyInstance, parts: ApiParts<C>): void {
	endpoint(app, LIGHT_STORY, ({ params, query }) => {
		const light = parseLightId((params["light"] ?? "").toUpperCase());
		if (light === null)
			throw refused("light-unknown", "No such light is registered.", "See the ids with: liangxing lights list");
		const now = parts.shell.now();
		const explanation = parts.shell.view.why({ light }, now);
		if (explanation === null) throw subjectUnknown({ light });
		const newest = explanation.change;
		const limit = query.limit ?? DEFAULT_STORY;
		// What can be seen at most rests on changes that a short page would not tell.
		const known =
			newest === null ? [] : [newest, ...parts.shell.history(newest.before, Math.max(limit, DEFAULT_STORY) - 1)];
		const changes = known.slice(0, limit);
		// A change that is stored within the next seconds, or was pruned, may be missing: then there is more to be told.
		const more = changes.at(-1)?.before != null;
		return {
			light,
			plate: explanation.plate,
			...glassRows(explanation, known, now),
			changes: changes.map(changeRowOf),
			more,
		};
	});
}
