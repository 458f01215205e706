import type { Link, LinkEvents, LinkMessage } from "../../protocol/ports/link.ts";
import type { Planned, SimClock } from "../clock/sim-clock.ts";
import type { Prng } from "../random/prng.ts";
import type { Connection, SimBroker } from "./sim-broker.ts";

/** Longest wait before a connection is tried again once the broker can be reached (milliseconds). */
export const MAX_RECONNECT_MS = 2000;

/** A link on the simulated broker, in virtual time. It passes the same suite as the real one. */
export class SimLink implements Link {
	/** Messages refused because the link was down. */
	dropped = 0;
	/** The will of the connections from here on. */
	will: LinkMessage | null = null;
	private readonly clock: SimClock;
	private readonly broker: SimBroker;
	private readonly random: Prng;
	private readonly id: string;
	private owner: { readonly filters: readonly string[]; readonly events: LinkEvents } | null = null;
	private pending: Planned | null = null;
	private up = false;

	constructor(clock: SimClock, broker: SimBroker, random: Prng, id: string) {
		this.clock = clock;
		this.broker = broker;
		this.random = random;
		this.id = id;
	}

	open(subscriptions: readonly string[], events: LinkEvents): void {
		this.owner = { filters: [...subscriptions], events };
		this.connectSoon();
	}

	isUp(): boolean {
		return this.up;
	}

	publish(message: LinkMessage): boolean {
		if (!this.up) {
			this.dropped++;
			return false;
		}
		this.broker.publish(this.id, { ...message, payload: message.payload.slice() });
		return true;
	}

	close(): Promise<void> {
		this.shut();
		return Promise.resolve();
	}

	/** The same as `close`, at once. */
	shut(): void {
		this.forget();
		this.broker.detach(this.id);
	}

	/** The end without a good-bye, as at a loss of power. */
	cut(): void {
		this.forget();
		this.broker.vanish(this.id);
	}

	private forget(): void {
		this.pending?.cancel();
		this.pending = null;
		this.owner = null;
		this.up = false;
	}

	private connectSoon(): void {
		this.pending?.cancel();
		this.pending = this.clock.after(`connect ${this.id}`, this.random.int(20, MAX_RECONNECT_MS), () => this.connect());
	}

	private connect(): void {
		const owner = this.owner;
		this.pending = null;
		if (owner === null || this.up) return;
		const connection: Connection = {
			id: this.id,
			message: (message) => {
				if (this.owner === owner) owner.events.message(message);
			},
			lost: (reason) => {
				if (this.owner !== owner || !this.up) return;
				this.up = false;
				owner.events.down(reason);
				this.connectSoon();
			},
		};
		if (!this.broker.attach(connection, owner.filters, () => this.connectSoon(), this.will)) return;
		this.up = true;
		// The broker's messages come one by one in virtual time.
		owner.events.up([]);
	}
}
