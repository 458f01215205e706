import { createHash } from "node:crypto";
import type { Clock, Timers } from "../../../protocol/ports/clock.ts";
import type { Log } from "../../../protocol/ports/log.ts";
import { CodedError, isCoded } from "../../../protocol/wire/errors.ts";
import { millis, toUnixSeconds, type UnixMs, unixMs } from "../../../protocol/wire/units.ts";
import { NO_SCHEDULE, nextRun } from "../../config/schedule.ts";
import type { Settings } from "../../config/schema.ts";
import type { Pull } from "../../core/model.ts";
import { type Breaker, CLOSED, tripped } from "../../core/pull/backoff.ts";
import type { PullFailure, Stage } from "../../core/pull/types.ts";
import type { StarPolicy } from "../../core/stars/policy.ts";
import type { Command, CommandAnswer } from "../../core/types.ts";
import type { LastPull, PullStage, TakenList } from "../../store/pull-stage.ts";
import { type Endpoint, parseEndpoint } from "./endpoint.ts";
import { noRows } from "./failures.ts";
import { fetchPage, type PageAnswer, type PageRequest } from "./fetch-page.ts";
import { type PulledList, pullCommandOf, readList } from "./list.ts";
import { type PullProgress, type RunEnd, runPull } from "./run-pull.ts";
import { readPlatformToken } from "./token-file.ts";

type Value = Readonly<Record<string, unknown>>;

/** What a source works with. */
export interface SourceParts {
	readonly settings: Settings;
	readonly policy: StarPolicy;
	readonly stage: PullStage;
	readonly run: (command: Command) => Promise<CommandAnswer>;
	/** The newest pulls, oldest first. */
	readonly pulls: () => readonly Pull[];
	readonly clock: Clock;
	readonly timers: Timers;
	readonly soon: (run: () => void) => void;
	/** Asks for one page; left out = over the network. */
	readonly ask?: (request: PageRequest) => Promise<PageAnswer>;
	/** 0 to 1. */
	readonly chance: () => number;
	readonly log: Log;
}

/** The source as `GET /api/v1/depot` and people see it. Times in unix milliseconds. */
export interface SourceView {
	readonly kind: "http";
	/** Without the query; null = none is configured. */
	readonly url: string | null;
	/** A cron expression, or `off`. */
	readonly schedule: string;
	readonly timeZone: string;
	/** null = only by hand. */
	readonly nextDue: UnixMs | null;
	readonly running: (PullProgress & { readonly since: UnixMs }) | null;
	/** The breaker is open: the platform is left alone until then. */
	readonly restingUntil: UnixMs | null;
	/** Pulls that failed one after the other. */
	readonly failures: number;
	readonly last: Omit<LastPull, "taken" | "goodAt"> | null;
	/** When the platform's list was last known to be taken whole, also unchanged. */
	readonly goodAt: UnixMs | null;
}

/** At most so long sleeps the schedule, so that a clock that was put right counts. */
const LOOK_MS = 60_000;

const sha256 = (...parts: readonly string[]): string => createHash("sha256").update(parts.join("\n")).digest("hex");

/** Pulls a platform's list: one at a time, when it is due or asked for. A platform that fails holds up nothing but its own ratings. */
export class RatingSource {
	private readonly parts: SourceParts;
	private readonly stopping = new AbortController();
	private breaker: Breaker = CLOSED;
	private running: { readonly url: string; readonly since: UnixMs; readonly end: Promise<Value> } | null = null;
	private progress: PullProgress = { pages: 0, rows: 0, total: 0, waitsFor: null };
	private timer: { cancel(): void } | null = null;
	private last: LastPull | null;
	/** A pull was cut off by the end of the program. */
	private left: boolean;

	constructor(parts: SourceParts) {
		this.parts = parts;
		this.last = parts.stage.last();
		this.left = parts.stage.load() !== null;
	}

	/** Begins to pull by the schedule. */
	start(): void {
		this.arm();
	}

	/** Ends a pull that is under way where it is; the next start goes on with it. */
	async stop(): Promise<void> {
		this.timer?.cancel();
		this.stopping.abort();
		await this.running?.end.catch(() => undefined);
	}

	view(): SourceView {
		const { url, schedule, timeZone } = this.parts.settings.source.http;
		const { last, breaker } = this;
		const now = this.parts.clock.unixMs();
		const rest = this.restUntil(now);
		return {
			kind: "http",
			url: url === "" ? null : this.endpointOf(url).shown,
			schedule,
			timeZone,
			nextDue: this.dueAt(now),
			running: this.running === null ? null : { ...this.progress, since: this.running.since },
			restingUntil: rest !== null && rest > now ? rest : null,
			failures: breaker.failures,
			last: last === null ? null : { at: last.at, outcome: last.outcome, failure: last.failure },
			goodAt: last?.goodAt == null ? null : unixMs(last.goodAt),
		};
	}

	/**
	 * Pulls now; whoever asks while a pull of the same address is under way gets its end. The value is that of an import. Throws coded
	 * errors: `source-not-set`, `source-url-refused`, `pull-running`, the token file's, the platform's failures, the core's refusals.
	 */
	pull(address: string | null = null): Promise<Value> {
		const url = address ?? this.parts.settings.source.http.url;
		if (url === "")
			return Promise.reject(
				new CodedError("source-not-set", "There is no platform to pull ratings from.", {
					fault: "input",
					next: "Set source.http.url in the settings, or give --url.",
				}),
			);
		if (this.running !== null) return this.running.url === url ? this.running.end : Promise.reject(otherRuns());
		if (this.stopping.signal.aborted) return Promise.reject(stopped());
		this.timer?.cancel();
		const since = this.parts.clock.unixMs();
		const end = this.once(url).finally(() => {
			this.running = null;
			this.arm();
		});
		this.running = { url, since, end };
		return end;
	}

	private endpointOf(url: string): Endpoint {
		return parseEndpoint(url, this.parts.settings.source.http.allowPlain);
	}

	private async once(url: string): Promise<Value> {
		this.progress = { pages: 0, rows: 0, total: 0, waitsFor: null };
		this.left = false;
		try {
			const endpoint = this.endpointOf(url);
			const context = sha256(url);
			const judged = sha256(
				url,
				Buffer.from(this.parts.policy.hash).toString("hex"),
				this.parts.settings.identityCheck,
			);
			const known = this.takenAs(judged);
			const end = await this.fetchAll(endpoint, context, known?.etag ?? null);
			if (end.what === "stopped") throw stopped();
			if (end.what === "failed") throw new PullFailed(end.failure);
			const value = end.what === "unchanged" ? this.same(known) : await this.take(end.stage, endpoint, judged, known);
			this.breaker = CLOSED;
			return value;
		} catch (e) {
			if (!this.stopping.signal.aborted) this.noteFailure(e);
			throw e;
		}
	}

	private fetchAll(endpoint: Endpoint, context: string, etag: string | null): Promise<RunEnd> {
		const { settings, timers, clock, stage, chance, log } = this.parts;
		const { pageSize, timeoutMs, attempts } = settings.source.http;
		const token = this.tokenFor(endpoint);
		const stop = this.stopping.signal;
		const ask = this.parts.ask ?? ((request: PageRequest) => fetchPage(request, timers, clock));
		return runPull(
			{
				stage,
				fetch: (cursor, tag) => ask({ endpoint, token, cursor, etag: tag, limit: pageSize, timeoutMs, stop }),
				timers,
				chance,
				now: () => clock.unixMs(),
				limits: { attempts, restarts: MAX_RESTARTS },
				context,
				progress: (progress) => {
					this.progress = progress;
				},
				log,
				stop,
			},
			{ etag, trial: this.breaker.until !== null },
		);
	}

	/** The token goes to the platform that is configured and to no other. */
	private tokenFor(endpoint: Endpoint): string | null {
		const { url, tokenFile } = this.parts.settings.source.http;
		if (tokenFile === "" || url === "" || this.endpointOf(url).url.origin !== endpoint.url.origin) return null;
		return readPlatformToken(tokenFile);
	}

	/** The list taken last, if nothing but the platform's list can have changed since. */
	private takenAs(context: string): TakenList | null {
		const taken = this.last?.taken ?? null;
		if (taken === null || taken.context !== context || taken.waiting) return null;
		return this.parts.pulls().at(-1)?.id === taken.pull ? taken : null;
	}

	/** Hands a whole list to the core. */
	private async take(stage: Stage, endpoint: Endpoint, context: string, known: TakenList | null): Promise<Value> {
		const { policy, settings, clock, soon } = this.parts;
		const options = { policy, now: toUnixSeconds(clock.unixMs()), identityCheck: settings.identityCheck };
		const turn = () => new Promise<void>((next) => soon(next));
		const list = await readList(this.parts.stage.pages(), options, turn);
		if (list.rows === 0) {
			this.parts.stage.clear();
			throw new PullFailed(noRows(endpoint.shown));
		}
		if (known !== null && known.contentHash === list.contentHash) return this.same({ ...known, etag: stage.etag });
		const answer = await this.parts.run(pullCommandOf(list, stage, endpoint.url.host));
		// What is staged stays: once the store takes commits again, the list is handed over without fetching it again.
		if (!answer.ok) throw new CodedError(answer.code, answer.message, { fault: "state", next: answer.next });
		const value = { ...answer.value, ...reportOf(list) };
		this.noteTaken(answer.value, list, stage, context);
		return value;
	}

	private noteTaken(value: Value, list: PulledList, stage: Stage, context: string): void {
		const waiting = list.quarantined.some(({ reason }) => reason === "date-in-future");
		const { contentHash } = list;
		const taken: TakenList = { context, etag: stage.etag, contentHash, pull: String(value["pull"]), waiting };
		const status = String(value["status"]);
		const outcome = status === "held" || status === "unchanged" ? status : "applied";
		this.finish(outcome, taken);
		const fields = { status, rows: list.rows, quarantined: list.quarantined.length, pull: taken.pull };
		this.parts.log[status === "held" ? "warn" : "info"]("ratings-pulled", fields);
	}

	/** The platform has what was taken last. */
	private same(known: TakenList | null): Value {
		const pull = this.parts.pulls().find(({ id }) => id === known?.pull);
		const held = pull?.status === "held";
		this.finish(held ? "held" : "unchanged", known);
		const { added, changed, removed, lowered, heldFor } = held
			? pull
			: { added: 0, changed: 0, removed: 0, lowered: 0, heldFor: [] };
		return {
			pull: known?.pull ?? null,
			status: held ? "held" : "unchanged",
			rows: pull?.rows ?? 0,
			accepted: pull?.accepted ?? 0,
			quarantined: pull?.quarantined.length ?? 0,
			...{ added, changed, removed, lowered, heldFor },
			quarantinedRows: pull?.quarantined.map(({ row, reason }) => ({ row, reason })) ?? [],
			notes: [],
		};
	}

	private finish(outcome: LastPull["outcome"], taken: TakenList | null): void {
		const at = this.parts.clock.unixMs();
		this.last = { at, outcome, failure: null, goodAt: at, taken };
		this.parts.stage.finish(this.last);
	}

	/** The breaker opens, the failure is said once in the log and kept for people; the former ratings stand. */
	private noteFailure(e: unknown): void {
		const { clock, chance, log, stage } = this.parts;
		const failure = failureOf(e);
		this.breaker = tripped(this.breaker, failure, clock.monoMs(), chance());
		log.warn("ratings-pull-failed", { reason: failure.code, failures: this.breaker.failures });
		const before = this.last;
		this.last = {
			at: clock.unixMs(),
			outcome: "failed",
			failure: { code: failure.code, message: failure.message, next: failure.next },
			goodAt: before?.goodAt ?? null,
			taken: before?.taken ?? null,
		};
		try {
			stage.setLast(this.last);
		} catch {
			// A store that takes nothing is told of by the depot itself.
		}
	}

	/** Until when the platform is left alone; null = the breaker is closed. */
	private restUntil(now: UnixMs): UnixMs | null {
		const { until } = this.breaker;
		// To the second: two clocks are read one after the other.
		return until === null ? null : unixMs(Math.round((now + until - this.parts.clock.monoMs()) / 1000) * 1000);
	}

	/** When the schedule wants the next pull; in the past = now. */
	private dueAt(now: UnixMs): UnixMs | null {
		const { url, schedule, timeZone } = this.parts.settings.source.http;
		if (url === "" || schedule === NO_SCHEDULE) return null;
		const rest = this.restUntil(now);
		if (rest !== null) return rest;
		if (this.left || this.last === null) return now;
		return nextRun(schedule, timeZone, unixMs(Math.min(this.last.at, now)));
	}

	private arm(): void {
		this.timer?.cancel();
		this.timer = null;
		const now = this.parts.clock.unixMs();
		const due = this.dueAt(now);
		if (due === null || this.stopping.signal.aborted || this.running !== null) return;
		const delay = Math.min(LOOK_MS, Math.max(0, due - now));
		this.timer = this.parts.timers.after("ratings-schedule", millis(delay), () => this.look());
	}

	private look(): void {
		const now = this.parts.clock.unixMs();
		const due = this.dueAt(now);
		if (due === null || due > now || this.running !== null) this.arm();
		// What goes wrong is logged and shown where it happens.
		else void this.pull().catch(() => undefined);
	}
}

/** Beginnings anew within one pull. */
const MAX_RESTARTS = 2;

const reportOf = (list: PulledList) => ({
	quarantinedRows: list.quarantined.map(({ row, reason }) => ({ row, reason })),
	notes: list.notes,
});

const otherRuns = (): CodedError =>
	new CodedError("pull-running", "Ratings are being pulled from another address.", {
		fault: "state",
		next: "Wait for its end, then repeat.",
	});

const stopped = (): CodedError =>
	new CodedError("gateway-stopping", "The gateway is stopping.", {
		fault: "state",
		next: "Start it again, then repeat.",
	});

/** A failure with its wait, which the breaker heeds. */
class PullFailed extends CodedError {
	readonly failure: PullFailure;
	constructor(failure: PullFailure) {
		super(failure.code, failure.message, { fault: "environment", next: failure.next });
		this.failure = failure;
	}
}

function failureOf(e: unknown): PullFailure {
	if (e instanceof PullFailed) return e.failure;
	if (isCoded(e)) return { kind: "final", code: e.code, message: e.message, next: e.next };
	return {
		kind: "final",
		code: "internal-error",
		message: "The gateway failed to work on this.",
		next: "Repeat; if it stays, report the log's lines.",
	};
}
