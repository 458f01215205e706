import { LONGEST_WAIT_MS, retryDelay } from "./backoff.ts";
import type { PageFacts, PullEffect, PullEvent, PullFailure, PullLimits, Stage } from "./types.ts";

/** A million rows in pages of fifty. */
export const MAX_PAGES = 20_000;

/** One pull under way. Pure: the shell keeps it, does the effects and feeds what comes of them. */
export interface PullState {
	readonly at: "new" | "fetching" | "waiting" | "staging" | "over";
	readonly stage: Stage | null;
	/** For the first page only, until one came. */
	readonly etag: string | null;
	/** Requests for the present page that failed. */
	readonly failed: number;
	readonly restarts: number;
	/** The breaker was open: one request decides. */
	readonly trial: boolean;
}

export interface PullStep {
	readonly state: PullState;
	readonly effects: readonly PullEffect[];
}

export const NEW_PULL: PullState = { at: "new", stage: null, etag: null, failed: 0, restarts: 0, trial: false };

const step = (state: PullState, ...effects: PullEffect[]): PullStep => ({ state, effects });
const ignored = (state: PullState): PullStep => step(state);

/**
 * The next state of a pull and what is to be done. A page is asked for once the one before it is durable; nothing is applied before the
 * whole snapshot is there. `chance` is 0 to 1. Events that do not fit the state are ignored.
 */
export function pullStep(state: PullState, event: PullEvent, chance: number, limits: PullLimits): PullStep {
	switch (event.type) {
		case "begin":
			return state.at === "new" ? begin(event) : ignored(state);
		case "page":
			return state.at === "fetching" ? takePage(state, event.page, chance, limits) : ignored(state);
		case "not-modified":
			return state.at === "fetching" && state.stage === null
				? step({ ...state, at: "over" }, { type: "unchanged" })
				: ignored(state);
		case "failed":
			return state.at === "fetching" ? fail(state, event.failure, chance, limits) : ignored(state);
		case "waited":
			return state.at === "waiting" ? fetchNext(state) : ignored(state);
		case "staged":
			return state.at === "staging" ? fetchNext(state) : ignored(state);
	}
}

function begin({ stage, etag, trial }: Extract<PullEvent, { type: "begin" }>): PullStep {
	return fetchNext({ ...NEW_PULL, stage, etag: stage === null ? etag : null, trial });
}

function fetchNext(state: PullState): PullStep {
	const { stage, etag } = state;
	if (stage !== null && stage.next === null) return step({ ...state, at: "over" }, { type: "apply", stage });
	return step({ ...state, at: "fetching" }, { type: "fetch", cursor: stage?.next ?? null, etag });
}

function takePage(state: PullState, page: PageFacts, chance: number, limits: PullLimits): PullStep {
	const flaw = flawOf(state.stage, page);
	if (flaw !== null) return restart(state, incomplete(flaw), chance, limits);
	const before = state.stage;
	const stage: Stage = {
		snapshot: page.snapshot,
		asOf: page.asOf,
		total: page.total,
		etag: before === null ? page.etag : before.etag,
		rows: (before?.rows ?? 0) + page.rows,
		next: page.next,
		pages: [...(before?.pages ?? []), { cursor: before?.next ?? null, digest: page.digest }],
	};
	// The platform answers again: the pull is no trial any more.
	return step({ ...state, at: "staging", stage, etag: null, failed: 0, trial: false }, { type: "stage", stage });
}

function fail(state: PullState, failure: PullFailure, chance: number, limits: PullLimits): PullStep {
	if (failure.kind === "restart") return restart(state, failure, chance, limits);
	const failed = state.failed + 1;
	const asked = failure.waitMs ?? 0;
	if (failure.kind === "final" || state.trial || failed >= limits.attempts || asked > LONGEST_WAIT_MS)
		return step({ ...state, at: "over" }, { type: "give-up", failure });
	const ms = retryDelay(failed, chance, asked);
	return step({ ...state, at: "waiting", failed }, { type: "wait", ms, code: failure.code, attempt: failed + 1 });
}

/** Nothing of a snapshot that does not hold together is used: it is thrown away, and fetched anew from its first page a few times. */
function restart(state: PullState, failure: PullFailure, chance: number, limits: PullLimits): PullStep {
	const restarts = state.restarts + 1;
	const clear: PullEffect = { type: "clear", code: failure.code };
	const fresh = { ...state, stage: null, etag: null, failed: 0, restarts };
	if (restarts > limits.restarts) return step({ ...fresh, at: "over" }, clear, { type: "give-up", failure });
	const ms = retryDelay(restarts, chance, 0);
	return step({ ...fresh, at: "waiting" }, clear, { type: "wait", ms, code: failure.code, attempt: 1 });
}

/** Why a page does not continue what is there, or null. */
function flawOf(stage: Stage | null, page: PageFacts): string | null {
	const rows = (stage?.rows ?? 0) + page.rows;
	if (stage !== null && page.snapshot !== stage.snapshot) return "the list changed between two pages";
	if (stage !== null && (page.asOf !== stage.asOf || page.total !== stage.total))
		return "two pages of one snapshot name different totals or times";
	if (page.from !== null && page.from !== (stage?.rows ?? 0)) return "a page stands at another place than it should";
	if (stage !== null && stage.pages.length >= MAX_PAGES) return `it has more than ${MAX_PAGES} pages`;
	// Where the platform says at which row a page stands, two equal pages are two pages.
	if (page.from === null && page.rows > 0 && stage?.pages.some(({ digest }) => digest === page.digest) === true)
		return "a page came a second time";
	if (page.next !== null && (page.next === stage?.next || stage?.pages.some((p) => p.cursor === page.next) === true))
		return "the cursors go in a circle";
	if (page.next !== null && page.rows === 0) return "a page before the last one is empty";
	if (rows > page.total) return `it has more than the ${page.total} rows that it announces`;
	if (page.next === null && rows < page.total) return `only ${rows} of the ${page.total} rows that it announces came`;
	return null;
}

const incomplete = (flaw: string): PullFailure => ({
	kind: "restart",
	code: "pull-incomplete",
	message: `The platform's list did not come whole: ${flaw}.`,
	next: "Nothing of it was taken, the former ratings stand, and it is tried again. If it stays, tell the platform.",
});
