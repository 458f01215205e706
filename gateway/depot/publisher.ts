import type { Log } from "../../protocol/ports/log.ts";
import { isCoded } from "../../protocol/wire/errors.ts";

/** One message for the broker. */
export interface Outgoing {
	readonly topic: string;
	readonly bytes: Uint8Array;
	readonly retain: boolean;
}

/** What the shell needs of a broker: takes a message with QoS 1; settles when it is stored and handed to who is connected. */
export interface PublishPort {
	publish(topic: string, bytes: Uint8Array, retain: boolean): Promise<void>;
}

/** Publishing thousands in one loop overflows the broker's stack and delays every answer; a window lets replies interleave. */
const WINDOW = 100;

/**
 * Hands messages over in order, at most `WINDOW` at a time. Of a retained topic only the newest waiting payload is kept, so the
 * queue is bounded by the number of lights.
 */
export class Publisher {
	private readonly broker: PublishPort;
	private readonly log: Log;
	private readonly waiting = new Map<string, Outgoing>();
	private inFlight = 0;
	private serial = 0;
	/** Topics in flight: a second message of one waits, so that the newest is the last to arrive. */
	private readonly busy = new Set<string>();
	failures = 0;

	constructor(broker: PublishPort, log: Log) {
		this.broker = broker;
		this.log = log;
	}

	push(message: Outgoing): void {
		// A notice ends every older grant: what waits was signed before it and need not travel any more.
		if (message.topic.endsWith("/notice"))
			for (const [key, old] of this.waiting) if (old.topic.endsWith("/grant")) this.waiting.delete(key);
		// What is not retained (jobs) is not replaced by a later one; it gets a place of its own.
		const key = message.retain ? message.topic : `${message.topic}#${this.serial++}`;
		this.waiting.delete(key);
		this.waiting.set(key, message);
		this.pump();
	}

	private pump(): void {
		for (const [key, message] of this.waiting) {
			if (this.inFlight >= WINDOW) return;
			if (this.busy.has(message.topic)) continue;
			this.waiting.delete(key);
			this.send(message);
		}
	}

	private send(message: Outgoing): void {
		this.inFlight += 1;
		this.busy.add(message.topic);
		const done = () => {
			this.inFlight -= 1;
			this.busy.delete(message.topic);
			this.pump();
		};
		this.broker.publish(message.topic, message.bytes, message.retain).then(done, (e: unknown) => {
			if (isCoded(e) && e.code === "broker-closed") {
				// The gateway is stopping; the store has what waits, the next start publishes it.
				this.waiting.clear();
				done();
				return;
			}
			// A broker that is away is told everything when it comes back.
			if (isCoded(e) && e.code === "broker-down") {
				done();
				return;
			}
			this.failures += 1;
			this.log.warn("publish-failed", { topic: message.topic, reason: e instanceof Error ? e.message : "unknown" });
			done();
		});
	}

	/** Messages not handed over yet. */
	get backlog(): number {
		return this.waiting.size + this.inFlight;
	}
}
