import { connect as connectTcp, type Socket } from "node:net";
import mqtt, { type IConnectPacket, type IPublishPacket, type Packet } from "mqtt-packet";

/** A message as it arrived. */
export interface Arrived {
	readonly topic: string;
	readonly payload: Uint8Array;
	readonly retain: boolean;
}

/** The smallest MQTT 3.1.1 client, for tests that look at single packets or need thousands of clients. */
export interface MiniClient {
	/** CONNACK's return code; 0 = let in. */
	readonly returnCode: number;
	readonly arrived: Arrived[];
	/** SUBACK's return codes, one a topic; 128 = refused. */
	subscribe(topics: readonly string[]): Promise<readonly number[]>;
	/** QoS 1: resolves at PUBACK, or with false when the connection ends first. QoS 0: at once. */
	publish(
		topic: string,
		payload: Uint8Array,
		options?: { readonly retain?: boolean; readonly qos?: 0 | 1 | 2 },
	): Promise<boolean>;
	/** Sends bytes as they are. */
	raw(bytes: Uint8Array): void;
	/** Breaks the connection without a DISCONNECT. */
	cut(): void;
	/** DISCONNECT. */
	close(): Promise<void>;
	readonly ended: Promise<void>;
	readonly isEnded: boolean;
	/** Stops reading from the socket. */
	freeze(): void;
}

class Mini implements MiniClient {
	returnCode = -1;
	isEnded = false;
	readonly arrived: Arrived[] = [];
	readonly ended: Promise<void>;
	private readonly socket: Socket;
	private readonly answers = new Map<number, (packet: Packet | null) => void>();
	private nextId = 1;

	constructor(socket: Socket, onConnack: () => void) {
		this.socket = socket;
		const parser = mqtt.parser();
		socket.on("data", (chunk) => parser.parse(chunk));
		socket.on("error", () => undefined);
		this.ended = new Promise((resolve) => {
			socket.on("close", () => {
				this.isEnded = true;
				for (const answer of this.answers.values()) answer(null);
				onConnack();
				resolve();
			});
		});
		parser.on("packet", (packet: Packet) => {
			if (packet.cmd === "connack") {
				this.returnCode = packet.returnCode ?? -1;
				onConnack();
			} else if (packet.cmd === "publish") this.arrive(packet);
			else if (packet.messageId !== undefined) this.answer(packet.messageId, packet);
		});
	}

	write(packet: Packet): void {
		if (!this.isEnded) this.socket.write(mqtt.generate(packet));
	}

	raw(bytes: Uint8Array): void {
		this.socket.write(bytes);
	}

	async subscribe(topics: readonly string[]): Promise<readonly number[]> {
		const suback = await this.ask((messageId) => ({
			cmd: "subscribe",
			messageId,
			subscriptions: topics.map((topic) => ({ topic, qos: 1 as const })),
		}));
		return suback?.cmd === "suback" ? (suback.granted as number[]) : [];
	}

	async publish(
		topic: string,
		payload: Uint8Array,
		{ retain = false, qos = 1 }: { readonly retain?: boolean; readonly qos?: 0 | 1 | 2 } = {},
	): Promise<boolean> {
		const packet = { cmd: "publish" as const, topic, payload: Buffer.from(payload), retain, dup: false };
		if (qos > 0) return (await this.ask((messageId) => ({ ...packet, qos, messageId }))) !== null;
		this.write({ ...packet, qos: 0 });
		return true;
	}

	cut(): void {
		this.socket.destroy();
	}

	freeze(): void {
		this.socket.pause();
	}

	async close(): Promise<void> {
		this.write({ cmd: "disconnect" });
		this.socket.end();
		await this.ended;
	}

	private ask(make: (messageId: number) => Packet): Promise<Packet | null> {
		const messageId = this.nextId++;
		return new Promise((resolve) => {
			if (this.isEnded) return resolve(null);
			this.answers.set(messageId, resolve);
			this.write(make(messageId));
		});
	}

	private answer(messageId: number, packet: Packet): void {
		this.answers.get(messageId)?.(packet);
		this.answers.delete(messageId);
	}

	private arrive(packet: IPublishPacket): void {
		const { topic, retain, messageId } = packet;
		this.arrived.push({ topic, payload: Uint8Array.from(packet.payload as Buffer), retain });
		if (packet.qos === 1 && messageId !== undefined) this.write({ cmd: "puback", messageId });
	}
}

/** Connects; resolves at CONNACK or when the broker ends the connection before. */
export function miniConnect(url: string, clientId: string, connect: Partial<IConnectPacket> = {}): Promise<MiniClient> {
	const { hostname, port } = new URL(url);
	return new Promise((resolve) => {
		const socket = connectTcp({ host: hostname, port: Number(port), noDelay: true });
		const client: Mini = new Mini(socket, () => resolve(client));
		socket.once("connect", () =>
			client.write({
				...{ cmd: "connect", protocolId: "MQTT", protocolVersion: 4, clean: true, clientId, keepalive: 60 },
				...connect,
			}),
		);
	});
}
