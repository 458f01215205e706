import { z } from "zod";

const code = z
	.string()
	.regex(/^[a-z0-9-]+$/)
	.describe("Stable; docs/errors.md has all");

/** Where in a text that was sent something is wrong, and in which way. */
export const problemPlace = z.object({
	line: z.int().min(1),
	column: z.int().min(1),
	key: z.string().describe("As `scoreBands.0.from`; empty = the text as a whole"),
	kind: z
		.enum(["syntax", "unknown-key", "missing", "value"])
		.describe("The text cannot be read; no such key is known; the key is missing; its value cannot be used"),
});

/**
 * Every refused request's body, `application/problem+json` (RFC 9457). The member `error` says code, message and next step once more,
 * for programs that read nothing else.
 */
export const problemBody = z
	.object({
		type: z.string().describe("urn:liangxing:error:CODE"),
		title: z.string().describe("The code in words"),
		status: z.int().min(400).max(599),
		detail: z.string().describe("What happened; holds no personal data"),
		code,
		next: z.string().describe("The next step"),
		error: z.object({ code, message: z.string(), next: z.string() }),
		place: problemPlace.optional().describe("Where in a text that was sent something is wrong"),
	})
	.meta({ id: "Problem" });
export type Problem = z.output<typeof problemBody>;
export type ProblemPlace = z.output<typeof problemPlace>;

export const PROBLEM_TYPE = "application/problem+json";
