import { z } from "zod";

/** Rows of one page at most, and where nothing else is asked for. */
export const MAX_PAGE = 5000;
export const DEFAULT_PAGE = 1000;

const limit = z
	.custom<string>((v) => typeof v === "string" && /^\d{1,5}$/.test(v), `a whole number from 1 to ${MAX_PAGE} is wanted`)
	.meta({ type: "integer", minimum: 1, maximum: MAX_PAGE, description: "Rows of the page at most" })
	.transform(Number)
	.pipe(z.int().min(1).max(MAX_PAGE))
	.optional();

const cursorOf = (form: RegExp) =>
	z
		.string()
		.regex(form, "the cursor of the page before is wanted")
		.describe("nextCursor of the page before")
		.optional();

/** Query of a list whose rows have keys such as `D000123`. */
export const keyPage = z.strictObject({ limit, cursor: cursorOf(/^[A-Z]\d{1,12}$/) });
/** Query of a list whose rows have numbers. */
export const numberPage = z.strictObject({ limit, cursor: cursorOf(/^\d{1,10}$/) });
/** Query of the list of lights. */
export const lightPage = z.strictObject({ limit, cursor: cursorOf(/^[0-9A-Z]{1,12}$/) });

/** Answer of a paged list: the rows under their own name, and where the next page begins. */
export const listOf = <N extends string, T extends z.ZodType>(name: N, row: T) =>
	z.object({
		[name]: z.array(row),
		nextCursor: z.string().nullable().describe("Cursor of the next page; null = this was the last"),
	} as { [K in N]: z.ZodArray<T> } & { nextCursor: z.ZodNullable<z.ZodString> });
