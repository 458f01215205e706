import type { Change } from "./story-data.ts";
import { msOf } from "./story-data.ts";

/** A stretch of time with as many stars; null = it is not known what was shown. Unix milliseconds. */
export interface Stretch {
	readonly from: number;
	readonly to: number;
	readonly stars: number | null;
}

/** What the ledger tells of a stretch of time, in three strips. */
export interface Strips {
	readonly desired: readonly Stretch[];
	readonly acked: readonly Stretch[];
	readonly observed: readonly Stretch[];
	/** Before this nothing is told. */
	readonly knownFrom: number;
}

/** What the glass is known to show now. */
export interface Present {
	/** null = not known. */
	readonly stars: number | null;
	/** Of the newest report; null = never heard. */
	readonly heardAt: number | null;
}

/** While a change is on its way for no longer than this, the glass is taken to show what it showed before. */
const ON_ITS_WAY_MS = 60_000;

/** Consecutive stretches from instants, each up to the next, the last up to `end`; what is empty is left out. */
function stretches(marks: readonly { readonly at: number; readonly stars: number | null }[], end: number): Stretch[] {
	return marks
		.map(({ at, stars }, i) => ({ from: at, to: Math.min(end, marks[i + 1]?.at ?? end), stars }))
		.filter(({ from, to }) => to > from);
}

/** Marks of what was seen: known from the moment at which a change was shown, unknown where one was not shown for long. */
function seenMarks(changes: readonly Change[], now: number) {
	const marks: { at: number; stars: number | null }[] = [];
	for (const [i, { openedAt, end, stars }] of changes.entries()) {
		const from = msOf(openedAt);
		const shownAt = end?.what === "shown" ? msOf(end.at) : null;
		const until = shownAt ?? msOf(changes[i + 1]?.openedAt ?? new Date(now).toISOString());
		if (until - from > ON_ITS_WAY_MS || marks.length === 0) marks.push({ at: from, stars: null });
		if (shownAt !== null) marks.push({ at: shownAt, stars });
	}
	return marks;
}

/**
 * The three strips up to `now` from a light's changes (newest first). The ledger holds how each change ended, not each report: a
 * silence in between is not in it, only the present one is drawn, from the newest report on.
 */
export function stripsOf(newestFirst: readonly Change[], present: Present, now: number): Strips {
	const changes = newestFirst.toReversed();
	const desired = stretches(
		changes.map(({ openedAt, stars }) => ({ at: msOf(openedAt), stars })),
		now,
	);
	const answered = changes.flatMap(({ end, stars }) =>
		end?.what === "shown" || end?.what === "acked" ? [{ at: msOf(end.at), stars }] : [],
	);
	const marks = seenMarks(changes, now);
	const last = marks.at(-1);
	if (last !== undefined && last.stars !== present.stars)
		marks.push({ at: Math.max(last.at, Math.min(now, present.heardAt ?? last.at)), stars: present.stars });
	return {
		desired,
		acked: stretches(answered, now),
		observed: stretches(marks, now),
		knownFrom: desired[0]?.from ?? now,
	};
}

/** A window of time that is drawn, and the distance of its marked times. */
export interface Window {
	readonly from: number;
	readonly to: number;
	readonly tickMs: number;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** Spans, each with the distance of its ticks: a light that is known for minutes only is not drawn as a speck in a day. */
const SPANS = [
	[15 * MINUTE, 3 * MINUTE],
	[HOUR, 10 * MINUTE],
	[2 * HOUR, 20 * MINUTE],
	[3 * HOUR, 30 * MINUTE],
	[6 * HOUR, HOUR],
	[12 * HOUR, 2 * HOUR],
] as const;
/** Of a span shorter than the day, at most so much is past: what comes, such as the time by which it is dark, has room too. */
const PAST = 0.8;

/** The whole day from `midnight`, or the shortest span that holds all that is known of it, and what is `ahead` (null = nothing). */
export function windowOf(knownFrom: number, now: number, midnight: number, ahead: number | null = null): Window {
	for (const [span, tickMs] of SPANS) {
		const from = midnight + Math.floor((Math.max(knownFrom, midnight) - midnight) / tickMs) * tickMs;
		if (now - from <= span * PAST && (ahead ?? now) <= from + span) return { from, to: from + span, tickMs };
	}
	return { from: midnight, to: midnight + 24 * HOUR, tickMs: 3 * HOUR };
}

/** The parts of stretches inside a window. */
export const inside = (all: readonly Stretch[], { from, to }: Window): readonly Stretch[] =>
	all.map((s) => ({ ...s, from: Math.max(s.from, from), to: Math.min(s.to, to) })).filter((s) => s.to > s.from);
