import { z } from "zod";
import { type Assessment, MOST_SCORE } from "./table.ts";

/** A thousand drivers at once, and more than enough for each. */
export const MAX_ASSESSMENT_BYTES = 256 * 1024;

const body = z.strictObject({
	changes: z
		.array(
			z.strictObject({ certificate: z.string().min(1).max(19), score: z.number().min(0).max(MOST_SCORE).nullable() }),
		)
		.min(1)
		.max(1000),
});

/** Reads `{"changes":[{"certificate":"...","score":25}]}`; null = it is something else. */
export function readAssessments(text: string): readonly Assessment[] | null {
	try {
		const read = body.safeParse(JSON.parse(text));
		return read.success ? read.data.changes : null;
	} catch {
		return null;
	}
}
