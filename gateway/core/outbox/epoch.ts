import { MAX_UINT32 } from "../../../protocol/wire/bounds.ts";
import type { UnixSeconds } from "../../../protocol/wire/units.ts";
import type { DepotMeta, Observed, OutboxEntry } from "../model.ts";

/** The depot takes at most one epoch in this time of its own accord; what is due earlier waits. A person's blanking does not. */
export const EPOCH_PAUSE_MS = 60_000;
/** Names kept, newest last: each was worth one epoch and is worth no second one. */
export const MAX_NAMED = 256;

/** Why a new epoch is due. */
export type EpochWhy =
	| "first"
	| "restored"
	| "blank-fleet"
	| "conflict"
	| "notice-stale"
	| "named-above"
	| "seq-used-up";

/** A new epoch that is due: whether it begins with a notice, and under which name it is remembered. */
export interface EpochDue {
	readonly why: EpochWhy;
	readonly notice: boolean;
	/** null: cannot come again once the epoch is taken. */
	readonly name: string | null;
}

/** The larger of the last + 1 and unix time; what a light reports is never taken over. */
export const nextEpoch = (last: number, time: UnixSeconds): number => Math.min(Math.max(last + 1, time), MAX_UINT32);

/**
 * Whether a verified state makes a new epoch due (protocol section 1, "Epoch"): a conflict over the newest entry, the newest notice
 * (of the present epoch) refused as stale, or a pair or notice epoch above what the store knows, once for each so named.
 */
export function epochDue(meta: DepotMeta, entry: OutboxEntry | null, state: Observed): EpochDue | null {
	const { refused } = state;
	const seq = entry !== null && entry.epoch === meta.epoch ? entry.seq : 0;
	if (refused?.kind === "grant" && refused.code === "conflict" && refused.epoch === meta.epoch && refused.seq === seq)
		return { why: "conflict", notice: false, name: null };
	const name = nameAbove(meta, seq, state);
	const unheard = name === null || !meta.namedAbove.includes(name);
	const notice = meta.notice?.epoch === meta.epoch ? meta.notice.epoch : null;
	if (refused?.kind === "notice" && refused.code === "stale" && refused.epoch === notice && unheard)
		return { why: "notice-stale", notice: true, name: name ?? `stale/${state.light}/${refused.epoch}` };
	return name !== null && unheard ? { why: "named-above", notice: false, name } : null;
}

/** What a state names above the store's knowledge, in one text; null if nothing. */
function nameAbove(meta: DepotMeta, seq: number, state: Observed): string | null {
	const highest = Math.max(state.epoch, state.noticeEpoch ?? 0);
	if (highest > meta.epoch) return `epoch/${highest}`;
	return state.epoch === meta.epoch && state.seq > seq ? `pair/${state.light}/${state.epoch}/${state.seq}` : null;
}

/** The names with those of a new epoch, the oldest leaving. */
export const rememberNames = (named: readonly string[], added: readonly string[]): readonly string[] =>
	[...named, ...added.filter((name) => !named.includes(name))].slice(-MAX_NAMED);
