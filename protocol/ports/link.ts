/** A message on the way: topics are ours (`protocol/wire/topics.ts`), payloads are bytes. */
export interface LinkMessage {
	readonly topic: string;
	readonly payload: Uint8Array;
	readonly retain: boolean;
}

/** What a link tells its owner. `up` may come again after any `down`; a message comes 0..n times, and only while the link is up. */
export interface LinkEvents {
	/**
	 * The link is up. `kept` is what the broker had kept (retained) for the subscriptions, as far as it came in one go with the
	 * connect, in the order of the subscriptions; a link that hands each message on as it comes says none here.
	 */
	up(kept: readonly LinkMessage[]): void;
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
