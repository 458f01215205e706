import { z } from "zod";
import { changeRow } from "./api-why.ts";
import { route } from "./route-doc.ts";
import { lightId, stars } from "./scalars.ts";

/** A page for a person: a busy taxi changes a few dozen times a day. */
export const DEFAULT_STORY = 50;
const MOST_STORY = 500;

const iso = z.string().describe("ISO 8601, UTC");

const story = z.object({
	light: lightId,
	plate: z.string().nullable(),
	seen: z
		.object({
			stars,
			at: iso,
			ends: iso.nullable().describe("When what it showed then ends by itself; null with 0 stars"),
		})
		.nullable()
		.describe("What the light last said of its glass, verified; null = never heard"),
	most: z
		.object({
			stars,
			darkBy: iso.nullable().describe("Dark from then on without new contact; null = dark now"),
			resumes: z
				.object({ times: z.int(), eachS: z.int() })
				.describe("After a loss of power it may be lit once more, so often and for so long, on any later day"),
		})
		.nullable()
		.describe("The most that a passenger can see now; null = not known, the light was never heard"),
	changes: z.array(changeRow),
	more: z.boolean().describe("There are older ones, or one that is stored within the next second"),
});
/** What the console draws of one light's past. */
export type StoryAnswer = z.output<typeof story>;

/** A light's story: its newest change of stars and those before it, newest first. No certificate number is in it. */
export const LIGHT_STORY = route({
	method: "GET",
	path: "/api/v1/lights/:light/story",
	tag: "lights",
	summary: "What a light owed, how each change ended, and what can be seen of it at most",
	params: { light: z.string().describe("Light id; small letters are taken too") },
	query: z.strictObject({
		limit: z
			.string()
			.regex(/^\d{1,3}$/, `a whole number from 1 to ${MOST_STORY} is wanted`)
			.transform(Number)
			.pipe(z.int().min(1).max(MOST_STORY))
			.optional()
			.describe(`Changes told at most; ${DEFAULT_STORY} where it is left out`),
	}),
	answer: {
		about: "The newest change first",
		schema: story,
	},
	errors: ["query-invalid", "light-unknown"],
});
