import { MAX_STARS } from "../../../protocol/wire/bounds.ts";
import { equalBytes } from "../../../protocol/wire/bytes.ts";
import { type UnixMs, unixMs } from "../../../protocol/wire/units.ts";
import type { Observed, OutboxEntry, StarChange } from "../model.ts";
import { ANSWER_WAIT_MS } from "../outbox/delivery.ts";

/** What a light last said of its glass, and how long what it may have been sent since can last. */
export interface LastSeen {
	readonly stars: number;
	readonly heardAt: UnixMs;
	/** When what it said it shows ends by itself; null with 0 stars. */
	readonly ends: UnixMs | null;
	/** When the last grant ends that can be under way to it; null = none can: its newest ask was not used. */
	readonly sentEnds: UnixMs | null;
	/** How often, and for how many seconds each time, it may show its grant once more after a loss of power, on any later day. */
	readonly resumes: { readonly times: number; readonly eachS: number };
}

/** The most that a passenger can see, and by when it is dark without new contact. */
export interface Most {
	readonly stars: number;
	/** null = it is dark. */
	readonly darkBy: UnixMs | null;
	readonly resumes: LastSeen["resumes"];
}

/**
 * What the newest report proves. A grant with stars answers an ask that the light drew, and its lease runs from that drawing: so
 * whatever was sent since the report ends a lease after the report at the latest, however late it came.
 */
export function lastSeen(observed: Observed | null, entry: OutboxEntry | null): LastSeen | null {
	if (observed === null) return null;
	const { shown, heardAt, leaseLeftS, resumesLeft, ask } = observed;
	const leaseMs = (entry?.leaseS ?? 0) * 1000;
	const used = entry?.ask != null && equalBytes(entry.ask, ask);
	const left = leaseLeftS === null ? leaseMs : leaseLeftS * 1000;
	return {
		stars: shown,
		heardAt,
		ends: shown === 0 ? null : unixMs(heardAt + left),
		sentEnds: used ? unixMs(Math.min(heardAt + leaseMs, entry.notAfter * 1000)) : null,
		resumes: { times: used ? entry.resumes : (resumesLeft ?? entry?.resumes ?? 0), eachS: entry?.resumeS ?? 0 },
	};
}

/**
 * `changes` newest first, back to one that was opened well before the report: each of them may have been granted since. null = the
 * light was never heard, so nothing is known of its glass.
 */
export function mostSeen(seen: LastSeen | null, changes: readonly StarChange[], now: UnixMs): Most | null {
	if (seen === null) return null;
	const { ends, sentEnds, resumes } = seen;
	const shows = ends !== null && ends > now ? seen.stars : 0;
	const from = seen.heardAt - ANSWER_WAIT_MS;
	const first = changes.findIndex(({ openedAt }) => openedAt <= from);
	const since = first < 0 ? changes : changes.slice(0, first + 1);
	// Where older ones are missing (stored in a moment, or pruned), anything may have been owed.
	const whole = first >= 0 || (changes.at(-1)?.before ?? null) === null;
	const owed = whole ? Math.max(0, ...since.map(({ stars }) => stars)) : MAX_STARS;
	const sent = sentEnds !== null && sentEnds > now ? owed : 0;
	const stars = Math.max(shows, sent);
	const last = Math.max(shows > 0 && ends !== null ? ends : 0, sent > 0 && sentEnds !== null ? sentEnds : 0);
	return { stars, darkBy: stars === 0 ? null : unixMs(last), resumes };
}
