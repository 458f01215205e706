import type { LinkMessage } from "../../protocol/ports/link.ts";
import type { Planned, SimClock } from "../clock/sim-clock.ts";
import type { Prng } from "../random/prng.ts";
import { covers } from "./topic-filter.ts";

/** Faults of a network, as plain numbers (rates 0..1, milliseconds). */
export interface NetworkFaults {
	readonly loss: number;
	readonly duplicate: number;
	/** Whether messages of one connection may overtake each other. */
	readonly reorder: boolean;
	readonly delayMinMs: number;
	readonly delayMeanMs: number;
}

/** A network that does what it should. */
export const HONEST: NetworkFaults = { loss: 0, duplicate: 0, reorder: false, delayMinMs: 2, delayMeanMs: 15 };

/** What a connection is told. */
export interface Connection {
	readonly id: string;
	message(message: LinkMessage): void;
	/** The connection is gone; it may try again. */
	lost(reason: string): void;
}

/** A message with the connection that it was on its way to. */
export interface Held {
	readonly to: string;
	readonly message: LinkMessage;
}

interface Attached {
	readonly connection: Connection;
	readonly filters: readonly string[];
	/** Told by the broker when the connection ends without a good-bye. */
	readonly will: LinkMessage | null;
	/** No message of an ordered connection arrives before this true time. */
	lastAt: number;
	/** What one client sends in one go travels in one segment. */
	sentWith: { readonly from: string; readonly sentAt: number; readonly at: number } | null;
	/** Messages that arrive at one instant come in one go, as they do in one segment of a stream. */
	burst: { readonly at: number; readonly messages: LinkMessage[] } | null;
}

/** A broker finds a dead connection when one and a half keep-alives have passed without a packet (MQTT 3.1.1, 3.1.2.10). */
export const WILL_WITHIN_MS = 45_000;
/** Messages that the hoard keeps; older ones are forgotten and counted. */
export const MAX_HOARD = 512;
/** Messages kept of each topic for replays. */
export const MAX_ARCHIVE = 24;

/**
 * A broker in virtual time: retained messages, at-least-once delivery, and everything that a network or a hostile broker may
 * do to it. It never makes a signature: it can only keep, drop, repeat, redirect and corrupt what it has seen.
 */
export class SimBroker {
	faults: NetworkFaults = HONEST;
	/** True = this message is kept back from this connection and goes to the hoard. */
	withhold: ((to: string, message: LinkMessage) => boolean) | null = null;
	/** Called for each message handed over by a client: the adversary's eyes. */
	onPublish: ((from: string, message: LinkMessage) => void) | null = null;
	/** Called at each delivery. */
	onDeliver: ((to: string, message: LinkMessage) => void) | null = null;
	readonly counts = { delivered: 0, lost: 0, duplicated: 0, withheld: 0, hoardDropped: 0, noConnection: 0 };

	private readonly clock: SimClock;
	private readonly random: Prng;
	private readonly attached = new Map<string, Attached>();
	private readonly retained = new Map<string, Uint8Array>();
	private readonly archive = new Map<string, Uint8Array[]>();
	private readonly partitioned = new Set<string>();
	private readonly waiting = new Map<string, () => void>();
	private readonly hoard: Held[] = [];
	/** Wills of connections that are gone, and whose end the broker has not noticed yet. */
	private readonly wills = new Map<string, { readonly will: LinkMessage; readonly planned: Planned }>();
	private down = false;

	constructor(clock: SimClock, random: Prng) {
		this.clock = clock;
		this.random = random;
	}

	/** Connects, or returns false and calls `retry` once it makes sense to try again. An id that is connected is taken over. */
	attach(
		connection: Connection,
		filters: readonly string[],
		retry: () => void,
		will: LinkMessage | null = null,
	): boolean {
		if (this.down || this.partitioned.has(connection.id)) {
			this.waiting.set(connection.id, retry);
			return false;
		}
		this.drop(connection.id, "taken over");
		// A takeover tells of the connection before at once, ahead of all that the new one says.
		this.tellWill(connection.id);
		const entry: Attached = { connection, filters, will, lastAt: 0, sentWith: null, burst: null };
		this.attached.set(connection.id, entry);
		const at = this.arrival(entry);
		for (const filter of filters) for (const message of this.retainedFor(filter)) this.route(entry, message, at);
		return true;
	}

	/** A good-bye from the client's side; nothing is told to it, and its will is forgotten. */
	detach(id: string): void {
		this.attached.delete(id);
		this.waiting.delete(id);
	}

	/** The client is gone from one moment to the next, as without power: its will is told once the broker has noticed. */
	vanish(id: string): void {
		const entry = this.attached.get(id);
		this.detach(id);
		if (entry !== undefined) this.planWill(id, entry);
	}

	connected(id: string): boolean {
		return this.attached.has(id);
	}

	/** At least once to every subscriber that is connected; an empty retained message clears the topic (MQTT 3.1.1, 3.3.1.3). */
	publish(from: string, message: LinkMessage): void {
		this.onPublish?.(from, message);
		this.remember(message);
		if (message.retain) {
			if (message.payload.length === 0) this.retained.delete(message.topic);
			else this.retained.set(message.topic, message.payload);
		}
		const live: LinkMessage = { ...message, retain: false };
		for (const entry of this.attached.values()) {
			if (!entry.filters.some((f) => covers(f, message.topic))) continue;
			const before = entry.sentWith;
			const sentAt = this.clock.now();
			const at = before?.from === from && before.sentAt === sentAt ? before.at : this.arrival(entry);
			entry.sentWith = { from, sentAt, at };
			this.route(entry, live, at);
		}
	}

	/** The retained message of a topic, or null. */
	retainedOf(topic: string): Uint8Array | null {
		return this.retained.get(topic) ?? null;
	}

	/** Ends a connection as a network does. */
	drop(id: string, reason: string): void {
		const entry = this.attached.get(id);
		if (entry === undefined) return;
		this.attached.delete(id);
		this.planWill(id, entry);
		entry.connection.lost(reason);
	}

	private planWill(id: string, { will }: Attached): void {
		if (will === null || this.down) return;
		const planned = this.clock.after(`will ${id}`, this.random.int(0, WILL_WITHIN_MS), () => this.tellWill(id));
		this.wills.set(id, { will, planned });
	}

	private tellWill(id: string): void {
		const told = this.wills.get(id);
		if (told === undefined) return;
		this.wills.delete(id);
		told.planned.cancel();
		this.publish(id, told.will);
	}

	/** Cuts a connection off until `heal`. */
	partition(id: string): void {
		this.partitioned.add(id);
		this.drop(id, "partition");
	}

	heal(id: string): void {
		this.partitioned.delete(id);
		this.wake(id);
	}

	/** The broker stops (it lives in the gateway's process): all connections end; retained messages are in memory only. */
	stop(keepRetained: boolean): void {
		this.down = true;
		for (const { planned } of this.wills.values()) planned.cancel();
		this.wills.clear();
		for (const id of [...this.attached.keys()]) this.drop(id, "broker down");
		if (!keepRetained) this.retained.clear();
	}

	start(): void {
		this.down = false;
		for (const id of [...this.waiting.keys()]) this.wake(id);
	}

	running(): boolean {
		return !this.down;
	}

	/** Everything ever seen on a topic (the newest `MAX_ARCHIVE`), oldest first. */
	seen(topic: string): readonly Uint8Array[] {
		return this.archive.get(topic) ?? [];
	}

	/** Topics seen so far. */
	topics(): readonly string[] {
		return [...this.archive.keys()];
	}

	/** Hostile: hands any bytes to a connection as if they had been published. */
	inject(to: string, message: LinkMessage): void {
		const entry = this.attached.get(to);
		if (entry === undefined) this.counts.noConnection++;
		else this.deliver(entry, message, this.clock.now() + this.random.int(0, 40));
	}

	/** Hostile: puts a retained message in place of the newest one. */
	overwriteRetained(topic: string, payload: Uint8Array): void {
		this.retained.set(topic, payload);
	}

	/** Takes everything out of the hoard. */
	takeHoard(): Held[] {
		return this.hoard.splice(0);
	}

	private retainedFor(filter: string): LinkMessage[] {
		const own = this.retained.get(filter);
		if (own !== undefined) return [{ topic: filter, payload: own, retain: true }];
		if (!filter.includes("+") && !filter.includes("#")) return [];
		const found = [...this.retained].filter(([topic]) => covers(filter, topic));
		return found.map(([topic, payload]) => ({ topic, payload, retain: true }));
	}

	private wake(id: string): void {
		const retry = this.waiting.get(id);
		if (retry === undefined || this.down || this.partitioned.has(id)) return;
		this.waiting.delete(id);
		retry();
	}

	private remember(message: LinkMessage): void {
		const kept = this.archive.get(message.topic) ?? [];
		if (kept.length === 0) this.archive.set(message.topic, kept);
		kept.push(message.payload);
		if (kept.length > MAX_ARCHIVE) kept.shift();
	}

	private route(entry: Attached, message: LinkMessage, at?: number): void {
		if (this.withhold?.(entry.connection.id, message) === true) {
			this.counts.withheld++;
			this.hoard.push({ to: entry.connection.id, message });
			if (this.hoard.length > MAX_HOARD) {
				this.hoard.shift();
				this.counts.hoardDropped++;
			}
			return;
		}
		if (this.random.chance(this.faults.loss)) {
			this.counts.lost++;
			return;
		}
		const arrival = this.faults.reorder || at === undefined ? this.arrival(entry) : Math.max(at, entry.lastAt);
		this.deliver(entry, message, arrival);
		if (this.random.chance(this.faults.duplicate)) {
			this.counts.duplicated++;
			this.deliver(entry, message, this.arrival(entry) + this.random.int(0, 3000));
		}
	}

	private arrival(entry: Attached): number {
		const wait = -Math.log(1 - this.random.unit()) * (this.faults.delayMeanMs - this.faults.delayMinMs);
		const at = Math.ceil(this.clock.now() + this.faults.delayMinMs + wait);
		if (this.faults.reorder) return at;
		entry.lastAt = Math.max(entry.lastAt, at);
		return entry.lastAt;
	}

	private deliver(entry: Attached, message: LinkMessage, at: number): void {
		if (entry.burst?.at === at && at > this.clock.now()) {
			entry.burst.messages.push(message);
			return;
		}
		const burst = { at, messages: [message] };
		entry.burst = burst;
		this.clock.at(`deliver ${message.topic}`, at, () => {
			for (const arrived of burst.messages) this.hand(entry, arrived);
		});
	}

	private hand(entry: Attached, message: LinkMessage): void {
		if (this.attached.get(entry.connection.id) !== entry) {
			this.counts.noConnection++;
			return;
		}
		this.counts.delivered++;
		this.onDeliver?.(entry.connection.id, message);
		entry.connection.message(message);
	}
}
