import { effect } from "@preact/signals";
import { useEffect, useReducer, useRef } from "preact/hooks";
import { NO_ANSWER, type Problem, problemOf } from "./problem.ts";
import { link, now, snapshots } from "./state.ts";

/** A question to the API. Plates and certificate numbers go into the body, never into the path. */
export interface Ask {
	readonly method: "GET" | "POST";
	/** With its query, e.g. `/api/v1/pulls?limit=20`. */
	readonly path: string;
	readonly body?: unknown;
	/** A picture of now, which a cut stream makes old: it is asked again when the stream is back. True where it is left out. */
	readonly live?: boolean;
	/** What is asked about: the same thing asked otherwise (more of it, in another language) shows its old answer until the new one comes. */
	readonly about?: string;
}

/** What a page shows: nothing yet; why there is nothing; or data with the time of their asking, and why newer ones do not come. */
export type Fetched<T> =
	| { readonly state: "loading" }
	| { readonly state: "error"; readonly problem: Problem }
	| { readonly state: "data"; readonly data: T; readonly at: number; readonly stale: Problem | null };

export type Asked<T> = Fetched<T> & {
	/** Asks at once, whatever was asked before. */
	readonly again: () => void;
};

/** A page that follows changes asks no more often than this. */
const PACE_MS = 1_000;
/** After a question that nobody answered. */
const RETRY_MS = 3_000;

export type Said<T> = { readonly data: T } | { readonly problem: Problem };

/** Asks once. The answer, or the problem; rejects only where `signal` ended it. */
export async function askApi<T>(
	{ method, path, body }: Ask,
	signal: AbortSignal,
	headers: Readonly<Record<string, string>> = {},
): Promise<Said<T>> {
	try {
		const answer = await fetch(path, {
			method,
			signal,
			headers: body === undefined ? headers : { "content-type": "application/json", ...headers },
			...(body === undefined ? {} : { body: JSON.stringify(body) }),
		});
		const said: unknown = await answer.json();
		return answer.ok ? { data: said as T } : { problem: problemOf(answer.status, said) };
	} catch (e) {
		if (signal.aborted) throw e;
		return { problem: NO_ANSWER };
	}
}

/** Keeps one question answered for as long as it is looked at. Tells whoever draws by `changed`. */
export class Keeper<T> {
	shown: Fetched<T>;
	private readonly ask: Ask;
	private readonly changed: () => void;
	private under: AbortController | null = null;
	private timer: ReturnType<typeof setTimeout> | null = null;
	private askedAt = Number.NEGATIVE_INFINITY;
	private ended = false;
	/** Something changed while the question was on its way: its answer may be older than that. */
	private once = false;

	constructor(ask: Ask, changed: () => void, shown: Fetched<T> = { state: "loading" }) {
		this.shown = shown;
		this.ask = ask;
		this.changed = changed;
	}

	/** Asks at once; a question that is on its way is dropped. */
	now(): void {
		this.under?.abort();
		this.under = null;
		this.wait(0);
	}

	/** Something changed: asks, at most once a second. */
	soon(): void {
		if (this.under !== null) this.once = true;
		else if (this.timer === null) this.wait(Math.max(0, this.askedAt + PACE_MS - performance.now()));
	}

	end(): void {
		this.ended = true;
		this.under?.abort();
		if (this.timer !== null) clearTimeout(this.timer);
	}

	private wait(ms: number): void {
		if (this.ended) return;
		if (this.timer !== null) clearTimeout(this.timer);
		this.timer = setTimeout(() => {
			this.timer = null;
			void this.run();
		}, ms);
	}

	private async run(): Promise<void> {
		const end = new AbortController();
		this.under = end;
		this.once = false;
		this.askedAt = performance.now();
		const said = await askApi<T>(this.ask, end.signal).catch(() => null);
		if (said === null || this.under !== end || this.ended) return;
		this.under = null;
		const { shown } = this;
		if ("data" in said) this.shown = { state: "data", data: said.data, at: now.peek(), stale: null };
		else if (shown.state === "data") this.shown = { ...shown, stale: said.problem };
		else this.shown = { state: "error", problem: said.problem };
		this.changed();
		if (this.once) this.soon();
		else if ("problem" in said && said.problem.code === NO_ANSWER.code) this.wait(RETRY_MS);
	}
}

/**
 * What the API answers to `ask`, for a page:
 *
 *     const pulls = useFetched<Pulls>({ method: "GET", path: "/api/v1/pulls" });
 *     if (pulls.state !== "data") return <Unanswered of={pulls} label={w.loading} />;
 *     ... pulls.data; and <Stale of={pulls} /> above it.
 *
 * Another question starts anew. While the stream is cut the old data stay, with their age; once it is back they are asked again.
 * `version`: whatever changes when newer data are to be had, e.g. a light's row; then it asks again, at most once a second.
 * Leaving the page ends what is on its way.
 */
export function useFetched<T>(ask: Ask, version: unknown = null): Asked<T> {
	const key = JSON.stringify(ask);
	const [, redraw] = useReducer((n: number) => n + 1, 0);
	const keeper = useRef<{ readonly key: string; readonly about: string | undefined; readonly it: Keeper<T> } | null>(
		null,
	);
	const old = keeper.current;
	if (old === null || old.key !== key) {
		old?.it.end();
		const { about } = ask;
		const kept = about !== undefined && old?.about === about ? old.it.shown : undefined;
		keeper.current = { key, about, it: new Keeper<T>(ask, () => redraw(0 as never), kept) };
	}
	const it = (keeper.current as { readonly it: Keeper<T> }).it; // set just above
	useEffect(() => {
		it.now();
		const seen = snapshots.peek();
		const stop =
			ask.live === false
				? () => {}
				: effect(() => {
						if (snapshots.value !== seen && link.peek() === "live") it.now();
					});
		return () => {
			stop();
			it.end();
		};
	}, [it]);
	const first = useRef(version);
	useEffect(() => {
		if (first.current === version) return;
		first.current = version;
		it.soon();
	}, [it, version]);
	return { ...it.shown, again: () => it.now() };
}
