import type { FastifyInstance } from "fastify";
import type { DutyBody } from "../../protocol/schema/api.ts";
import { DUTIES_LIST, SIGN_IN, SIGN_OUT } from "../../protocol/schema/api-duty.ts";
import { dutyRows } from "../core/lists/fleet-lists.ts";
import type { CorePort } from "../depot/shell.ts";
import { endpoint } from "./endpoint.ts";
import { listBody, pageAsked } from "./paged.ts";
import { type ApiParts, runner } from "./parts.ts";
import { sendAnswer } from "./problems.ts";

const whoOf = (body: DutyBody) => ({
	vehicle: body.vehicle !== undefined ? { key: body.vehicle } : { plate: body.plate ?? "" },
	driver: body.driver !== undefined ? { key: body.driver } : { certificate: body.certificate ?? "" },
	at: body.at ?? null,
});

/** Who is on duty. */
export function dutyRoutes<C extends CorePort>(app: FastifyInstance, parts: ApiParts<C>): void {
	const run = runner(parts);
	endpoint(app, SIGN_IN, async ({ body, reply }) => sendAnswer(reply, await run({ what: "sign-in", ...whoOf(body) })));
	endpoint(app, SIGN_OUT, async ({ body, reply }) =>
		sendAnswer(reply, await run({ what: "sign-out", ...whoOf(body) })),
	);
	endpoint(app, DUTIES_LIST, ({ query }) => {
		const { shell } = parts;
		return listBody("duties", dutyRows(shell.view.look(shell.now()), pageAsked(query)));
	});
}
