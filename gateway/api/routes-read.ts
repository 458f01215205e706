import type { FastifyInstance, FastifyReply } from "fastify";
import { z } from "zod";
import { parseLightId } from "../../protocol/wire/light-id.ts";
import type { Pull } from "../core/model.ts";
import type { CorePort } from "../depot/shell.ts";
import { parseQuery } from "./body.ts";
import type { ApiParts } from "./parts.ts";
import { problem, refused } from "./problems.ts";
import type { Rows } from "./rows.ts";
import type { Stream } from "./stream.ts";

const MAX_PAGE = 5000;

const pageQuery = z.strictObject({
	limit: z
		.string()
		.regex(/^\d{1,5}$/, `a whole number from 1 to ${MAX_PAGE} is wanted`)
		.transform(Number)
		.pipe(z.int().min(1).max(MAX_PAGE))
		.optional(),
	cursor: z
		.string()
		.regex(/^[0-9A-Z]{1,12}$/, "the cursor of the page before is wanted")
		.optional(),
});

const sendJson = (reply: FastifyReply, json: string): FastifyReply =>
	reply.header("content-type", "application/json; charset=utf-8").send(json);

/** Quarantined rows of one pull in a list; its import's answer had them all. */
const MAX_QUARANTINED = 100;

/** A pull as lists show it: no changes (they hold certificate numbers), the first quarantined rows and how many there are. */
const pullRow = (pull: Pull) => ({
	...pull,
	quarantined: pull.quarantined.length,
	quarantinedRows: pull.quarantined.slice(0, MAX_QUARANTINED),
});

/** Why nothing is signed now, or null. */
export function notReady<C extends CorePort>(parts: ApiParts<C>): ReturnType<typeof problem> | null {
	if (parts.shell.broken)
		return problem(
			"store-failed",
			"The store cannot be written; what was accepted before is safe.",
			"Free disk space and see the gateway's log; it goes on by itself.",
		);
	if (parts.ops?.brokerOpen() === false)
		return problem(
			"broker-port-closed",
			"The lights' port is closed: no light can connect.",
			"Start the gateway again; if it stays, see its log and run: liangxing doctor",
		);
	const { clock } = parts.shell.view.depot(parts.shell.now());
	if (clock === null) return null;
	const at = (s: number) => new Date(s * 1000).toISOString();
	return problem(
		clock.code,
		`Nothing is signed: the clock says ${at(clock.now)}, the newest time stored is ${at(clock.storedTime)}.`,
		"Put the clock right; if it is right already, run: liangxing clock accept",
	);
}

/** Open to everybody on this machine; no certificate number leaves here. */
export function readRoutes<C extends CorePort>(
	app: FastifyInstance,
	parts: ApiParts<C>,
	rows: Rows<C>,
	stream: Stream<C>,
): void {
	const core = () => parts.shell.view;
	app.get("/api/v1/lights", (request, reply) => {
		const query = parseQuery(pageQuery, request.query);
		if (query.limit === undefined && query.cursor === undefined) return sendJson(reply, `{"lights":${rows.all()}}`);
		const page = rows.page(query.limit ?? MAX_PAGE, query.cursor ?? null);
		return sendJson(reply, `{"lights":${page.json},"nextCursor":${JSON.stringify(page.next)}}`);
	});
	app.get<{ Params: { light: string } }>("/api/v1/lights/:light", (request, reply) => {
		const id = parseLightId(request.params.light.toUpperCase());
		const row = id === null ? null : core().light(id, parts.shell.now());
		if (row === null)
			throw refused("light-unknown", "No such light is registered.", "See the ids with: liangxing lights list");
		return reply.send(row);
	});
	app.get("/api/v1/depot", () => ({
		...core().depot(parts.shell.now()),
		mqtt: parts.mqtt,
		source: parts.source?.view() ?? null,
		counters: parts.counters(),
	}));
	app.get("/api/v1/pulls", () => ({ pulls: core().pulls().map(pullRow) }));
	app.get("/api/v1/ratings/held", () => ({
		held: core()
			.held()
			.map((h) => pullRow(h.pull)),
	}));
	app.get("/api/v1/stream", (_request, reply) => {
		stream.add(reply.raw);
		reply.hijack();
	});
}
