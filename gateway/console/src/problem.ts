import type { Problem as ProblemBody } from "../../../protocol/schema/api-problem.ts";

/** Where in a text that was sent something is wrong; lines and columns from 1. */
export type Place = NonNullable<ProblemBody["place"]>;

/** A refusal in the API's own words (English), or `no-answer`. */
export interface Problem {
	readonly code: string;
	readonly message: string;
	readonly next: string;
	readonly place?: Place;
}

export const NO_ANSWER: Problem = { code: "no-answer", message: "", next: "" };

/** What a refused request was answered. A proxy's answer may hold nothing of ours. */
export function problemOf(status: number, body: unknown): Problem {
	const { error, place } = body as { readonly error?: Partial<Problem>; readonly place?: Place };
	const { code = `http-${status}`, message = "", next = "" } = error ?? {};
	return { code, message, next, ...(place === undefined ? {} : { place }) };
}
