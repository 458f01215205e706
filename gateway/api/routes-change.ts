import type { FastifyInstance, FastifyRequest } from "fastify";
import { z } from "zod";
import { type DutyBody, dutyBody } from "../../protocol/schema/api.ts";
import { hexBytes, lightId } from "../../protocol/schema/scalars.ts";
import type { Command } from "../core/types.ts";
import { foldCommand } from "../depot/fold-command.ts";
import { requireLightId } from "../depot/provision.ts";
import type { CorePort } from "../depot/shell.ts";
import { fileNameOf, parseBody, parseQuery } from "./body.ts";
import { type ApiParts, runTaken } from "./parts.ts";
import { refused, sendAnswer } from "./problems.ts";

/** A JSON body names one thing; nothing of ours is longer. */
export const MAX_JSON_BYTES = 64 * 1024;
/** A bureau's file of 100,000 drivers has 6.5 MiB. */
export const MAX_RATINGS_BYTES = 64 * 1024 * 1024;
export const MAX_FLEET_BYTES = 16 * 1024 * 1024;

const plate = z.string().trim().min(1).max(24);
const addLight = z.strictObject({ light: lightId, publicKey: hexBytes(32), plate: plate.nullable().optional() });
const bindLight = z.strictObject({ plate: plate.nullable() });
const fleetQuery = z.strictObject({ dryRun: z.enum(["0", "1", "true", "false"]).optional() });

const whoOf = (body: DutyBody) => ({
	vehicle: body.vehicle !== undefined ? { key: body.vehicle } : { plate: body.plate ?? "" },
	driver: body.driver !== undefined ? { key: body.driver } : { certificate: body.certificate ?? "" },
	at: body.at ?? null,
});

/** The raw body of a file route. An empty one is refused in the words of the file's reader. */
function fileOf(request: FastifyRequest, name: string): Uint8Array {
	if (request.body instanceof Uint8Array && request.body.length > 0) return request.body;
	throw refused("file-empty", `${name} is empty.`, "Export it again and look at it first.");
}

/** A route that takes a file's bytes as they are, whatever content type the client names. */
function fileScope(app: FastifyInstance, bodyLimit: number, routes: (scope: FastifyInstance) => void): void {
	app.register((scope, _options, done) => {
		scope.removeAllContentTypeParsers();
		scope.addContentTypeParser("*", { parseAs: "buffer", bodyLimit }, (_request, body, next) => next(null, body));
		routes(scope);
		done();
	});
}

/** What changes something; the guard has seen the token. */
export function changeRoutes<C extends CorePort>(app: FastifyInstance, parts: ApiParts<C>): void {
	const { intake } = parts;
	const run = (command: Command) => parts.shell.command(foldCommand(command));
	app.post("/api/v1/duty/sign-in", async (request, reply) =>
		sendAnswer(reply, await run({ what: "sign-in", ...whoOf(parseBody(dutyBody, request.body)) })),
	);
	app.post("/api/v1/duty/sign-out", async (request, reply) =>
		sendAnswer(reply, await run({ what: "sign-out", ...whoOf(parseBody(dutyBody, request.body)) })),
	);
	app.post("/api/v1/lights", async (request, reply) => {
		const body = parseBody(addLight, request.body);
		const added = await run({ what: "light-add", light: body.light, publicKey: body.publicKey });
		if (!added.ok || body.plate === undefined) return sendAnswer(reply, added, 201);
		return sendAnswer(reply, await run({ what: "light-bind", light: body.light, plate: body.plate }), 201);
	});
	app.post<{ Params: { light: string } }>("/api/v1/lights/:light/bind", async (request, reply) => {
		const body = parseBody(bindLight, request.body);
		const light = requireLightId(request.params.light);
		return sendAnswer(reply, await run({ what: "light-bind", light, plate: body.plate }));
	});
	for (const [verb, what] of [
		["accept", "held-accept"],
		["reject", "held-reject"],
	] as const)
		app.post<{ Params: { pull: string } }>(`/api/v1/ratings/held/:pull/${verb}`, async (request, reply) =>
			sendAnswer(reply, await run({ what, pull: request.params.pull })),
		);
	app.post("/api/v1/clock/accept", async (_request, reply) => sendAnswer(reply, await run({ what: "clock-accept" })));
	app.post("/api/v1/fleet/blank", async (_request, reply) => sendAnswer(reply, await run({ what: "blank-fleet" })));
	fileScope(app, MAX_RATINGS_BYTES, (scope) => {
		scope.post("/api/v1/ratings", { bodyLimit: MAX_RATINGS_BYTES }, async (request, reply) => {
			const name = fileNameOf(request.headers["x-file-name"], "ratings");
			return sendAnswer(reply, await runTaken(run, await intake.ratings(fileOf(request, name), name)));
		});
	});
	fileScope(app, MAX_FLEET_BYTES, (scope) => {
		scope.post("/api/v1/fleet", { bodyLimit: MAX_FLEET_BYTES }, async (request, reply) => {
			const { dryRun } = parseQuery(fleetQuery, request.query);
			const name = fileNameOf(request.headers["x-file-name"], "fleet");
			const dry = dryRun === "1" || dryRun === "true";
			return sendAnswer(reply, await runTaken(run, await intake.fleet(fileOf(request, name), name, dry)));
		});
	});
}
