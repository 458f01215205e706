import { DEFAULT_PAGE } from "../../protocol/schema/paging.ts";
import type { Page, PageAsked } from "../core/lists/page.ts";

/** The page that a query asks for. */
export const pageAsked = (query: {
	readonly limit?: number | undefined;
	readonly cursor?: string | undefined;
}): PageAsked => ({ limit: query.limit ?? DEFAULT_PAGE, after: query.cursor ?? null });

/** The body of a paged list: its rows under their name. */
export const listBody = <T>(name: string, { rows, next }: Page<T>): Readonly<Record<string, unknown>> => ({
	[name]: rows,
	nextCursor: next,
});
