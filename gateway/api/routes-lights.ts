import type { FastifyInstance, FastifyReply } from "fastify";
import { LIGHT_ADD, LIGHT_BIND, LIGHT_ONE, LIGHTS_LIST } from "../../protocol/schema/api-lights.ts";
import { MAX_PAGE } from "../../protocol/schema/paging.ts";
import { parseLightId } from "../../protocol/wire/light-id.ts";
import { requireLightId } from "../depot/provision.ts";
import type { CorePort } from "../depot/shell.ts";
import { endpoint } from "./endpoint.ts";
import { type ApiParts, runner } from "./parts.ts";
import { refused, sendAnswer } from "./problems.ts";
import type { Rows } from "./rows.ts";

const sendJson = (reply: FastifyReply, json: string): FastifyReply =>
	reply.header("content-type", "application/json; charset=utf-8").send(json);

/** The lights: looked at, registered, bound. */
export function lightRoutes<C extends CorePort>(app: FastifyInstance, parts: ApiParts<C>, rows: Rows<C>): void {
	const run = runner(parts);
	endpoint(app, LIGHTS_LIST, ({ query, reply }) => {
		if (query.limit === undefined && query.cursor === undefined) return sendJson(reply, `{"lights":${rows.all()}}`);
		const page = rows.page(query.limit ?? MAX_PAGE, query.cursor ?? null);
		return sendJson(reply, `{"lights":${page.json},"nextCursor":${JSON.stringify(page.next)}}`);
	});
	endpoint(app, LIGHT_ONE, ({ params }) => {
		const id = parseLightId((params["light"] ?? "").toUpperCase());
		const row = id === null ? null : parts.shell.view.light(id, parts.shell.now());
		if (row === null)
			throw refused("light-unknown", "No such light is registered.", "See the ids with: liangxing lights list");
		return row;
	});
	endpoint(app, LIGHT_ADD, async ({ body, reply }) => {
		const added = await run({ what: "light-add", light: body.light, publicKey: body.publicKey });
		if (!added.ok || body.plate === undefined) return sendAnswer(reply, added, 201);
		return sendAnswer(reply, await run({ what: "light-bind", light: body.light, plate: body.plate }), 201);
	});
	endpoint(app, LIGHT_BIND, async ({ body, params, reply }) => {
		const light = requireLightId(params["light"] ?? "");
		return sendAnswer(reply, await run({ what: "light-bind", light, plate: body.plate }));
	});
}
