import { connect, type Socket } from "node:net";
import { generate, type Packet, type Parser, parser } from "mqtt-packet";
import type { MqttLinkOptions } from "../../device/drivers/mqtt-link.ts";
import { RetainedOrder } from "../../device/drivers/retained-order.ts";
import type { Link, LinkEvents, LinkMessage } from "../../protocol/ports/link.ts";

/** As the real link asks for it; the pings are sent by `Pings`, spread over the period. */
export const KEEPALIVE_S = 30;
/** A connection that was refused is tried again after this and up to twice of it. */
const RETRY_MS = 250;
const MAX_ID = 65_535;

/** What all links of a process share. */
export interface MiniLinkHost {
	/** Handshakes under way at once. */
	readonly gate: Gate;
	readonly pings: Pings;
	/** Told when a connection has got every message that `wanted` says, as bits in the order of the subscriptions. */
	readonly onServed: (link: MiniLink) => void;
	readonly wanted: () => number;
}

/** Lets so many in at once, in order. */
export class Gate {
	private readonly most: number;
	private inside = 0;
	private readonly waiting: (() => void)[] = [];
	constructor(most: number) {
		this.most = most;
	}
	enter(run: () => void): void {
		if (this.inside >= this.most) {
			this.waiting.push(run);
			return;
		}
		this.inside += 1;
		run();
	}
	leave(): void {
		const next = this.waiting.shift();
		if (next === undefined) this.inside -= 1;
		else setImmediate(next);
	}
}

/** Keeps the connections of a whole fleet alive by one timer. */
export class Pings {
	private readonly links: MiniLink[] = [];
	private readonly timer: NodeJS.Timeout;
	private turn = 0;
	constructor() {
		this.timer = setInterval(() => {
			for (let at = this.turn; at < this.links.length; at += KEEPALIVE_S) this.links[at]?.ping();
			this.turn = (this.turn + 1) % KEEPALIVE_S;
		}, 1_000);
	}
	add(link: MiniLink): void {
		this.links.push(link);
	}
	stop(): void {
		clearInterval(this.timer);
	}
}

const PING = generate({ cmd: "pingreq" });

/**
 * The real link's MQTT 3.1.1 on bare packets: same clean session, will, subscriptions, QoS, order of retained messages. Half the
 * memory and CPU of mqtt.js, so that ten thousand of them measure the gateway and not the client.
 */
export class MiniLink implements Link {
	readonly options: MqttLinkOptions;
	private readonly host: MiniLinkHost;
	private subscriptions: readonly string[] = [];
	private events: LinkEvents | null = null;
	private socket: Socket | null = null;
	private up = false;
	private nextId = 1;
	private got = 0;
	private diverted: ((message: LinkMessage) => void) | null = null;
	/** The newest message published with `retain`, and the newest of a grant heard: what a floor sends again. */
	lastState: LinkMessage | null = null;
	lastGrant: Uint8Array | null = null;
	/** Connections that ended without our asking, and tries that failed. */
	lost = 0;

	constructor(options: MqttLinkOptions, host: MiniLinkHost) {
		this.options = options;
		this.host = host;
		host.pings.add(this);
	}

	open(subscriptions: readonly string[], events: LinkEvents): void {
		this.prepare(subscriptions, events);
		this.reconnect();
	}

	/** Opens without connecting. */
	prepare(subscriptions: readonly string[], events: LinkEvents): void {
		this.subscriptions = subscriptions;
		this.events = events;
	}

	/** Messages go here instead of to the light until called with null. */
	divert(hear: ((message: LinkMessage) => void) | null): void {
		this.diverted = hear;
	}

	publish({ topic, payload, retain }: LinkMessage): boolean {
		const { socket } = this;
		if (!this.up || socket === null) return false;
		const messageId = this.id();
		socket.write(
			generate({ cmd: "publish", topic, payload: Buffer.from(payload), qos: 1, dup: false, retain, messageId }),
		);
		if (topic.endsWith("/state")) this.lastState = { topic, payload, retain };
		return true;
	}

	ping(): void {
		if (this.up) this.socket?.write(PING);
	}

	/** The cable is pulled; nothing is said, and nothing follows until `reconnect`. */
	cut(): void {
		const { socket, up } = this;
		this.socket = null;
		this.up = false;
		socket?.destroy();
		if (up) this.events?.down("cut");
	}

	reconnect(): void {
		this.got = 0;
		this.host.gate.enter(() => this.connect());
	}

	async close(): Promise<void> {
		const { socket } = this;
		this.socket = null;
		this.up = false;
		this.events = null;
		socket?.end(generate({ cmd: "disconnect" }));
		socket?.destroySoon();
	}

	private id(): number {
		const id = this.nextId;
		this.nextId = id >= MAX_ID ? 1 : id + 1;
		return id;
	}

	private connect(): void {
		let inGate = true;
		const leave = () => {
			if (inGate) this.host.gate.leave();
			inGate = false;
		};
		if (this.events === null) {
			leave();
			return;
		}
		const { broker, clientId, will, timers } = this.options;
		const { hostname, port } = new URL(broker);
		const socket = connect({ host: hostname, port: Number(port), noDelay: true });
		this.socket = socket;
		const order = new RetainedOrder(this.subscriptions, timers, {
			up: (kept) => this.onUp(socket, kept),
			message: (message) => this.hand(message),
		});
		const packets = parser({ protocolVersion: 4 });
		packets.on("packet", (packet: Packet) => this.take(socket, packet, order, leave));
		packets.on("error", () => socket.destroy());
		socket.on("connect", () => {
			const last = will && {
				topic: will.topic,
				payload: Buffer.from(will.payload),
				qos: 1 as const,
				retain: will.retain,
			};
			const hello = { protocolId: "MQTT", protocolVersion: 4, clean: true, clientId, keepalive: KEEPALIVE_S } as const;
			socket.write(generate({ cmd: "connect", ...hello, ...(last && { will: last }) }));
		});
		socket.on("data", (chunk) => void (packets as Parser).parse(chunk));
		socket.on("error", () => undefined);
		socket.on("close", () => {
			leave();
			order.discard();
			if (this.socket === socket) this.onLost();
		});
	}

	private onLost(): void {
		const { up } = this;
		this.socket = null;
		this.up = false;
		this.lost += 1;
		if (this.events === null) return;
		if (up) this.events.down("lost");
		const random = (this.options.random.bytes(1)[0] ?? 0) / 256;
		setTimeout(() => this.reconnect(), RETRY_MS * (1 + random));
	}

	private take(socket: Socket, packet: Packet, order: RetainedOrder, leave: () => void): void {
		if (packet.cmd === "connack") {
			if (packet.returnCode !== 0) {
				socket.destroy();
				return;
			}
			order.begin();
			const subscriptions = this.subscriptions.map((topic) => ({ topic, qos: 1 as const }));
			socket.write(generate({ cmd: "subscribe", messageId: this.id(), subscriptions }));
		} else if (packet.cmd === "suback") {
			leave();
			order.subscribed();
		} else if (packet.cmd === "publish") {
			if (packet.qos > 0 && packet.messageId !== undefined)
				socket.write(generate({ cmd: "puback", messageId: packet.messageId }));
			const payload = new Uint8Array(packet.payload as Buffer);
			this.noteServed(packet.topic);
			order.take({ topic: packet.topic, payload, retain: packet.retain });
		}
	}

	private noteServed(topic: string): void {
		const wanted = this.host.wanted();
		const before = this.got;
		this.got |= 1 << this.subscriptions.indexOf(topic);
		if ((before & wanted) !== wanted && (this.got & wanted) === wanted) this.host.onServed(this);
	}

	private onUp(socket: Socket, kept: readonly LinkMessage[]): void {
		if (this.socket !== socket) return;
		this.up = true;
		for (const message of kept) this.noteGrant(message);
		this.events?.up(this.diverted === null ? kept : []);
		if (this.diverted !== null) for (const message of kept) this.diverted(message);
	}

	private hand(message: LinkMessage): void {
		this.noteGrant(message);
		if (this.diverted === null) this.events?.message(message);
		else this.diverted(message);
	}

	private noteGrant({ topic, payload }: LinkMessage): void {
		if (topic.endsWith("/grant")) this.lastGrant = payload;
	}
}
