import { z } from "zod";
import { route } from "./route-doc.ts";
import { count, saidCode, unixMillis } from "./row-parts.ts";

/** A way to people, and where it leads. */
const way = { hook: z.enum(["webhook", "email"]), target: z.string() };
const messageCounts = z.object({ sent: count, failed: count, dropped: count });

export const HEALTHZ = route({
	method: "GET",
	path: "/healthz",
	tag: "depot",
	summary: "Whether the process answers",
	answer: {
		about: "It does",
		schema: z.object({
			ok: z.literal(true),
			program: z.literal("liangxing"),
			instance: z.string().describe("Random, of this start"),
		}),
	},
});

export const READYZ = route({
	method: "GET",
	path: "/readyz",
	tag: "depot",
	summary: "Whether the depot signs and stores",
	answer: {
		about: "It does",
		schema: z.object({
			ready: z.literal(true),
			degraded: z.array(saidCode).describe("What is amiss beside that; takes no depot out of service"),
		}),
	},
	errors: ["store-failed", "broker-port-closed", "clock-behind", "clock-ahead"],
});

export const METRICS = route({
	method: "GET",
	path: "/metrics",
	tag: "depot",
	summary: "Metrics in Prometheus' text format; docs/metrics.md names them",
	answer: { about: "The metrics", type: "text/plain" },
});

export const ALARMS = route({
	method: "GET",
	path: "/api/v1/alarms",
	tag: "depot",
	summary: "Alarms that stand, and where they are told",
	answer: {
		about: "Alarms",
		schema: z.object({
			alarms: z.array(
				z
					.object({
						...saidCode.shape,
						severity: z.enum(["critical", "warning"]),
						over: z.boolean(),
						since: unixMillis,
						detail: z.record(z.string(), z.union([z.number(), z.string()])),
					})
					.meta({ id: "Alarm" }),
			),
			hooks: z.array(z.object(way)),
			messages: z.object({ webhook: messageCounts, email: messageCounts }),
		}),
	},
});

export const ALARMS_TEST = route({
	method: "POST",
	path: "/api/v1/alarms/test",
	tag: "depot",
	summary: "Send a test message by each way that is set",
	answer: {
		about: "How each way took it",
		schema: z.object({
			hooks: z.array(z.object({ ...way, ok: z.boolean(), error: saidCode.nullable() })),
		}),
	},
	errors: ["alarm-no-hook", "alarm-secret-missing", "file-mode-too-open"],
});
