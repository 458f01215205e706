import { z } from "zod";
import { endWord } from "./api-why.ts";
import { route } from "./route-doc.ts";
import { count, counts, unixMillis } from "./row-parts.ts";

const outbox = z.object({ entries: count, oldestS: z.number() });

const channel = z.object({
	outbox: z
		.object({ heard: outbox, absent: outbox })
		.describe("Grants without an answer yet; absent = to silent lights, which wait for the light"),
	ends: z.record(endWord, count).describe("How changes ended, since `since`"),
	convergence: z
		.object({
			bounds: z.array(z.number()).describe("Seconds"),
			counts: z.array(count).describe("Values up to each bound, not counting those before; the last has no bound"),
			sum: z.number(),
			count,
		})
		.describe("From a change of a star to the report that shows it, since `since`"),
	refusals: counts.describe("What lights refused, by code, since `since`"),
});

const overview = z.object({
	at: unixMillis,
	since: unixMillis.describe(
		"Counts begin here: the start of the gateway, or of its picture after a failure of the store",
	),
	records: z.object({ ratings: count, drivers: count, vehicles: count }),
	pulls: z.object({
		appliedAt: unixMillis.nullable().describe("Newest pull whose ratings hold; null = none"),
		held: count,
		newest: z
			.object({
				id: z.string(),
				source: z.string(),
				at: unixMillis,
				rows: count,
				accepted: count,
				quarantined: count,
				status: z.enum(["applied", "held", "accepted", "rejected", "unchanged"]),
			})
			.nullable()
			.describe("The newest pull that was not the same as the one before"),
	}),
	channels: z.object({ mqtt: channel }),
});
export type OverviewAnswer = z.output<typeof overview>;

/** What the overview shows beside the lights themselves, which the stream carries. */
export const OVERVIEW = route({
	method: "GET",
	path: "/api/v1/overview",
	tag: "depot",
	summary: "The way from rating to glass in figures",
	answer: {
		about: "Figures at one instant; nothing of any person",
		schema: overview,
	},
});
