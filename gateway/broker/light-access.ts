import { topicOf } from "../../protocol/wire/topics.ts";
import type { LightId, MonoMs } from "../../protocol/wire/units.ts";

/** Messages and subscriptions a second that a light may go on with; it needs 5 states a second at most (protocol section 2). */
export const RATE_PER_S = 20;
/** What it may send at once: a reconnect brings `online`, a state and what its queue of 20 held. */
export const BURST = 100;

/** What one connection may do. Exact topics, no wildcards; nobody reaches another light's. */
export class LightAccess {
	readonly light: LightId;
	private readonly publishes: ReadonlySet<string>;
	private readonly subscribes: ReadonlySet<string>;
	private readonly kept: ReadonlySet<string>;
	private readonly will: string;
	private tokens = BURST;
	private countedAt: MonoMs;

	constructor(fleet: string, light: LightId, now: MonoMs) {
		const [state, event, online] = [
			topicOf.state(fleet, light),
			topicOf.event(fleet, light),
			topicOf.online(fleet, light),
		];
		this.light = light;
		this.publishes = new Set([state, event, online]);
		this.kept = new Set([state, online]);
		this.subscribes = new Set([
			topicOf.keys(fleet),
			topicOf.notice(fleet),
			topicOf.grant(fleet, light),
			topicOf.job(fleet, light),
		]);
		this.will = online;
		this.countedAt = now;
	}

	mayPublish(topic: string): boolean {
		return this.publishes.has(topic);
	}

	/** Whether a message of this topic may be kept; an event that asks for it is passed on without. */
	mayRetain(topic: string): boolean {
		return this.kept.has(topic);
	}

	maySubscribe(topic: string): boolean {
		return this.subscribes.has(topic);
	}

	mayWill(topic: string): boolean {
		return topic === this.will;
	}

	/** Takes one from the allowance; false = it sends faster than it may. */
	allow(now: MonoMs): boolean {
		this.tokens = Math.min(BURST, this.tokens + ((now - this.countedAt) / 1000) * RATE_PER_S);
		this.countedAt = now;
		if (this.tokens < 1) return false;
		this.tokens -= 1;
		return true;
	}
}
