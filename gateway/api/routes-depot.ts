import type { FastifyInstance } from "fastify";
import { CLOCK_ACCEPT, DEPOT, STREAM } from "../../protocol/schema/api-depot.ts";
import type { Problem } from "../../protocol/schema/api-problem.ts";
import type { CorePort } from "../depot/shell.ts";
import { endpoint } from "./endpoint.ts";
import { type ApiParts, runner } from "./parts.ts";
import { problem, sendAnswer } from "./problems.ts";
import type { Stream } from "./stream.ts";

/** Why nothing is signed now, or null. */
export function notReady<C extends CorePort>(parts: ApiParts<C>): Problem | null {
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

/** The depot itself: numbers, stream, clock. */
export function depotRoutes<C extends CorePort>(app: FastifyInstance, parts: ApiParts<C>, stream: Stream<C>): void {
	const run = runner(parts);
	endpoint(app, DEPOT, () => ({
		...parts.shell.view.depot(parts.shell.now()),
		mqtt: parts.mqtt,
		source: parts.source?.view() ?? null,
		counters: parts.counters(),
	}));
	endpoint(app, STREAM, ({ reply }) => {
		stream.add(reply.raw);
		return reply.hijack();
	});
	endpoint(app, CLOCK_ACCEPT, async ({ reply }) => sendAnswer(reply, await run({ what: "clock-accept" })));
}
