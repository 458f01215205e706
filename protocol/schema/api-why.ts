import { z } from "zod";
import { whyBody } from "./api.ts";
import { route } from "./route-doc.ts";
import { driverRef } from "./row-parts.ts";
import { lightId, stars } from "./scalars.ts";

const linkName = z.enum(["rating", "policy", "duty", "grant", "delivery", "glass"]);
const iso = z.string().describe("ISO 8601, UTC");
/** How a change of a star ended. */
export const endWord = z.enum(["shown", "refused", "acked", "expired", "superseded", "not-due", "revoked"]);

/** One change of what a light owes. */
export const changeRow = z
	.object({
		trace: z.string().describe("Trace id, hex"),
		stars,
		reason: z.enum(["rated", "unbound", "no-duty", "unrated", "rating-too-old"]),
		driver: driverRef.nullable(),
		pull: z.string().nullable(),
		duty: z.string().nullable(),
		openedAt: iso,
		end: z
			.object({
				what: endWord,
				by: z.string().nullable(),
				at: iso,
			})
			.nullable()
			.describe("null = under way"),
	})
	.meta({ id: "StarChange" });
export type StarChangeRow = z.output<typeof changeRow>;

const explanation = z.object({
	plate: z.string().nullable(),
	light: lightId.nullable(),
	desired: stars,
	chain: z.array(
		z.object({
			link: linkName,
			ok: z.boolean(),
			at: iso.nullable(),
			ageS: z.number().nullable(),
			id: z.string().nullable(),
			code: z.string(),
			detail: z.string(),
		}),
	),
	broken: linkName.nullable(),
	next: z.string(),
	change: changeRow.nullable(),
});
/** What `liangxing why --json` and the API answer. */
export type WhyAnswer = z.output<typeof explanation>;

/** Looks only, but is a POST: a plate belongs into no URL, since URLs are logged. */
export const WHY = route({
	method: "POST",
	path: "/api/v1/why",
	token: false,
	tag: "lights",
	summary: "Why a light shows what it shows, from the rating to the glass",
	about:
		"Exactly one of plate, light and driver (internal key). Changes nothing and wants no token; a POST, since a plate belongs into no URL.",
	body: whyBody,
	answer: {
		about: "Each link, and the first that broke",
		schema: explanation,
	},
	errors: ["body-invalid", "light-unknown", "vehicle-unknown", "driver-unknown"],
});
