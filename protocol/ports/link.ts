/** A message on the way: topics are ours (`protocol/wire/topics.ts`), payloads are bytes. */
export interface LinkMessage {
	readonly topic: string;
	readonly payload: Uint8Array;
	readonly retain: boolean;
}

/** What a link tells its owner. `up` may come again after any `down`; a message comes 0..n times. */
export interface LinkEvents {
	up(): void;
	down(reason: string): void;
	message(message: LinkMessage): void;
}

/** A publish/subscribe connection with QoS 1. The real one is MQTT; the simulated one passes the same suite. */
export interface Link {
	/** Starts connecting, and keeps reconnecting until `close`. Subscriptions are renewed at each connect. */
	open(subscriptions: readonly string[], events: LinkEvents): void;
	/** Hands a message over; false when it was dropped because the link is down or its queue is full (counted). */
	publish(message: LinkMessage): boolean;
	close(): Promise<void>;
}
