import type { FastifyInstance } from "fastify";
import { ALARMS, ALARMS_TEST, HEALTHZ, METRICS, READYZ } from "../../protocol/schema/api-ops.ts";
import { OVERVIEW } from "../../protocol/schema/api-overview.ts";
import type { ApiFigures } from "../depot/ops.ts";
import type { CorePort } from "../depot/shell.ts";
import { endpoint } from "./endpoint.ts";
import type { ApiParts } from "./parts.ts";
import { sendProblem } from "./problems.ts";
import { notReady } from "./routes-depot.ts";

/** Whether it lives, whether it may sign, its figures, and the alarms that stand. Open to everybody on this machine, as the lists are. */
export function opsRoutes<C extends CorePort>(
	app: FastifyInstance,
	parts: ApiParts<C>,
	figures: () => ApiFigures,
): void {
	const { ops } = parts;
	endpoint(app, HEALTHZ, () => ({ ok: true, program: "liangxing", instance: parts.instance }));
	// Ready: signs and stores. What is amiss beside that is listed, and takes no depot out of service.
	endpoint(app, READYZ, ({ reply }) => {
		const reason = notReady(parts);
		return reason === null ? { ready: true, degraded: ops?.degraded() ?? [] } : sendProblem(reply, reason);
	});
	if (ops === undefined) return;
	endpoint(app, METRICS, async ({ reply }) => {
		const { contentType, text } = await ops.scrape(figures());
		return reply.header("cache-control", "no-store").type(contentType).send(text);
	});
	endpoint(app, OVERVIEW, () => ops.overview());
	endpoint(app, ALARMS, () => ops.alarms());
	endpoint(app, ALARMS_TEST, async () => ({ hooks: await ops.testAlarms() }));
}
