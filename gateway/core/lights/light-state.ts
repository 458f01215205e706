import type { MonoMs, Stars } from "../../../protocol/wire/units.ts";
import { type Delivery, NO_DELIVERY } from "../outbox/delivery.ts";
import type { Desired } from "../stars/decide.ts";

/** What the running depot knows of a light beside the durable records; immutable. */
export interface LightState {
	readonly desired: Desired;
	readonly delivery: Delivery;
	/** Stars of the newest grant that the light answered as taken; null = none yet, or not known after a restart. */
	readonly acked: Stars | null;
	/** Since when shown and owed stars differ; null = they agree, or the light was never heard. */
	readonly differsSince: MonoMs | null;
	/** What `online` last said; a hint only, since it is not signed. */
	readonly online: { readonly session: number; readonly online: boolean } | null;
	/** Highest counter of an `event`; older ones are replays. */
	readonly eventCounter: number;
}

export const newLightState = (desired: Desired): LightState => ({
	desired,
	delivery: NO_DELIVERY,
	acked: null,
	differsSince: null,
	online: null,
	eventCounter: 0,
});
