import mqtt, { type MqttClient } from "mqtt";
import type { Clock, Timers } from "../../protocol/ports/clock.ts";
import type { Link, LinkEvents, LinkMessage } from "../../protocol/ports/link.ts";
import type { Log } from "../../protocol/ports/log.ts";
import type { Random } from "../../protocol/ports/random.ts";
import { type Millis, type MonoMs, millis } from "../../protocol/wire/units.ts";
import { RetainedOrder } from "./retained-order.ts";
import { TwinWatch } from "./twin-watch.ts";

/** Messages that wait for the broker's acknowledgements; a light owes few, and the newest `state` takes the place of an older one. */
export const QUEUE_MAX = 16;
/** Unacknowledged messages on the wire. */
const WINDOW = 4;
const KEEPALIVE_S = 30;
const CONNECT_TIMEOUT_MS = 10_000;
/** First and longest pause before the next try; each is shortened by a random half, so that a fleet does not come back at once. */
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 30_000;
/** A connection that lasted this long was a good one: the pauses start anew. */
const STABLE_MS = 5_000;
/** How long `close` waits for what was handed over before. */
const CLOSE_MS = 1_000;
/** MQTT 3.1.1, 3.9.3: the broker refuses the subscription. */
const SUBACK_FAILURE = 128;
/** How a connection ended that broke without an error. */
const CLOSED = "connection lost";

export interface MqttLinkOptions {
	/** `mqtt://host:port` or `mqtts://host:port`. */
	readonly broker: string;
	/** The light id: a second connection under it ends the first. */
	readonly clientId: string;
	/** Published by the broker when this connection dies. */
	readonly will: LinkMessage | null;
	readonly clock: Clock;
	readonly timers: Timers;
	readonly random: Random;
	readonly log: Log;
}

/** Counters of a link since it was opened. */
export interface LinkCounts {
	readonly connects: number;
	readonly dropped: number;
}

/**
 * A link over MQTT 3.1.1 (mqtt.js). Each connection has a client of its own with a clean session: nothing that was meant for a
 * broken connection is sent on the next one, where it would come after something newer.
 */
export class MqttLink implements Link {
	private readonly options: MqttLinkOptions;
	private owner: { readonly subscriptions: readonly string[]; readonly events: LinkEvents } | null = null;
	private client: MqttClient | null = null;
	private up = false;
	private upAt: MonoMs | null = null;
	private tries = 0;
	private retry: { cancel(): void } | null = null;
	private queue: LinkMessage[] = [];
	private inFlight = 0;
	private onDrained: (() => void) | null = null;
	private lastError = CLOSED;
	private readonly twins = new TwinWatch();
	private connects = 0;
	private dropped = 0;

	constructor(options: MqttLinkOptions) {
		this.options = options;
	}

	open(subscriptions: readonly string[], events: LinkEvents): void {
		this.owner = { subscriptions: [...subscriptions], events };
		this.connect();
	}

	publish(message: LinkMessage): boolean {
		if (!this.up) return this.drop(1);
		const copy = { ...message, payload: message.payload.slice() };
		const same = message.retain ? this.queue.findIndex((m) => m.retain && m.topic === message.topic) : -1;
		if (same >= 0) this.queue[same] = copy;
		else if (this.queue.length >= QUEUE_MAX) return this.drop(1);
		else this.queue.push(copy);
		this.pump();
		return true;
	}

	counts(): LinkCounts {
		return { connects: this.connects, dropped: this.dropped };
	}

	async close(): Promise<void> {
		const client = this.client;
		this.owner = null;
		this.retry?.cancel();
		if (client === null) return;
		if (this.up && (this.inFlight > 0 || this.queue.length > 0)) await this.drained();
		this.up = false;
		this.client = null;
		await new Promise<void>((resolve) => {
			const timer = this.options.timers.after("link-close", millis(CLOSE_MS), () => client.end(true, () => resolve()));
			client.end(false, () => {
				timer.cancel();
				resolve();
			});
		});
	}

	private connect(): void {
		const { broker, clientId, will } = this.options;
		const client = mqtt.connect(broker, {
			clientId,
			clean: true,
			protocolVersion: 4,
			keepalive: KEEPALIVE_S,
			connectTimeout: CONNECT_TIMEOUT_MS,
			reconnectPeriod: 0,
			resubscribe: false,
			queueQoSZero: false,
			...(will && { will: { topic: will.topic, payload: Buffer.from(will.payload), qos: 1, retain: will.retain } }),
		});
		this.client = client;
		const order = new RetainedOrder(this.owner?.subscriptions ?? [], this.options.timers, {
			up: (kept) => this.onUp(client, kept),
			message: (message) => {
				if (this.client === client) this.owner?.events.message(message);
			},
		});
		client.on("connect", () => this.onConnect(client, order));
		// Copied: a Buffer of the socket's pool is not the owner's to keep.
		client.on("message", (topic, payload, { retain }) =>
			order.take({ topic, payload: new Uint8Array(payload), retain }),
		);
		client.on("error", (error) => {
			this.lastError = error.message || ("code" in error ? String(error.code) : error.name);
		});
		client.on("close", () => {
			order.discard();
			this.onClose(client);
		});
	}

	private onConnect(client: MqttClient, order: RetainedOrder): void {
		if (this.client !== client || this.owner === null) return;
		const { subscriptions } = this.owner;
		// mqtt.js leaves Nagle's algorithm on: 40 ms for each single report.
		const { stream } = client;
		if ("setNoDelay" in stream && typeof stream.setNoDelay === "function") stream.setNoDelay(true);
		order.begin();
		if (subscriptions.length === 0) {
			order.subscribed();
			return;
		}
		client.subscribe([...subscriptions], { qos: 1 }, (error, granted) => {
			if (this.client !== client || this.owner === null) return;
			const refused = granted?.filter((grant) => grant.qos === SUBACK_FAILURE) ?? [];
			if (!error && refused.length === 0) {
				order.subscribed();
				return;
			}
			this.options.log.error("subscription-refused", { topics: refused.map((grant) => grant.topic).join(" ") });
			this.lastError = "subscription refused";
			client.end(true);
		});
	}

	/** Up only now, with what the broker kept: until then `publish` takes nothing, and a connection that ends is not told of. */
	private onUp(client: MqttClient, kept: readonly LinkMessage[]): void {
		if (this.client !== client || this.owner === null) return;
		this.up = true;
		this.upAt = this.options.clock.monoMs();
		this.connects += 1;
		this.owner.events.up(kept);
	}

	private onClose(client: MqttClient): void {
		if (this.client !== client) return;
		this.client = null;
		client.end(true);
		const wasUp = this.up;
		const lasted = this.upAt === null ? 0 : this.options.clock.monoMs() - this.upAt;
		this.up = false;
		this.upAt = null;
		this.drop(this.queue.length + this.inFlight);
		this.queue = [];
		this.inFlight = 0;
		this.onDrained?.();
		this.tries = lasted >= STABLE_MS ? 0 : this.tries;
		const reason = this.lastError;
		this.lastError = CLOSED;
		if (this.owner === null) return;
		if (wasUp && reason === CLOSED) this.closedInOrder();
		else this.twins.failed();
		const pause = this.nextPause();
		if (wasUp || this.tries === 1) this.options.log.warn("link-down", { reason, retryMs: pause });
		this.retry = this.options.timers.after("link-reconnect", pause, () => this.connect());
		if (wasUp) this.owner.events.down(reason);
	}

	private closedInOrder(): void {
		if (!this.twins.closed(this.options.clock.monoMs())) return;
		this.options.log.warn("another-light-with-this-id", {
			light: this.options.clientId,
			note: "The broker ended this connection again and again and let it in at once: another light seems to run with this identity.",
			next: "Stop the other one; a controller made from a copy needs a light id of its own: liangxing lights add",
		});
	}

	private nextPause(): Millis {
		const longest = Math.min(FIRST_PAUSE_MS * 2 ** Math.min(this.tries, 16), LONGEST_PAUSE_MS);
		this.tries += 1;
		const random = (this.options.random.bytes(1)[0] ?? 0) / 256;
		return millis(Math.round(longest * (0.5 + random / 2)));
	}

	private pump(): void {
		const client = this.client;
		while (client !== null && this.up && this.inFlight < WINDOW) {
			const message = this.queue.shift();
			if (message === undefined) break;
			this.inFlight += 1;
			client.publish(message.topic, Buffer.from(message.payload), { qos: 1, retain: message.retain }, () => {
				if (this.client !== client) return;
				this.inFlight -= 1;
				this.pump();
			});
		}
		if (this.inFlight === 0 && this.queue.length === 0) this.onDrained?.();
	}

	private async drained(): Promise<void> {
		await new Promise<void>((resolve) => {
			const timer = this.options.timers.after("link-drain", millis(CLOSE_MS), resolve);
			this.onDrained = () => {
				timer.cancel();
				resolve();
			};
		});
	}

	private drop(messages: number): false {
		this.dropped += messages;
		return false;
	}
}
