import type { FastifyInstance } from "fastify";
import type { ApiFigures } from "../depot/ops.ts";
import type { CorePort } from "../depot/shell.ts";
import type { ApiParts } from "./parts.ts";
import { notReady } from "./routes-read.ts";

/** Whether it lives, whether it may sign, its figures, and the alarms that stand. Open to everybody on this machine, as the lists are. */
export function opsRoutes<C extends CorePort>(
	app: FastifyInstance,
	parts: ApiParts<C>,
	figures: () => ApiFigures,
): void {
	const { ops } = parts;
	app.get("/healthz", () => ({ ok: true, program: "liangxing", instance: parts.instance }));
	// Ready: signs and stores. What is amiss beside that is listed, and takes no depot out of service.
	app.get("/readyz", (_request, reply) => {
		const reason = notReady(parts);
		return reason === null
			? reply.send({ ready: true, degraded: ops?.degraded() ?? [] })
			: reply.code(503).send(reason);
	});
	if (ops === undefined) return;
	app.get("/metrics", async (_request, reply) => {
		const { contentType, text } = await ops.scrape(figures());
		return reply.header("cache-control", "no-store").type(contentType).send(text);
	});
	app.get("/api/v1/alarms", () => ops.alarms());
	app.post("/api/v1/alarms/test", async () => ({ hooks: await ops.testAlarms() }));
}
