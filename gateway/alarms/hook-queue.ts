import { ExponentialBackoff, handleWhen, type RetryPolicy, retry } from "cockatiel";
import type { Log } from "../../protocol/ports/log.ts";
import { isCoded } from "../../protocol/wire/errors.ts";
import type { Outcome } from "../metrics/facts.ts";
import type { AlarmMessage } from "./message.ts";
import type { Sender } from "./sender.ts";

/** Alarms are few: more that wait means that the other side is gone, and then the newest count. */
const MOST_WAITING = 100;

export interface RetryTimes {
	readonly tries: number;
	readonly firstMs: number;
	readonly mostMs: number;
}
/** 8 tries over about half an hour: a server that is being updated is back by then. */
const RETRY: RetryTimes = { tries: 8, firstMs: 5_000, mostMs: 600_000 };

const mayGoWell = (e: unknown): boolean => !isCoded(e) || e.fault !== "input";

/** Sends one message after the other by one way, with retries; what fails is counted and logged, never thrown. */
export class HookQueue {
	private readonly sender: Sender;
	private readonly log: Log;
	private readonly policy: RetryPolicy;
	private readonly waiting: AlarmMessage[] = [];
	private readonly ended = new AbortController();
	private busy: Promise<void> | null = null;
	readonly counts: Record<Outcome, number> = { sent: 0, failed: 0, dropped: 0 };

	constructor(sender: Sender, log: Log, { tries, firstMs, mostMs }: RetryTimes = RETRY) {
		this.sender = sender;
		this.log = log;
		this.policy = retry(handleWhen(mayGoWell), {
			maxAttempts: tries - 1,
			backoff: new ExponentialBackoff({ initialDelay: firstMs, maxDelay: mostMs }),
			// A pause between tries keeps no stopping process alive.
		}).dangerouslyUnref();
	}

	push(message: AlarmMessage): void {
		if (this.ended.signal.aborted) return;
		if (this.waiting.length >= MOST_WAITING) {
			this.waiting.shift();
			this.counts.dropped += 1;
			this.log.warn("alarm-dropped", { hook: this.sender.hook, dropped: this.counts.dropped });
		}
		this.waiting.push(message);
		this.busy ??= this.work();
	}

	/** Resolves once nothing waits. */
	async idle(): Promise<void> {
		while (this.busy !== null) await this.busy;
	}

	/** Lets go of what waits and of what is under way: the gateway is stopping. */
	stop(): void {
		this.waiting.length = 0;
		this.ended.abort();
	}

	private async work(): Promise<void> {
		// Never within the caller's turn: it has stars to care for.
		await Promise.resolve();
		for (let next = this.waiting.shift(); next !== undefined; next = this.waiting.shift()) await this.deliver(next);
		this.busy = null;
	}

	private async deliver(message: AlarmMessage): Promise<void> {
		const { signal } = this.ended;
		const { hook, target } = this.sender;
		try {
			await this.policy.execute(async () => {
				// A pause between tries is not cut short by the stop; nothing is sent after it.
				if (!signal.aborted) await this.sender.send(message, signal);
			}, signal);
			if (signal.aborted) return;
			this.counts.sent += 1;
			this.log.info("alarm-sent", { hook, target, alarm: message.code, event: message.type });
		} catch (e) {
			if (signal.aborted) return;
			this.counts.failed += 1;
			const reason = isCoded(e) ? String(e.context["reason"] ?? e.code) : "unknown";
			this.log.error("alarm-not-sent", { hook, target, alarm: message.code, event: message.type, reason });
		}
	}
}
