import { Readable } from "node:stream";

/** The parts of a stored message that a subscriber is given. */
interface Packet {
	readonly cmd: string;
	readonly topic: string;
	readonly payload: Uint8Array;
	readonly qos: number;
	readonly retain: boolean;
}

/** What aedes pipes retained messages into. */
interface Target {
	write(packet: Packet): void;
	end(): void;
}

/**
 * Answers at once, without a turn of the microtask queue. A promise would let a message that is not retained overtake one that
 * is, and aedes drops the one overtaken as a duplicate.
 */
interface AtOnce<T> {
	then(done: (value: T) => unknown): void;
}

// biome-ignore lint/suspicious/noThenProperty: aedes calls then() itself, see AtOnce
const atOnce = <T>(value: T): AtOnce<T> => ({ then: (done) => void done(value) });

/**
 * What aedes keeps between messages, for lights: retained messages looked up by their exact topic. The stock persistence walks
 * every retained message at every SUBSCRIBE, so that a fleet that reconnects blocks the gateway for minutes. Sessions, queues for
 * absent clients and QoS 2 are not kept: lights connect clean, and what counts is retained or comes again.
 *
 * It is a cache: the store holds everything that matters, and the depot publishes it again at each start.
 */
export class RetainedMessages {
	private readonly byTopic = new Map<string, Packet>();
	private readonly most: number;
	private refused = 0;

	/** Keeps at most `most` messages; further topics are delivered but not kept, and counted. */
	constructor(most: number) {
		this.most = most;
	}

	get size(): number {
		return this.byTopic.size;
	}

	/** Messages not kept for want of room. */
	get overflow(): number {
		return this.refused;
	}

	/** The newest retained payload of a topic; null = none. */
	payloadOf(topic: string): Uint8Array | null {
		return this.byTopic.get(topic)?.payload ?? null;
	}

	/** aedes calls it once; it wants a promise. */
	async setup(): Promise<void> {}

	storeRetained(packet: Packet): AtOnce<void> {
		const { cmd, topic, payload, qos } = packet;
		// An empty payload clears the topic (MQTT 3.1.1, 3.3.1.3).
		if (payload.length === 0) this.byTopic.delete(topic);
		else if (this.byTopic.size < this.most || this.byTopic.has(topic))
			this.byTopic.set(topic, { cmd, topic, payload, qos, retain: true });
		else this.refused += 1;
		return atOnce(undefined);
	}

	/** Gives what is kept of these topics, in their order. */
	createRetainedStreamCombi(topics: readonly string[]): { pipe(target: Target): void } {
		const kept = this.byTopic;
		return {
			pipe(target) {
				for (const topic of topics) {
					const found = kept.get(topic);
					if (found === undefined) continue;
					// Read when it is sent, not now: a newer message may be published while an earlier topic is on its way.
					target.write({
						...found,
						get payload() {
							return (kept.get(topic) ?? found).payload;
						},
					});
				}
				target.end();
			},
		};
	}

	subscriptionsByTopic(): AtOnce<readonly never[]> {
		return atOnce([]);
	}
	outgoingEnqueueCombi(): AtOnce<void> {
		return atOnce(undefined);
	}
	async subscriptionsByClient(): Promise<readonly never[]> {
		return [];
	}
	async addSubscriptions(): Promise<void> {}
	async removeSubscriptions(): Promise<void> {}
	async cleanSubscriptions(): Promise<void> {}
	outgoingStream(): Readable {
		return Readable.from([]);
	}
	async outgoingUpdate(): Promise<void> {}
	async outgoingClearMessageId(): Promise<void> {}
	async cleanIncoming(): Promise<void> {}
	async incomingGetPacket(): Promise<never> {
		return Promise.reject(null); // QoS 2 is refused before it comes here; a stray PUBREL ends its connection.
	}
	async incomingDelPacket(): Promise<never> {
		return Promise.reject(null);
	}
	/** The will of a live connection is with its client; wills of a broker that died are the depot's silence. */
	async putWill(): Promise<void> {}
	async delWill(): Promise<void> {}
	streamWill(): Readable {
		return Readable.from([]);
	}
}
