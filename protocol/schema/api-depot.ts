import { z } from "zod";
import { route } from "./route-doc.ts";
import { count, counts, saidCode, unixMillis, unixS } from "./row-parts.ts";

const depotView = {
	fleet: z.string(),
	epoch: z.int(),
	clock: z
		.object({ code: z.enum(["clock-behind", "clock-ahead"]), storedTime: unixS, now: unixS })
		.nullable()
		.describe("null = trusted; else why nothing is signed"),
	policy: z.object({ name: z.string(), hash: z.string(), maxAgeDays: z.int().describe("Limit of an age of truth") }),
	lights: count,
	drivers: count,
	vehicles: count,
	held: count.describe("Pulls that wait for a person"),
	lastPull: z.string().nullable().describe("Key of the newest pull; null = there was none"),
	refusals: counts.describe("By lights, by code"),
	dropped: counts.describe("Messages not taken, by code"),
};

const sourceView = z
	.object({
		kind: z.literal("http"),
		url: z.string().nullable().describe("Without its query; null = none is configured"),
		schedule: z.string().describe("A cron expression, or `off`"),
		timeZone: z.string(),
		nextDue: unixMillis.nullable().describe("null = only by hand"),
		running: z
			.object({
				pages: count,
				rows: count,
				total: count,
				waitsFor: z.string().nullable().describe("Code of what it waits for"),
				since: unixMillis,
			})
			.nullable(),
		restingUntil: unixMillis.nullable().describe("The platform is left alone until then"),
		failures: count.describe("Pulls that failed one after the other"),
		last: z
			.object({
				at: unixMillis,
				outcome: z.enum(["applied", "held", "unchanged", "failed"]),
				failure: saidCode.nullable(),
			})
			.nullable(),
		goodAt: unixMillis.nullable().describe("When the list was last known to be taken whole, also unchanged"),
	})
	.meta({ id: "RatingSource" });

export const DEPOT = route({
	method: "GET",
	path: "/api/v1/depot",
	tag: "depot",
	summary: "The depot in numbers",
	answer: {
		about: "The depot",
		schema: z.object({
			...depotView,
			source: sourceView.nullable().describe("The platform that ratings are pulled from"),
			mqtt: z.string().describe("Address of the broker"),
			counters: z.record(z.string(), z.unknown()).describe("By part: loop, store, broker, api"),
		}),
	},
});

export const STREAM = route({
	method: "GET",
	path: "/api/v1/stream",
	tag: "depot",
	summary: "What changes, as server-sent events",
	about:
		"First `snapshot` (`at`, `depot` with what the `broker` turned away, `lights`: all rows), then `lights` (`at`, `lights`: rows that changed, at most 4 batches a second), " +
		"`depot` when it changed, and `beat` every 5 s. Data is JSON; rows are as in /api/v1/lights.",
	answer: { about: "The stream", type: "text/event-stream" },
	errors: ["too-many-streams"],
});

export const CLOCK_ACCEPT = route({
	method: "POST",
	path: "/api/v1/clock/accept",
	tag: "depot",
	summary: "Say that the depot's clock is right as it is",
	answer: {
		about: "Signing goes on",
		schema: z.object({
			now: unixS,
			storedTime: unixS.describe("The newest time stored before"),
			applied: z.boolean().describe("false = it was trusted already"),
		}),
	},
});

export const OPENAPI = route({
	method: "GET",
	path: "/api/v1/openapi.json",
	tag: "pages",
	summary: "This document (OpenAPI 3.1)",
	answer: { about: "The document", schema: z.looseObject({ openapi: z.string() }) },
});

export const DOCS_PAGE = route({
	method: "GET",
	path: "/api/docs",
	tag: "pages",
	summary: "This document as a page; loads nothing from elsewhere",
	answer: { about: "The page", type: "text/html" },
});

export const DOCS_FILE = route({
	method: "GET",
	path: "/api/docs/:file",
	tag: "pages",
	summary: "Scripts and styles of the page",
	params: { file: z.string() },
	answer: { about: "The file", type: "text/javascript" },
	errors: ["not-found"],
});

export const CONSOLE_PAGE = route({
	method: "GET",
	path: "/",
	tag: "pages",
	summary: "The console",
	answer: { about: "The page", type: "text/html" },
});

export const CONSOLE_FILES = route({
	method: "GET",
	path: "/*",
	tag: "pages",
	summary: "Files of the console",
	params: { "*": z.string() },
	answer: { about: "The file", type: "text/javascript" },
	errors: ["not-found"],
});
