import type { FastifyInstance } from "fastify";
import { DEFAULT_STORY, LIGHT_STORY } from "../../protocol/schema/api-story.ts";
import { parseLightId } from "../../protocol/wire/light-id.ts";
import type { CorePort } from "../depot/shell.ts";
import { changeRow, subjectUnknown } from "../depot/why-answer.ts";
import { endpoint } from "./endpoint.ts";
import type { ApiParts } from "./parts.ts";
import { refused } from "./problems.ts";

/** A light's story; what is older than the newest few seconds comes from the store. */
export function storyRoutes<C extends CorePort>(app: FastifyInstance, parts: ApiParts<C>): void {
	endpoint(app, LIGHT_STORY, ({ params, query }) => {
		const light = parseLightId((params["light"] ?? "").toUpperCase());
		if (light === null)
			throw refused("light-unknown", "No such light is registered.", "See the ids with: liangxing lights list");
		const explanation = parts.shell.view.why({ light }, parts.shell.now());
		if (explanation === null) throw subjectUnknown({ light });
		const newest = explanation.change;
		const before = newest === null ? [] : parts.shell.history(newest.before, (query.limit ?? DEFAULT_STORY) - 1);
		const changes = newest === null ? [] : [newest, ...before];
		// A change that is stored within the next seconds, or was pruned, may be missing: then there is more to be told.
		return { light, plate: explanation.plate, changes: changes.map(changeRow), more: changes.at(-1)?.before != null };
	});
}
