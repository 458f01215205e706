import type { LampState } from "../../protocol/wire/messages.ts";
import type { Face } from "../core/types.ts";

/** Five star lamps behind one glass. A driver that cannot do what it is told goes dark and says so through `onStates`. */
export interface Lamp {
	/** Shows the face at once; every pattern but `stars` is dark or unmistakably not a count. */
	show(face: Face): void;
	/** Tells of a change in the lamps' states; `sensed` says whether they were measured. */
	onStates(listener: (lamps: readonly LampState[], sensed: boolean) => void): void;
	/** Dark, and released. */
	close(): Promise<void>;
}
