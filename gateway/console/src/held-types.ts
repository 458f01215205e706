import type { DriverCounts, LightCounts, LightMove, StarsCount } from "./stars-diff.ts";

/** A pull as `GET /api/v1/pulls` lists it. */
export interface PullRow {
	readonly id: string;
	readonly source: string;
	readonly name: string;
	readonly at: number;
	readonly rows: number;
	readonly accepted: number;
	readonly quarantined: number;
	readonly added: number;
	readonly changed: number;
	readonly removed: number;
	readonly lowered: number;
	readonly heldFor: readonly HeldCode[];
	readonly status: "applied" | "held" | "accepted" | "rejected" | "unchanged";
	/** Unix seconds; a file does not say. */
	readonly asOf?: number;
}

export type HeldCode = "removes-too-many" | "lowers-too-many" | "goes-back";

export interface PullList {
	readonly pulls: readonly PullRow[];
	readonly nextCursor: string | null;
}

/** `GET /api/v1/ratings/held/{pull}/lights`. */
export interface HeldLights {
	readonly pull: string;
	readonly shares: {
		readonly rated: number;
		readonly removed: number;
		readonly lowered: number;
		readonly mostRemoved: number;
		readonly mostLowered: number;
	};
	readonly drivers: DriverCounts;
	readonly lights: LightCounts;
	readonly counts: readonly StarsCount[];
	readonly moves: readonly LightMove[];
	readonly nextCursor: string | null;
}

/** Every pull that the depot keeps in its lists; newest last. */
export const PULLS = "/api/v1/pulls?limit=1000";
/** Lights listed at first, and with each press for more. */
export const LIST_STEP = 100;
/** The API gives no more at once. */
export const LIST_MOST = 5000;
