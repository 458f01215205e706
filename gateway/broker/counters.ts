/** Why a connection, a message or a subscription was not taken; each is counted. */
export type Refusal =
	/** CONNECT: no registered light, or none at all. */
	| "unknown-light"
	/** CONNECT: a will for another topic than the light's own `online`, too large, or with QoS 2. */
	| "will-not-allowed"
	| "publish-not-allowed"
	| "subscribe-not-allowed"
	| "too-large"
	| "too-fast"
	/** QoS 2 is not part of the protocol. */
	| "qos-2"
	/** More connections than the broker takes. */
	| "too-many-connections"
	/** Packets that are no MQTT, silence before CONNECT, a broken socket. */
	| "connection-error"
	/** A retained message beyond the cap: passed on, not kept. */
	| "retained-full"
	/** A message of the depot beyond what may wait. */
	| "depot-queue-full";

/** All of them, so that a metric knows each from the start. */
export const REFUSALS: readonly Refusal[] = [
	"unknown-light",
	"will-not-allowed",
	"publish-not-allowed",
	"subscribe-not-allowed",
	"too-large",
	"too-fast",
	"qos-2",
	"too-many-connections",
	"connection-error",
	"retained-full",
	"depot-queue-full",
];

export interface BrokerStats {
	/** Whether lights can be reached: the embedded broker's port is open, the other one is connected. */
	readonly listening: boolean;
	/** Open sockets, and those of lights that are let in. */
	readonly connections: number;
	readonly lights: number;
	readonly retained: number;
	/** Messages taken from lights and from the depot. */
	readonly fromLights: number;
	readonly fromDepot: number;
	/** Connections that a newer one of the same light ended. */
	readonly takenOver: number;
	readonly refused: Readonly<Partial<Record<Refusal, number>>>;
}

/** Counts refusals by reason. */
export class Refusals {
	private readonly counts = new Map<Refusal, number>();

	count(reason: Refusal, by = 1): void {
		this.counts.set(reason, (this.counts.get(reason) ?? 0) + by);
	}

	all(): Partial<Record<Refusal, number>> {
		return Object.fromEntries(this.counts);
	}
}
