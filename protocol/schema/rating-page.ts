import { z } from "zod";
import { instant } from "./instant.ts";

/** A page of this many bytes is no page of ratings: 5,000 rows of 200 bytes are 1 MB. Counted before a byte is parsed. */
export const MAX_PAGE_BYTES = 8 * 1024 * 1024;
/** Rows of one page; more are asked for with the next one. */
export const MAX_PAGE_ROWS = 5000;
/** As many as a rating file may have. */
export const MAX_SNAPSHOT_ROWS = 1_000_000;
/** Names that a platform makes up: printable, so that they can stand in an address and in a log line. */
const NAME = /^[\x21-\x7e]{1,200}$/;
/** An ETag as in RFC 9110, section 8.8.3; quoted back as it came. */
const ETAG = /^(?:W\/)?"[\x21\x23-\x7e]{0,200}"$/;

const name = (what: string) => z.string().regex(NAME, `${what} has 1 to 200 printable ASCII characters`);
const count = z.int().min(0).max(MAX_SNAPSHOT_ROWS);

/**
 * One page of a platform's rating list. All pages of one snapshot are one picture of the list: the same `snapshot`, `asOf` and `total` on
 * each. Rows are any JSON here: one that is wrong must not cost the others (`gateway/core/ratings/json-row.ts` reads them).
 */
export const ratingPage = z.object({
	/** Changes with the list. */
	snapshot: name("a snapshot"),
	/** When the platform took this picture: ISO 8601 with its offset, or unix seconds. */
	asOf: instant,
	/** Rows of the whole snapshot: what tells a whole list from one that was cut. */
	total: count,
	/** Rows before this page; optional, checked where it is given. */
	from: count.optional(),
	rows: z.array(z.unknown()).max(MAX_PAGE_ROWS),
	/** Cursor of the next page; null = this is the last one. */
	next: name("a cursor").nullable(),
});
export type RatingPage = z.output<typeof ratingPage>;
/** As a platform sends it. */
export type RatingPageBody = z.input<typeof ratingPage>;

/** A page's ETag header, or null where there is none that can be sent back. */
export const etagOf = (header: string | null): string | null => (header !== null && ETAG.test(header) ? header : null);
