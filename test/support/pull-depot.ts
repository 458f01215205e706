import type { GatewayCore } from "../../gateway/core/core.ts";
import type { Rating } from "../../gateway/core/model.ts";
import { parseAsOf } from "../../gateway/core/ratings/dates.ts";
import { openFoundation } from "../../gateway/depot/foundation.ts";
import { makeSource } from "../../gateway/depot/make-source.ts";
import { NodeClock } from "../../gateway/depot/node-clock.ts";
import { Shell } from "../../gateway/depot/shell.ts";
import type { RatingSource } from "../../gateway/sources/http/rating-source.ts";
import type { PullStage } from "../../gateway/store/pull-stage.ts";
import type { Timers } from "../../protocol/ports/clock.ts";
import type { Log } from "../../protocol/ports/log.ts";
import type { Platform } from "../../simulator/platform/platform.ts";
import type { PlatformRow } from "../../simulator/platform/table.ts";
import { settingsIn } from "./depot.ts";
import { silentLog } from "./silent-log.ts";

/** A rating without what only the depot knows. */
export type Truth = Readonly<Record<string, Omit<Rating, "pull">>>;

export interface PullDepot {
	readonly source: RatingSource;
	readonly stage: PullStage;
	readonly shell: Shell<GatewayCore>;
	/** What the store says of each certificate. */
	truth(): Promise<Truth>;
	close(): Promise<void>;
}

/** Waits between two tries pass at once; time-outs are real. */
const hasty = (clock: NodeClock): Timers => ({
	after: (name, delay, run) => clock.after(name, (name === "ratings-pull" ? 0 : delay) as typeof delay, run),
});

/** The store, the core and the source of a depot, without broker, API and signing. */
export async function openPullDepot(
	data: string,
	url: string,
	flags: Readonly<Record<string, string>> = {},
	log: Log = silentLog,
): Promise<PullDepot> {
	const settings = settingsIn(data, { "source.http.url": url, "source.http.schedule": "off", ...flags });
	const clock = new NodeClock();
	const base = await openFoundation(settings, clock);
	const soon = (run: () => void) => void setImmediate(run);
	const ports = { clock, timers: hasty(clock), soon, log };
	const shell = new Shell<GatewayCore>(
		{ ...ports, makeCore: base.makeCore, store: base.store, signer: null, broker: null },
		base.snapshot,
	);
	const source = makeSource(settings, base, shell, ports);
	return {
		source,
		shell,
		stage: base.store.pullStage,
		truth: async () => {
			const { drivers, ratings } = await base.store.load();
			const out: Record<string, Omit<Rating, "pull">> = {};
			for (const [key, { pull: _pull, ...rating }] of ratings) out[drivers.get(key)?.certificate ?? key] = rating;
			return out;
		},
		close: async () => {
			await source.stop();
			await shell.stop();
			await base.store.close();
		},
	};
}

/** What a depot should hold once it has taken the platform's list. */
export function truthOf(rows: readonly PlatformRow[]): Truth {
	const out: Record<string, Omit<Rating, "pull">> = {};
	for (const { certificate, grade, score, period, asOf } of rows)
		out[certificate] = {
			grade: grade === "未评定" ? "unrated" : grade,
			score,
			period,
			asOf: parseAsOf(asOf) ?? (0 as never),
		};
	return out;
}

/** Code that a promise is refused with, or null. */
export const codeOf = (promise: Promise<unknown>): Promise<string | null> =>
	promise.then(
		() => null,
		(e: { code?: string }) => e.code ?? String(e),
	);

export type { Platform };
