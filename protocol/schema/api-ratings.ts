import { z } from "zod";
import { keyPage, listOf, numberPage } from "./paging.ts";
import { route } from "./route-doc.ts";
import { count, driverRef, unixMillis, unixS } from "./row-parts.ts";
import { stars } from "./scalars.ts";
import { starsMoves } from "./stars-moves.ts";

/** A bureau's file of 100,000 drivers has 6.5 MiB. */
export const MAX_RATINGS_BYTES = 64 * 1024 * 1024;

export const fileHeaders = {
	"x-file-name": z.string().optional().describe("The file's name, percent-encoded UTF-8"),
};

/** What reading a file can refuse. */
export const FILE_ERRORS = [
	"file-empty",
	"encoding-broken",
	"csv-malformed",
	"line-too-long",
	"too-many-rows",
	"not-a-csv",
	"truncated",
	"header-not-found",
	"column-missing",
	"no-rows",
	"header-invalid",
	"file-too-large",
] as const;

const heldFor = z
	.array(z.enum(["removes-too-many", "lowers-too-many", "goes-back"]))
	.describe("Why a person must look first; empty = nobody");
const status = z.enum(["applied", "held", "accepted", "rejected", "unchanged"]);
const changeCounts = {
	added: count,
	changed: count,
	removed: count,
	lowered: count.describe("Drivers whose owed stars fall"),
};
/** A row of a file that was not taken, or a remark on one that was. */
const leftOut = z.object({ row: z.int().describe("Data row, counted from 1 after the header"), reason: z.string() });
export const fileNote = z.object({ row: z.int(), note: z.string() });

const quarantinedRow = z
	.object({
		row: z.int().describe("Data row, counted from 1 after the header"),
		reason: z.string().describe("Code; docs/rating-files.md has all"),
		driver: driverRef.nullable().describe("The driver, where known; the former rating stands"),
	})
	.meta({ id: "QuarantinedRow" });

const pullRow = z
	.object({
		id: z.string().describe("e.g. P000007"),
		source: z.string(),
		name: z.string().describe("The file's name without folders, or the platform's name"),
		contentHash: z.string().describe("SHA-256 of the content, hex"),
		at: unixMillis,
		rows: count,
		accepted: count,
		quarantined: count,
		quarantinedRows: z.array(quarantinedRow).describe("The first 100; see /api/v1/pulls/{pull}/quarantine"),
		status,
		...changeCounts,
		heldFor,
		asOf: unixS.optional().describe("When a platform took the picture of its list; a file does not say"),
	})
	.meta({ id: "Pull" });
export type PullBody = z.output<typeof pullRow>;

/** What an import and a pull both say. */
const taken = {
	status,
	rows: count,
	accepted: count,
	quarantined: count,
	...changeCounts,
	heldFor,
	quarantinedRows: z.array(leftOut),
	notes: z.array(fileNote),
};

export const RATINGS_IMPORT = route({
	method: "POST",
	path: "/api/v1/ratings",
	tag: "ratings",
	summary: "Import a rating file (CSV)",
	about:
		"The body is the file as it is, UTF-8 or GB18030. One that would remove or lower too much is held for a person and changes nothing " +
		"until it is accepted.",
	headers: fileHeaders,
	file: { about: "The rating file", mostBytes: MAX_RATINGS_BYTES },
	answer: {
		about: "Taken, held, or the same as before",
		schema: z.object({ ...taken, pull: z.string() }),
	},
	errors: FILE_ERRORS,
});

/** A path of its own: a gateway that does not know it must not import. */
export const RATINGS_DRY_RUN = route({
	method: "POST",
	path: "/api/v1/ratings/dry-run",
	tag: "ratings",
	summary: "Say what importing a rating file would do: taken, held or the same; nothing is changed",
	headers: fileHeaders,
	file: { about: "The rating file", mostBytes: MAX_RATINGS_BYTES },
	answer: { about: "What would come of it", schema: z.object(taken) },
	errors: FILE_ERRORS,
});

export const RATINGS_PULL = route({
	method: "POST",
	path: "/api/v1/ratings/pull",
	tag: "ratings",
	summary: "Pull ratings from the credit platform now",
	about:
		"Answers once the pull is over, as an import does; it goes on where the caller goes away. `GET /api/v1/depot` tells how far it is.",
	body: z.strictObject({
		url: z.string().min(1).max(2000).optional().describe("Address of the list; left out = the configured platform"),
	}),
	answer: {
		about: "Taken, held, or the same as before",
		schema: z.object({ ...taken, pull: z.string().nullable() }),
	},
	errors: [
		"body-invalid",
		"source-not-set",
		"source-url-refused",
		"pull-running",
		"pull-incomplete",
		"platform-unreachable",
		"platform-too-slow",
		"platform-busy",
		"platform-failing",
		"platform-redirects",
		"platform-refuses",
		"platform-refuses-token",
		"platform-token-unusable",
		"page-not-json",
		"page-malformed",
		"page-too-large",
		"page-cut-off",
		"cursor-gone",
		"list-too-large",
		"snapshot-in-future",
		"no-rows",
		"file-mode-too-open",
	],
});

const pulls = listOf("pulls", pullRow);
export type PullsAnswer = z.output<typeof pulls>;

export const PULLS_LIST = route({
	method: "GET",
	path: "/api/v1/pulls",
	tag: "ratings",
	summary: "The newest pulls, oldest first, and those that are held",
	query: keyPage,
	answer: { about: "Pulls in the order of their keys", schema: pulls },
	errors: ["query-invalid"],
});

const pullParam = { pull: z.string().describe("Key of the pull, e.g. P000007") };

const quarantine = listOf("quarantine", quarantinedRow).extend({
	reasons: z
		.record(z.string(), count)
		.describe("How many rows of the pull, by code; of the whole pull, whatever was asked for"),
});
export type QuarantineAnswer = z.output<typeof quarantine>;

export const PULL_QUARANTINE = route({
	method: "GET",
	path: "/api/v1/pulls/:pull/quarantine",
	tag: "ratings",
	summary: "Rows of a pull that were not taken",
	params: pullParam,
	query: numberPage.extend({
		reason: z
			.string()
			.regex(/^[a-z-]{1,40}$/, "a reason's code is wanted")
			.optional()
			.describe("Only rows of this code"),
	}),
	answer: {
		about: "Rows in their order",
		schema: quarantine,
	},
	errors: ["query-invalid", "pull-unknown"],
});

export const HELD_LIST = route({
	method: "GET",
	path: "/api/v1/ratings/held",
	tag: "ratings",
	summary: "Pulls that wait for a person",
	query: keyPage,
	answer: { about: "Held pulls in the order of their keys", schema: listOf("held", pullRow) },
	errors: ["query-invalid"],
});

export const HELD_DIFF = route({
	method: "GET",
	path: "/api/v1/ratings/held/:pull/diff",
	tag: "ratings",
	summary: "Who would move if a held pull were accepted",
	about:
		"Only drivers whose owed stars would be others, by the policy that is active now. `changes` counts all changes of the pull.",
	params: pullParam,
	query: numberPage,
	answer: {
		about: "Drivers that would move, in the pull's order",
		schema: listOf(
			"moves",
			z
				.object({
					driver: driverRef.nullable().describe("null = a driver heard of for the first time, who has no key yet"),
					op: z.enum(["add", "change", "remove"]),
					from: stars,
					to: stars,
				})
				.meta({ id: "RatingMove" }),
		).extend({ pull: z.string(), changes: count, moved: count }),
	},
	errors: ["query-invalid", "pull-not-held"],
});

const heldLights = z.object({
	pull: z.string(),
	shares: z
		.object({
			rated: count.describe("Drivers that have a rating now"),
			removed: count,
			lowered: count,
			mostRemoved: z.number().describe("Share of the rated drivers beyond which a pull is held"),
			mostLowered: z.number(),
		})
		.describe("What would change of the present ratings"),
	drivers: z.object({ rated: count, moved: count, up: count, down: count }),
	...starsMoves,
	nextCursor: z.string().nullable().describe("Cursor of the next page of `moves`; null = this was the last"),
});
export type HeldLightsAnswer = z.output<typeof heldLights>;

export const HELD_LIGHTS = route({
	method: "GET",
	path: "/api/v1/ratings/held/:pull/lights",
	tag: "ratings",
	summary: "Which lights would move if a held pull were accepted",
	about: "By the ratings, the policy and the duties of now, with the shares for which a pull is held.",
	params: pullParam,
	query: numberPage,
	answer: {
		about: "What would change, in counts and light by light",
		schema: heldLights,
	},
	errors: ["query-invalid", "pull-not-held"],
});

export const HELD_ACCEPT = route({
	method: "POST",
	path: "/api/v1/ratings/held/:pull/accept",
	tag: "ratings",
	summary: "Accept a held pull: its ratings hold from now on",
	params: pullParam,
	answer: {
		about: "Accepted",
		schema: z.object({ pull: z.string(), status, added: count, changed: count, removed: count }),
	},
	errors: ["pull-not-held"],
});

export const HELD_REJECT = route({
	method: "POST",
	path: "/api/v1/ratings/held/:pull/reject",
	tag: "ratings",
	summary: "Reject a held pull: the former ratings stand",
	params: pullParam,
	answer: { about: "Rejected", schema: z.object({ pull: z.string(), status }) },
	errors: ["pull-not-held"],
});
