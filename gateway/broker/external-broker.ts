import mqtt, { type MqttClient } from "mqtt";
import type { Timers } from "../../protocol/ports/clock.ts";
import type { Log } from "../../protocol/ports/log.ts";
import { CodedError } from "../../protocol/wire/errors.ts";
import { millis } from "../../protocol/wire/units.ts";
import type { Broker, LightMessage } from "./aedes-broker.ts";
import type { BrokerStats } from "./counters.ts";

const KEEPALIVE_S = 15;
const RETRY_MS = 1_000;
const CONNECT_TIMEOUT_MS = 10_000;
/** How long `close` waits for what is being acknowledged. */
const CLOSE_MS = 1_000;
/** States and online words kept to be heard again by a core built anew: of 100,000 lights. */
const MOST_KEPT = 200_000;
/** MQTT 3.1.1, 3.9.3: the broker refuses the subscription. */
const SUBACK_FAILURE = 128;

export interface ExternalBrokerOptions {
	readonly fleet: string;
	/** `mqtt://127.0.0.1:1883`. */
	readonly url: string;
	readonly timers: Timers;
	readonly log: Log;
	/** Told after each connect, subscriptions made: what a broker may have lost is to be published again. */
	readonly onUp: () => void;
}

/**
 * A broker that runs by itself (Mosquitto, EMQX, a cluster), seen as the embedded one is. What it keeps is a cache: after each
 * connect keys, notice and the newest grants go out again, so that a broker that lost its retained messages serves the right ones.
 * Who publishes is not known here; only what a light signed is believed (protocol section 2).
 */
export class ExternalBroker implements Broker {
	private readonly options: ExternalBrokerOptions;
	private client: MqttClient | null = null;
	private hear: (message: LightMessage) => void = () => undefined;
	private readonly kept = new Map<string, Uint8Array>();
	private counts = { fromLights: 0, fromDepot: 0 };
	private refused: Record<string, number> = {};
	private up = false;
	private said = false;

	constructor(options: ExternalBrokerOptions) {
		this.options = options;
	}

	/** Rejects with `broker-down` while there is no connection: the next one publishes everything anew. */
	publish(topic: string, bytes: Uint8Array, retain: boolean): Promise<void> {
		const { client } = this;
		if (client === null || !this.up) return Promise.reject(this.down());
		this.counts.fromDepot += 1;
		return new Promise((resolve, reject) => {
			client.publish(topic, Buffer.from(bytes), { qos: 1, retain }, (e) => (e ? reject(this.down(e)) : resolve()));
		});
	}

	onMessage(hear: (message: LightMessage) => void): void {
		this.hear = hear;
	}

	/** Begins to connect, and goes on trying: a gateway starts also while its broker is away. */
	listen(): Promise<string> {
		const { url, fleet, log } = this.options;
		const client = mqtt.connect(url, {
			clientId: `liangxing-depot-${fleet}`,
			clean: true,
			protocolVersion: 4,
			keepalive: KEEPALIVE_S,
			connectTimeout: CONNECT_TIMEOUT_MS,
			reconnectPeriod: RETRY_MS,
			resubscribe: false,
			queueQoSZero: false,
		});
		this.client = client;
		client.on("connect", () => this.onConnect(client));
		client.on("message", (topic, payload) => this.onPublish(topic, new Uint8Array(payload)));
		client.on("error", (e) => log.debug("broker-connection-error", { reason: e.message }));
		client.on("close", () => this.onClose());
		return Promise.resolve(url);
	}

	retained(topic: string): Uint8Array | null {
		return this.kept.get(topic) ?? null;
	}

	stats(): BrokerStats {
		return {
			...this.counts,
			listening: this.up,
			connections: this.up ? 1 : 0,
			lights: 0,
			retained: this.kept.size,
			takenOver: 0,
			refused: { ...this.refused },
		};
	}

	async close(): Promise<void> {
		const { client } = this;
		this.client = null;
		this.up = false;
		if (client === null) return;
		await new Promise<void>((resolve) => {
			const cut = () => void client.end(true, () => resolve());
			const timer = this.options.timers.after("broker-close", millis(CLOSE_MS), cut);
			client.end(false, () => {
				timer.cancel();
				resolve();
			});
		});
	}

	private onConnect(client: MqttClient): void {
		// mqtt.js leaves Nagle's algorithm on: 40 ms for each single change.
		const { stream } = client;
		if ("setNoDelay" in stream && typeof stream.setNoDelay === "function") stream.setNoDelay(true);
		const all = ["state", "event", "online"].map((kind) => `lx/1/${this.options.fleet}/l/+/${kind}`);
		client.subscribe(all, { qos: 1 }, (e, granted) => {
			if (this.client !== client) return;
			if (e || (granted ?? []).some(({ qos }) => qos === SUBACK_FAILURE)) {
				this.options.log.error("broker-subscription-refused", { topics: all.join(" ") });
				return;
			}
			this.up = true;
			this.said = false;
			this.options.log.info("broker-connected", { broker: this.options.url });
			this.options.onUp();
		});
	}

	private onPublish(topic: string, payload: Uint8Array): void {
		this.counts.fromLights += 1;
		if (!topic.endsWith("/event")) {
			this.kept.delete(topic);
			if (this.kept.size >= MOST_KEPT) this.refused["retained-full"] = (this.refused["retained-full"] ?? 0) + 1;
			else this.kept.set(topic, payload);
		}
		this.hear({ topic, payload, publisher: null });
	}

	private onClose(): void {
		this.up = false;
		if (this.client === null || this.said) return;
		// Once, not at each try.
		this.said = true;
		this.options.log.warn("broker-down", { broker: this.options.url, retryMs: RETRY_MS });
	}

	private down(cause?: Error): CodedError {
		return new CodedError("broker-down", `The broker ${this.options.url} cannot be reached.`, {
			fault: "environment",
			next: "Start the broker, or mend mqtt.url; the gateway goes on trying and then publishes everything again.",
			...(cause === undefined ? {} : { cause }),
			context: { broker: this.options.url },
		});
	}
}
