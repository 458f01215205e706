import type { Clock, Timers } from "../../protocol/ports/clock.ts";
import type { Log } from "../../protocol/ports/log.ts";
import type { Store } from "../../protocol/ports/store.ts";
import type { LightId, Millis, MonoMs } from "../../protocol/wire/units.ts";
import type { CommandView } from "../core/commands/outcome.ts";
import type { ActivePolicy, Change, Pull, Snapshot, StarChange } from "../core/model.ts";
import type { Command, CommandAnswer, CoreEffect, CoreEvent, DepotView, LightView, Now } from "../core/types.ts";
import type { Explanation } from "../core/why/link.ts";
import type { WhyQuery } from "../core/why/subject.ts";
import { Publisher, type PublishPort } from "./publisher.ts";
import { type DepotSigner, SigningLine } from "./signing-line.ts";

/** The part of `GatewayCore` that the shell drives. */
export interface CorePort {
	step(event: CoreEvent, now: Now): CoreEffect[];
	lights(now: Now): LightView[];
	light(id: LightId, now: Now): LightView | null;
	depot(now: Now): DepotView;
	why(query: WhyQuery, now: Now): Explanation | null;
	held(): readonly { readonly pull: Pull }[];
	pulls(): readonly Pull[];
	/** All that is known, for lists. */
	look(now: Now): CommandView;
}

/** What waits in the loop around the core, for metrics. */
export interface ShellQueues {
	readonly signing: number;
	readonly publishing: number;
	readonly commands: number;
	readonly publishFailures: number;
}

/** A message as the broker took it. */
export interface Heard {
	readonly topic: string;
	readonly bytes: Uint8Array;
	readonly publisher: string | null;
}

export interface ShellParts<C extends CorePort> {
	/** Builds a core over what the store has. */
	readonly makeCore: (snapshot: Snapshot, now: Now) => C;
	readonly store: Store<Snapshot, Change> & {
		/** Changes of one light before its newest (gateway/store); a store without it has no stories to tell. */
		history?(n: number | null, limit: number): readonly StarChange[];
		/** Policies that persons activated, newest first. */
		policies?(limit: number): readonly ActivePolicy[];
	};
	/** null: offline, nothing is signed; an entry without a signature is decided anew at the next start. */
	readonly signer: DepotSigner | null;
	/** null: offline, nothing is sent. */
	readonly broker: PublishPort | null;
	/** Messages that a core built anew must hear again. */
	readonly replay?: (core: C, now: Now) => Iterable<Heard>;
	readonly clock: Clock;
	readonly timers: Timers;
	readonly log: Log;
	/** Runs soon, after what waits on the event loop had its turn. */
	readonly soon: (run: () => void) => void;
}

/**
 * Rows that waiting commits may share one transaction with: what rests on the first of them is signed and sent while the next are
 * written, and nobody waits long for the disk. One commit is never divided.
 */
const MOST_ROWS = 4_000;
/** Commands whose answer is outstanding; beyond it callers are told to come again. */
export const MAX_COMMANDS = 4096;
/** Rebuilding after a failed commit: a full disk is not free again at once. */
const REBUILD_FIRST_MS = 250;
const REBUILD_MAX_MS = 30_000;

const failed = (code: string, message: string, next: string): CommandAnswer => ({ ok: false, code, message, next });

type Commit = Extract<CoreEffect, { type: "commit" }>;

/**
 * The loop around the core: feeds events, does effects. Commits that wait go into one transaction (group commit), signing runs in
 * a line of its own, publishing through a window, and a core that lost its store is built anew from it.
 */
export class Shell<C extends CorePort> {
	private readonly parts: ShellParts<C>;
	private core: C;
	/** Grows with each rebuild: answers to an older core's effects are dropped. */
	private generation = 0;
	private started = false;
	private stopped = false;
	private stepping = false;
	private readonly events: CoreEvent[] = [];
	private commits: Commit[] = [];
	private committing: Promise<void> | null = null;
	private readonly line: SigningLine | null;
	private wake: { readonly at: number; cancel(): void } | null = null;
	private rebuild: { cancel(): void } | null = null;
	private rebuildDelay = REBUILD_FIRST_MS;
	/** The newest commit failed. */
	private storeFails = false;
	private nextCommand = 1;
	private readonly answers = new Map<string, (answer: CommandAnswer) => void>();
	private readonly publisher: Publisher | null;
	private readonly listeners = new Set<(light: LightId) => void>();
	private readonly answered = new Set<() => void>();
	/** Since the start: for `/readyz`, the console and tests. */
	readonly counts = { commits: 0, transactions: 0, signatures: 0, rebuilds: 0, refusedBusy: 0 };

	constructor(parts: ShellParts<C>, snapshot: Snapshot) {
		this.parts = parts;
		this.core = parts.makeCore(snapshot, this.now());
		this.publisher = parts.broker === null ? null : new Publisher(parts.broker, parts.log);
		const { signer, clock, soon } = parts;
		const signed = (job: number, signature: Uint8Array) => {
			this.counts.signatures += 1;
			this.post({ type: "signed", job, signature });
		};
		this.line = signer === null ? null : new SigningLine({ signer, clock, soon, signed });
	}

	now(): Now {
		return { unix: this.parts.clock.unixMs(), mono: this.parts.clock.monoMs() };
	}

	/** The core as it is now: for views only. */
	get view(): C {
		return this.core;
	}

	/** Whether the store failed and a rebuild is outstanding. */
	get broken(): boolean {
		return this.rebuild !== null;
	}

	/** Changes of one light from change `n` back, newest first, as far as they are stored. */
	history(n: number | null, limit: number): readonly StarChange[] {
		return this.parts.store.history?.(n, limit) ?? [];
	}

	/** What waits here: to be signed, to be handed to the broker, to be answered; and messages that the broker did not take. */
	get queues(): ShellQueues {
		return {
			signing: this.line?.length ?? 0,
			publishing: this.publisher?.backlog ?? 0,
			commands: this.answers.size,
			publishFailures: this.publisher?.failures ?? 0,
		};
	}

	/** Publishes what is stored and begins to decide. */
	start(): void {
		this.started = true;
		this.post({ type: "start" });
	}

	/** Told of each light whose row changed, until the returned function is called. */
	onChanged(listener: (light: LightId) => void): () => void {
		this.listeners.add(listener);
		return () => this.listeners.delete(listener);
	}

	/** Told after each answered command, until the returned function is called. */
	onAnswered(listener: () => void): () => void {
		this.answered.add(listener);
		return () => this.answered.delete(listener);
	}

	/** Policies that persons activated, newest first, at most `limit`. */
	policies(limit: number): readonly ActivePolicy[] {
		return this.parts.store.policies?.(limit) ?? [];
	}

	/** A message as the broker took it. */
	message(topic: string, bytes: Uint8Array, publisher: string | null): void {
		this.post({ type: "message", topic, bytes, publisher });
	}

	/** Asks the core; resolves once what the answer rests on is stored. */
	command(command: Command): Promise<CommandAnswer> {
		if (this.stopped)
			return Promise.resolve(failed("gateway-stopping", "The gateway is stopping.", "Start it again, then repeat."));
		if (this.answers.size >= MAX_COMMANDS) {
			this.counts.refusedBusy += 1;
			return Promise.resolve(
				failed("busy", `${MAX_COMMANDS} commands wait for their answer already.`, "Repeat in a second."),
			);
		}
		const id = `c${this.nextCommand++}`;
		return new Promise((resolve) => {
			this.answers.set(id, resolve);
			this.post({ type: "command", id, command });
		});
	}

	/** Feeds an event and everything that follows at once; a nested call only queues. */
	post(event: CoreEvent): void {
		this.events.push(event);
		if (this.stepping) return;
		this.stepping = true;
		try {
			for (let next = this.events.shift(); next !== undefined; next = this.events.shift()) this.step(next);
		} finally {
			this.stepping = false;
		}
	}

	private step(event: CoreEvent): void {
		let effects: CoreEffect[];
		try {
			effects = this.core.step(event, this.now());
		} catch (e) {
			// A step never throws; if one does all the same, the store's picture is the one to go on with.
			this.parts.log.error("core-failed", { event: event.type, reason: e instanceof Error ? e.message : "unknown" });
			if (event.type === "command") this.answer(event.id, this.internal());
			this.scheduleRebuild();
			return;
		}
		for (const effect of effects) this.run(effect);
	}

	private internal(): CommandAnswer {
		return failed(
			"internal-error",
			"The gateway failed to work on this.",
			"Repeat; if it stays, report the log's lines.",
		);
	}

	private run(effect: CoreEffect): void {
		switch (effect.type) {
			case "commit":
				this.commits.push(effect);
				// After this turn's other effects, so that they share the transaction.
				if (this.commits.length === 1 && this.committing === null)
					void Promise.resolve().then(() => this.flushCommits());
				break;
			case "sign":
				this.line?.push(effect);
				break;
			case "publish":
				this.publisher?.push(effect);
				break;
			case "answer":
				this.answer(effect.id, effect.answer);
				break;
			case "changed":
				for (const listener of this.listeners) listener(effect.light);
				break;
			case "wake":
				this.wakeAt(effect.at);
				break;
			case "log":
				this.parts.log[effect.level](effect.code, effect.fields);
				break;
		}
	}

	private answer(id: string, answer: CommandAnswer): void {
		const resolve = this.answers.get(id);
		this.answers.delete(id);
		resolve?.(answer);
		for (const listener of this.answered) listener();
	}

	/** The earliest instant asked for is kept: a tick too many changes nothing, one too late would. */
	private wakeAt(at: MonoMs): void {
		if (this.stopped || (this.wake !== null && this.wake.at <= at)) return;
		this.wake?.cancel();
		const delay = Math.max(0, at - this.parts.clock.monoMs()) as Millis;
		const handle = this.parts.timers.after("gateway-wake", delay, () => {
			this.wake = null;
			// A timer may be cut short (an hour at most); the core asks again.
			this.post({ type: "tick" });
		});
		this.wake = { at, cancel: () => handle.cancel() };
	}

	private flushCommits(): void {
		if (this.committing !== null || this.commits.length === 0) return;
		const group = this.nextGroup();
		if (this.rebuild !== null) {
			// Decided by a core that is given up: the store must not hear of it.
			for (const { tx } of group) this.post({ type: "commit-failed", tx, reason: "the core is built anew" });
			return;
		}
		const generation = this.generation;
		const changes = group.length === 1 && group[0] !== undefined ? group[0].changes : group.flatMap((c) => c.changes);
		this.committing = this.parts.store.commit(changes).then(
			() => {
				this.committing = null;
				this.counts.commits += group.length;
				this.counts.transactions += 1;
				this.rebuildDelay = REBUILD_FIRST_MS;
				this.storeFails = false;
				if (generation === this.generation) for (const { tx } of group) this.post({ type: "committed", tx });
				this.flushCommits();
			},
			(e: unknown) => this.commitFailed(group, generation, e),
		);
	}

	/** The commits that go together: as many as have room, in their order. */
	private nextGroup(): readonly Commit[] {
		let rows = 0;
		let count = 0;
		for (const { changes } of this.commits) {
			rows += changes.length;
			if (count > 0 && rows > MOST_ROWS) break;
			count += 1;
		}
		return this.commits.splice(0, count);
	}

	private commitFailed(group: readonly Commit[], generation: number, e: unknown): void {
		this.committing = null;
		this.storeFails = true;
		const reason = e instanceof Error ? e.message : "unknown";
		this.parts.log.error("store-failed", { reason, commits: group.length + this.commits.length });
		if (generation !== this.generation) {
			this.flushCommits();
			return;
		}
		// What was decided upon the failed ones cannot stand without them.
		const all = [...group, ...this.commits];
		this.commits = [];
		for (const { tx } of all) this.post({ type: "commit-failed", tx, reason });
		this.scheduleRebuild();
	}

	private scheduleRebuild(): void {
		if (this.stopped || this.rebuild !== null) return;
		const delay = this.rebuildDelay as Millis;
		this.rebuildDelay = Math.min(REBUILD_MAX_MS, this.rebuildDelay * 2);
		this.rebuild = this.parts.timers.after("gateway-rebuild", delay, () => void this.rebuildNow());
	}

	private async rebuildNow(): Promise<void> {
		try {
			await this.committing;
			const snapshot = await this.parts.store.load();
			if (this.stopped) return;
			this.rebuild = null;
			this.generation += 1;
			this.commits = [];
			this.line?.clear();
			this.wake?.cancel();
			this.wake = null;
			const orphans = [...this.answers.keys()];
			this.core = this.parts.makeCore(snapshot, this.now());
			for (const id of orphans)
				this.answer(id, failed("store-failed", "The store could not take this.", "Repeat; see the gateway's log."));
			this.counts.rebuilds += 1;
			this.parts.log.warn("core-rebuilt", { rebuilds: this.counts.rebuilds });
			for (const { light } of this.core.lights(this.now())) for (const listener of this.listeners) listener(light);
			if (!this.started) return;
			this.post({ type: "start", afterFailure: this.storeFails });
			for (const m of this.parts.replay?.(this.core, this.now()) ?? []) this.message(m.topic, m.bytes, m.publisher);
		} catch (e) {
			this.parts.log.error("store-unreadable", { reason: e instanceof Error ? e.message : "unknown" });
			this.rebuild = null;
			this.scheduleRebuild();
		}
	}

	/** Resolves once nothing waits to be stored, signed or sent: what the start publishes is with the broker then. */
	async settled(): Promise<void> {
		const busy = () =>
			this.committing !== null ||
			this.commits.length > 0 ||
			(this.line?.length ?? 0) > 0 ||
			(this.publisher?.backlog ?? 0) > 0;
		while (busy() && !this.stopped && this.rebuild === null) await new Promise<void>((next) => this.parts.soon(next));
	}

	/** Waits until nothing is to be stored any more. */
	async drain(): Promise<void> {
		while (this.committing !== null || this.commits.length > 0) {
			if (this.committing === null) this.flushCommits();
			await this.committing;
		}
	}

	/** No more ticks, signatures or commands; what was accepted is stored before this resolves. */
	async stop(): Promise<void> {
		// A command that never started the depot has nothing that waits, and must not store a time for having looked.
		if (this.started && this.rebuild === null) this.post({ type: "stop" });
		this.stopped = true;
		this.line?.stop();
		this.wake?.cancel();
		this.rebuild?.cancel();
		await this.drain();
		for (const id of [...this.answers.keys()])
			this.answer(id, failed("gateway-stopping", "The gateway is stopping.", "Start it again, then repeat."));
		this.listeners.clear();
		this.answered.clear();
	}
}
