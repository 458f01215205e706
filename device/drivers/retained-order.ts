import type { Timers } from "../../protocol/ports/clock.ts";
import type { LinkEvents, LinkMessage } from "../../protocol/ports/link.ts";
import { millis } from "../../protocol/wire/units.ts";

/** Retained messages follow the broker's answer to a subscription: the first of them within this time, also where a whole fleet comes back. */
const FIRST_MS = 250;
/** After each of them the next is waited for so long. */
const NEXT_MS = 50;
/** More than the topics of a light; with so many there is nothing to wait for. It also bounds the waiting. */
const HELD_MAX = 16;

/**
 * A light takes `keys`, then `notice`, then `grant` (protocol section 2), but a broker sends retained messages as it likes. What
 * comes right after a connect is held and told with `up`, in one go and in the order of the subscriptions, so that one `state` can
 * answer all of it. A message that comes later is not held: in any order the light stays safe, it only asks again.
 */
export class RetainedOrder {
	private readonly subscriptions: readonly string[];
	private readonly timers: Timers;
	private readonly events: Pick<LinkEvents, "up" | "message">;
	private held: LinkMessage[] | null = null;
	private timer: { cancel(): void } | null = null;

	constructor(subscriptions: readonly string[], timers: Timers, events: Pick<LinkEvents, "up" | "message">) {
		this.subscriptions = subscriptions;
		this.timers = timers;
		this.events = events;
	}

	/** Connected: holds until `subscribed` and a little more. */
	begin(): void {
		this.held = [];
	}

	/** The broker took the subscriptions. Where there are none, nothing can be kept. */
	subscribed(): void {
		if (this.held === null) return;
		if (this.subscriptions.length === 0) this.release();
		else this.wait(this.held.length === 0 ? FIRST_MS : NEXT_MS);
	}

	take(message: LinkMessage): void {
		if (this.held === null) {
			this.events.message(message);
			return;
		}
		this.held.push(message);
		if (this.held.length >= HELD_MAX) this.release();
		else if (this.timer !== null) this.wait(NEXT_MS);
	}

	/** The connection is gone; what was held was for it. Nothing is told of it. */
	discard(): void {
		this.timer?.cancel();
		this.timer = null;
		this.held = null;
	}

	private wait(ms: number): void {
		this.timer?.cancel();
		this.timer = this.timers.after("retained-order", millis(ms), () => this.release());
	}

	private release(): void {
		this.timer?.cancel();
		this.timer = null;
		const held = this.held ?? [];
		this.held = null;
		const place = (message: LinkMessage) => this.subscriptions.indexOf(message.topic);
		this.events.up(held.sort((a, b) => place(a) - place(b)));
	}
}
