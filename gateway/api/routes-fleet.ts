import type { FastifyInstance } from "fastify";
import {
	DRIVERS_LIST,
	FLEET_BLANK,
	FLEET_IMPORT,
	MAX_FLEET_BYTES,
	VEHICLES_LIST,
} from "../../protocol/schema/api-fleet.ts";
import { driverRows, vehicleRows } from "../core/lists/fleet-lists.ts";
import type { CorePort } from "../depot/shell.ts";
import { fileNameOf } from "./body.ts";
import { endpoint } from "./endpoint.ts";
import { fileOf, fileScope } from "./file-scope.ts";
import { listBody, pageAsked } from "./paged.ts";
import { type ApiParts, runner, runTaken } from "./parts.ts";
import { sendAnswer } from "./problems.ts";

/** Vehicles and drivers. */
export function fleetRoutes<C extends CorePort>(app: FastifyInstance, parts: ApiParts<C>): void {
	const run = runner(parts);
	const look = () => parts.shell.view.look(parts.shell.now());
	fileScope(app, MAX_FLEET_BYTES, (scope) =>
		endpoint(scope, FLEET_IMPORT, async ({ query, request, reply }) => {
			const name = fileNameOf(request.headers["x-file-name"], "fleet");
			const dry = query.dryRun === "1" || query.dryRun === "true";
			return sendAnswer(reply, await runTaken(run, await parts.intake.fleet(fileOf(request, name), name, dry)));
		}),
	);
	endpoint(app, VEHICLES_LIST, ({ query }) => listBody("vehicles", vehicleRows(look(), pageAsked(query))));
	endpoint(app, DRIVERS_LIST, ({ query }) => listBody("drivers", driverRows(look(), pageAsked(query))));
	endpoint(app, FLEET_BLANK, async ({ reply }) => sendAnswer(reply, await run({ what: "blank-fleet" })));
}
