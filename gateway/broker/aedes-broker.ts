import type { EventEmitter } from "node:events";
import { createServer, type Server, type Socket } from "node:net";
import { Aedes, type AedesPublishPacket, type Client } from "aedes";
import { writeToStream } from "mqtt-packet";
import type { Clock } from "../../protocol/ports/clock.ts";
import type { Log } from "../../protocol/ports/log.ts";
import { isCoded } from "../../protocol/wire/errors.ts";
import { parseLightId } from "../../protocol/wire/light-id.ts";
import type { LightId } from "../../protocol/wire/units.ts";
import { type BrokerStats, Refusals } from "./counters.ts";
import { ExactEmitter } from "./exact-emitter.ts";
import { Gatekeeper, MOST_PACKET_BYTES } from "./gatekeeper.ts";
import { listenOn } from "./listen.ts";
import { guardPackets } from "./packet-guard.ts";
import { PublishWindow } from "./publish-window.ts";
import { RetainedMessages } from "./retained.ts";

/** Sockets taken at once: what one process is planned for, below the usual limit of open files. */
const MOST_CONNECTIONS = 20_000;
/** Retained messages: keys, notice, and grant, state and online of 100,000 lights. */
const MOST_RETAINED = 300_002;
/** A light that does not empty its socket for this long is cut off, so that it does not hold up others. */
const DRAIN_MS = 5_000;
/** CONNECT must come within this time. */
const CONNECT_MS = 10_000;
/** Packets that a client may send ahead of our CONNACK. */
const MOST_BEFORE_CONNACK = 16;

export interface BrokerOptions {
	readonly fleet: string;
	/** Whether a client id is a registered light: nobody else is let in. Asked at each CONNECT. */
	isKnownLight(id: LightId): boolean;
	readonly clock: Pick<Clock, "monoMs">;
	readonly log: Log;
	readonly maxConnections?: number;
	readonly maxRetained?: number;
	/** How long a light may leave its socket full before it is cut off. */
	readonly drainMs?: number;
}

/** A message from a light, wills included. `publisher` is the light whose connection it came over; null = the broker does not tell. */
export interface LightMessage {
	readonly topic: string;
	readonly payload: Uint8Array;
	readonly publisher: LightId | null;
}

export interface Broker {
	/**
	 * Hands a message (QoS 1) to every light that is connected and subscribed; keeps the newest one of a topic when `retain`.
	 * Works before `listen`. Resolves when it is in the sockets. Rejects: `broker-queue-full`, `broker-closed`, `broker-failed`.
	 */
	publish(topic: string, bytes: Uint8Array, retain: boolean): Promise<void>;
	/** The one who hears all that lights publish. Set it before `listen`. */
	onMessage(hear: (message: LightMessage) => void): void;
	/**
	 * Opens the port (0 = a free one) and gives its address, `mqtt://127.0.0.1:8791`. Loopback only while there is no TLS.
	 * Throws `bind-not-loopback`, `port-taken`, `port-not-allowed`.
	 */
	listen(host: string, port: number): Promise<string>;
	/** The newest retained payload of a topic; null = none. */
	retained(topic: string): Uint8Array | null;
	stats(): BrokerStats;
	/** Ends the port and all connections, without their wills. */
	close(): Promise<void>;
}

/** Builds the embedded broker. Its port stays closed until `listen`, so that lights find what was published before. */
export async function openBroker(options: BrokerOptions): Promise<Broker> {
	const retained = new RetainedMessages(options.maxRetained ?? MOST_RETAINED);
	const refusals = new Refusals();
	const gate = new Gatekeeper(options, refusals);
	// Two-byte numbers are written as they come: the table of all 65,536 takes 6 MB, as much as 300 lights.
	writeToStream.cacheNumbers = false;
	const aedes = await Aedes.createBroker({
		mq: new ExactEmitter<AedesPublishPacket>(),
		persistence: retained,
		drainTimeout: options.drainMs ?? DRAIN_MS,
		connectTimeout: CONNECT_MS,
		queueLimit: MOST_BEFORE_CONNACK,
		preConnect: (client, packet, done) => done(null, gate.greet(client, packet)),
		authenticate: (client, _user, _password, done) => gate.admit(client, done),
		authorizePublish: (client, packet, done) => done(gate.refusePublish(client, packet)),
		authorizeSubscribe: (client, subscription, done) =>
			done(null, gate.maySubscribe(client, subscription.topic) ? subscription : null),
	});
	return new EmbeddedBroker(aedes, retained, refusals, gate, options);
}

class EmbeddedBroker implements Broker {
	private readonly aedes: Aedes;
	private readonly kept: RetainedMessages;
	private readonly refusals: Refusals;
	private readonly gate: Gatekeeper;
	private readonly window = new PublishWindow();
	private readonly server: Server;
	private readonly sockets = new Set<Socket>();
	private hear: (message: LightMessage) => void = () => undefined;
	private counts = { fromLights: 0, fromDepot: 0 };
	private ended: Promise<void> | null = null;

	constructor(aedes: Aedes, kept: RetainedMessages, refusals: Refusals, gate: Gatekeeper, options: BrokerOptions) {
		this.aedes = aedes;
		this.kept = kept;
		this.refusals = refusals;
		this.gate = gate;
		// Without it a lone message waits up to 40 ms for the peer's delayed acknowledgement.
		this.server = createServer({ noDelay: true }, (socket) => this.take(socket));
		this.server.maxConnections = options.maxConnections ?? MOST_CONNECTIONS;
		this.server.on("drop", () => refusals.count("too-many-connections"));
		aedes.published = (packet, client, done) => {
			this.published(packet, client);
			done();
		};
		aedes.on("client", (client) => gate.entered(client));
		aedes.on("clientDisconnect", (client) => gate.left(client));
		for (const event of ["clientError", "connectionError"] as const)
			aedes.on(event, (client, e) => {
				// What the gate refused is counted there.
				if (isCoded(e)) return;
				refusals.count("connection-error");
				options.log.debug("broker-connection-error", { light: parseLightId(client.id ?? ""), reason: e.message });
			});
		// Its types leave this event out; unheard, it would end the process.
		(aedes as EventEmitter).on("error", (e: Error) => options.log.error("broker-failed", { reason: e.message }));
	}

	publish(topic: string, bytes: Uint8Array, retain: boolean): Promise<void> {
		// A copy: what is kept must not change with the caller's bytes.
		const payload = Buffer.from(bytes);
		return this.window.push((done) => {
			this.counts.fromDepot += 1;
			this.aedes.publish({ cmd: "publish", qos: 1, dup: false, topic, payload, retain }, done);
		});
	}

	onMessage(hear: (message: LightMessage) => void): void {
		this.hear = hear;
	}

	listen(host: string, port: number): Promise<string> {
		return listenOn(this.server, host, port);
	}

	retained(topic: string): Uint8Array | null {
		return this.kept.payloadOf(topic);
	}

	stats(): BrokerStats {
		const overflow = this.kept.overflow;
		return {
			...this.counts,
			listening: this.server.listening,
			connections: this.sockets.size,
			lights: this.gate.lights,
			retained: this.kept.size,
			takenOver: this.gate.takenOver,
			refused: { ...this.refusals.all(), ...(overflow > 0 ? { "retained-full": overflow } : {}) },
		};
	}

	close(): Promise<void> {
		this.ended ??= this.end();
		return this.ended;
	}

	private take(socket: Socket): void {
		this.sockets.add(socket);
		socket.on("close", () => this.sockets.delete(socket));
		const client = this.aedes.handle(socket);
		guardPackets(client, MOST_PACKET_BYTES, () => {
			this.refusals.count("too-large");
			socket.destroy();
		});
	}

	/** Called by aedes for each message that it has taken: the depot's own (no client) and those of lights. */
	private published(packet: AedesPublishPacket, client: Client | null): void {
		const light = client === null ? null : this.gate.lightOf(client);
		if (light === null || this.ended !== null) return;
		this.counts.fromLights += 1;
		this.hear({ topic: packet.topic, payload: packet.payload as Uint8Array, publisher: light });
	}

	private async end(): Promise<void> {
		this.window.end();
		this.gate.shut();
		const closed = new Promise<void>((resolve) => {
			if (!this.server.listening) return resolve();
			this.server.close(() => resolve());
		});
		await new Promise<void>((resolve) => this.aedes.close(() => resolve()));
		for (const socket of this.sockets) socket.destroy();
		await closed;
	}
}
