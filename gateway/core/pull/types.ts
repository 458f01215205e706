import type { UnixMs } from "../../../protocol/wire/units.ts";

/** Why a request brought no page, and what follows from it. */
export interface PullFailure {
	readonly code: string;
	readonly message: string;
	readonly next: string;
	/** `retry`: may go away by itself; `restart`: what was fetched is of no use any more; `final`: a person must act. */
	readonly kind: "retry" | "restart" | "final";
	/** What the platform asked to wait, milliseconds. */
	readonly waitMs?: number;
}

/** What of a page decides how a pull goes on; its rows stay with the shell. */
export interface PageFacts {
	readonly snapshot: string;
	readonly asOf: UnixMs;
	readonly total: number;
	/** Rows before this page, where the platform says so. */
	readonly from: number | null;
	readonly rows: number;
	readonly next: string | null;
	readonly etag: string | null;
	/** SHA-256 of the rows, hex: a page that comes twice is told by it. */
	readonly digest: string;
}

/** The pages of one snapshot that are stored so far. */
export interface Stage {
	readonly snapshot: string;
	readonly asOf: UnixMs;
	readonly total: number;
	/** Of the snapshot's first page. */
	readonly etag: string | null;
	readonly rows: number;
	/** Cursor of the page to fetch next; null = all are there. */
	readonly next: string | null;
	/** Of each page, in order: under which cursor it came (null = the first) and what it held. */
	readonly pages: readonly { readonly cursor: string | null; readonly digest: string }[];
}

/** How patient a pull is. */
export interface PullLimits {
	/** Requests for one page before it is given up. */
	readonly attempts: number;
	/** Beginnings anew after a snapshot that does not hold together. */
	readonly restarts: number;
}

export type PullEvent =
	/** `stage`: left by a pull that was cut off. `etag`: of the list as it was taken last, where nothing else changed since. */
	| { readonly type: "begin"; readonly stage: Stage | null; readonly etag: string | null; readonly trial: boolean }
	| { readonly type: "page"; readonly page: PageFacts }
	| { readonly type: "not-modified" }
	| { readonly type: "failed"; readonly failure: PullFailure }
	| { readonly type: "waited" }
	/** The page in hand is durable. */
	| { readonly type: "staged" };

export type PullEffect =
	| { readonly type: "fetch"; readonly cursor: string | null; readonly etag: string | null }
	| { readonly type: "wait"; readonly ms: number; readonly code: string; readonly attempt: number }
	/** Store the page in hand under this stage, durable; answer `staged`. */
	| { readonly type: "stage"; readonly stage: Stage }
	/** Throw away what is staged. */
	| { readonly type: "clear"; readonly code: string }
	/** Every page is staged: read them, validate, hand over. The pull is over. */
	| { readonly type: "apply"; readonly stage: Stage }
	/** The list is the one taken last. The pull is over. */
	| { readonly type: "unchanged" }
	/** The pull is over; the former ratings stand. */
	| { readonly type: "give-up"; readonly failure: PullFailure };
