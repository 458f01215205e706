import { type LightTopicKind, topicOf } from "../../protocol/wire/topics.ts";
import type { LightId, MonoMs } from "../../protocol/wire/units.ts";

/** Messages and subscriptions a second that a light may go on with; it needs 5 states a second at most (protocol section 2). */
export const RATE_PER_S = 20;
/** What it may send at once: a reconnect brings `online`, a state and what its queue of 20 held. */
export const BURST = 100;

/** What a light says, below its own topic; the first two may be kept. */
const KEPT: ReadonlySet<string> = new Set<LightTopicKind>(["state", "online"]);
const SAID: ReadonlySet<string> = new Set<LightTopicKind>(["state", "online", "event"]);
const HEARD: ReadonlySet<string> = new Set<LightTopicKind>(["grant", "job"]);

/** What one connection may do. Exact topics, no wildcards; nobody reaches another light's. One text a connection: there are many. */
export class LightAccess {
	readonly light: LightId;
	private readonly fleet: string;
	/** What its own topics begin with. */
	private readonly own: string;
	private tokens = BURST;
	private countedAt: MonoMs;

	constructor(fleet: string, light: LightId, now: MonoMs) {
		const job = topicOf.job(fleet, light);
		this.light = light;
		this.fleet = fleet;
		this.own = job.slice(0, job.lastIndexOf("/") + 1);
		this.countedAt = now;
	}

	mayPublish(topic: string): boolean {
		return this.isOwn(topic, SAID);
	}

	/** Whether a message of this topic may be kept; an event that asks for it is passed on without. */
	mayRetain(topic: string): boolean {
		return this.isOwn(topic, KEPT);
	}

	maySubscribe(topic: string): boolean {
		return this.isOwn(topic, HEARD) || topic === topicOf.keys(this.fleet) || topic === topicOf.notice(this.fleet);
	}

	mayWill(topic: string): boolean {
		return topic === topicOf.online(this.fleet, this.light);
	}

	private isOwn(topic: string, kinds: ReadonlySet<string>): boolean {
		return topic.startsWith(this.own) && kinds.has(topic.slice(this.own.length));
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
