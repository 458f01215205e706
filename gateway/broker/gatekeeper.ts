import type { AuthenticateError, Client, ConnectPacket, PublishPacket } from "aedes";
import type { Clock } from "../../protocol/ports/clock.ts";
import type { Log } from "../../protocol/ports/log.ts";
import { CodedError } from "../../protocol/wire/errors.ts";
import { parseLightId } from "../../protocol/wire/light-id.ts";
import type { LightId } from "../../protocol/wire/units.ts";
import type { Refusal, Refusals } from "./counters.ts";
import { LightAccess } from "./light-access.ts";
import { TwinWatch } from "./twin-watch.ts";

/** Payload of one message: twice the protocol's largest (`keys`, `state`, `event`: 2,048 bytes). */
export const MOST_PAYLOAD_BYTES = 4_096;
/** A whole packet: payload, topic, header; a CONNECT carries its will. */
export const MOST_PACKET_BYTES = 8_192;
/** A client that asks for no keep-alive, or a longer one, is cut off after one and a half of these without a packet. */
const MOST_KEEPALIVE_S = 300;
/** CONNACK return codes (MQTT 3.1.1, 3.2.2.3). */
const IDENTIFIER_REJECTED = 2;
const NOT_AUTHORIZED = 5;

export interface GateOptions {
	readonly fleet: string;
	isKnownLight(id: LightId): boolean;
	readonly clock: Pick<Clock, "monoMs">;
	readonly log: Log;
}

/**
 * Decides who is let in and what they may do, from memory and at once. A client is the light that its id names: over loopback
 * there is no proof of it yet, and none is needed, since a light and the depot believe signatures only.
 */
export class Gatekeeper {
	private readonly options: GateOptions;
	private readonly refusals: Refusals;
	private readonly access = new WeakMap<Client, LightAccess>();
	private readonly refusedAtConnect = new WeakMap<Client, Refusal>();
	private readonly inside = new Map<string, Client>();
	private readonly twins = new TwinWatch();
	private overtakes = 0;
	private closed = false;

	constructor(options: GateOptions, refusals: Refusals) {
		this.options = options;
		this.refusals = refusals;
	}

	get lights(): number {
		return this.inside.size;
	}

	get takenOver(): number {
		return this.overtakes;
	}

	lightOf(client: Client): LightId | null {
		return this.access.get(client)?.light ?? null;
	}

	/** Looks at CONNECT as it came. What is refused is told by `admit`, with a return code. */
	greet(client: Client, packet: ConnectPacket): true {
		const light = parseLightId(packet.clientId);
		if (light === null || !this.options.isKnownLight(light)) this.refusedAtConnect.set(client, "unknown-light");
		else {
			const access = new LightAccess(this.options.fleet, light, this.options.clock.monoMs());
			this.access.set(client, access);
			const { will } = packet;
			const fits =
				will === undefined ||
				(access.mayWill(will.topic) && will.payload.length <= MOST_PAYLOAD_BYTES && (will.qos ?? 0) < 2);
			if (!fits) this.refusedAtConnect.set(client, "will-not-allowed");
		}
		// Sessions are not kept: what counts is retained or comes again, and an absent light must not fill the memory.
		packet.clean = true;
		if (!packet.keepalive || packet.keepalive > MOST_KEEPALIVE_S) packet.keepalive = MOST_KEEPALIVE_S;
		return true;
	}

	/** Answers CONNECT. */
	admit(client: Client, done: (e: AuthenticateError | null, success: boolean) => void): void {
		const reason = this.refusedAtConnect.get(client);
		if (reason === undefined) {
			if (this.inside.has(client.id)) this.overtaken(this.lightOf(client));
			done(null, true);
			return;
		}
		this.refusals.count(reason);
		const e = refusal(reason, "the connection");
		done(Object.assign(e, { returnCode: reason === "unknown-light" ? IDENTIFIER_REJECTED : NOT_AUTHORIZED }), false);
	}

	/** The error that ends the connection, or null when the message may pass. Wills come here too. */
	refusePublish(client: Client | null, packet: PublishPacket): CodedError | null {
		const reason = this.publishRefusal(client, packet);
		if (reason === null) return null;
		this.refusals.count(reason);
		return refusal(reason, "a message");
	}

	maySubscribe(client: Client, topic: string): boolean {
		const access = this.access.get(client);
		const reason: Refusal | null =
			access?.maySubscribe(topic) !== true
				? "subscribe-not-allowed"
				: access.allow(this.options.clock.monoMs())
					? null
					: "too-fast";
		if (reason !== null) this.refusals.count(reason);
		return reason === null;
	}

	entered(client: Client): void {
		this.inside.set(client.id, client);
	}

	left(client: Client): void {
		if (this.inside.get(client.id) === client) this.inside.delete(client.id);
	}

	/** From now on nothing passes: the wills of connections that a stopping gateway ends say nothing true. */
	shut(): void {
		this.closed = true;
	}

	private overtaken(light: LightId | null): void {
		this.overtakes += 1;
		if (light === null || !this.twins.overtaken(light, this.options.clock.monoMs())) return;
		this.options.log.warn("another-light-with-this-id", {
			light,
			note: "Connections under this id end each other in turn: two controllers run with one identity, as from a copied memory.",
			next: "Stop one of them and enrol it under an id of its own: liangxing lights add",
		});
	}

	private publishRefusal(client: Client | null, packet: PublishPacket): Refusal | null {
		const access = client === null ? undefined : this.access.get(client);
		if (client === null || access === undefined || this.closed || !access.mayPublish(packet.topic))
			return "publish-not-allowed";
		if (packet.payload.length > MOST_PAYLOAD_BYTES) return "too-large";
		if (packet.qos === 2) return "qos-2";
		// A will is the broker's to send, however fast its light was.
		if (!client.closed && !access.allow(this.options.clock.monoMs())) return "too-fast";
		if (!access.mayRetain(packet.topic)) packet.retain = false;
		return null;
	}
}

const refusal = (reason: Refusal, what: string): CodedError =>
	new CodedError("broker-refused", `The broker refused ${what}: ${reason}.`, {
		fault: "input",
		next: "A light connects under its own registered id and uses its own topics only, at the protocol's rates.",
		context: { reason },
	});
