import type { DepotMeta } from "./model.ts";

/** A depot that has stored nothing yet: no epoch taken, no time stored (any clock is taken), keys counted from 1. */
export function freshMeta(fleet: string): DepotMeta {
	return {
		fleet,
		epoch: 0,
		epochTakenAt: 0 as DepotMeta["epochTakenAt"],
		storedTime: 0 as DepotMeta["storedTime"],
		notice: null,
		blankDue: false,
		namedAbove: [],
		nextDriver: 1,
		nextVehicle: 1,
		nextDuty: 1,
		nextPull: 1,
	};
}
