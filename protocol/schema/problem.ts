import type { z } from "zod";

/** First problem of a failed parse as `key: what is wanted`. Values are left out: they can be secrets or personal data. */
export function firstProblem(error: z.ZodError): { readonly key: string; readonly text: string } {
	const issue = error.issues[0];
	const key = issue?.path.map(String).join(".") || "(whole document)";
	return { key, text: `${key}: ${issue?.message ?? "not as expected"}` };
}
