import { type UnixMs, unixMs } from "../../../protocol/wire/units.ts";
import type { DriverKey, Duty, Vehicle, VehicleKey } from "../model.ts";

/** A sign-in or sign-out may be dated this far ahead: clocks of terminals differ by so much. */
export const MAX_AHEAD_MS = 60_000;

/** What is known of the vehicle's and the driver's duties before a sign-in or sign-out. */
export interface Standing {
	readonly ofVehicle: Duty | null;
	readonly ofDriver: Duty | null;
	/** When the newest ended duty of each ended. */
	readonly vehicleEnd: UnixMs | null;
	readonly driverEnd: UnixMs | null;
}

export type SignInDecision =
	/** The same driver on the same vehicle is on duty already. */
	| { readonly what: "repeat"; readonly duty: Duty }
	/** Dated before what is known: something newer came first. */
	| { readonly what: "superseded" }
	| { readonly what: "start"; readonly ends: readonly Duty[]; readonly duty: Duty };

const latest = (...times: readonly (UnixMs | null | undefined)[]): UnixMs =>
	unixMs(times.reduce<number>((most, t) => Math.max(most, t ?? Number.NEGATIVE_INFINITY), Number.NEGATIVE_INFINITY));

/**
 * Sign-in (当班): vehicle and driver have at most one duty each, so a new one ends the one before on both sides. `at` null = now,
 * by somebody who is there: that is the newest by its coming, whatever the clock says.
 */
export function decideSignIn(
	standing: Standing,
	vehicle: VehicleKey,
	driver: DriverKey,
	at: UnixMs | null,
	now: UnixMs,
	id: string,
): SignInDecision {
	const { ofVehicle, ofDriver, vehicleEnd, driverEnd } = standing;
	if (ofVehicle !== null && ofVehicle.driver === driver) return { what: "repeat", duty: ofVehicle };
	const known = latest(ofVehicle?.from, ofDriver?.from, vehicleEnd, driverEnd);
	if (at !== null && at < known) return { what: "superseded" };
	const from = at ?? latest(now, known);
	const before = [ofVehicle, ofDriver].filter((duty) => duty !== null);
	const ends = before.map((duty) => ({ ...duty, until: from }));
	return { what: "start", ends, duty: { id, vehicle, driver, from, until: null } };
}

export type SignOutDecision =
	| { readonly what: "end"; readonly duty: Duty }
	/** Nobody, or another driver, or somebody who signed in later is on duty: the star is not touched. */
	| { readonly what: "superseded" }
	| { readonly what: "not-on-duty" }
	/** Came before its sign-in: kept, so that the sign-in, when it comes, is the older one. */
	| { readonly what: "early"; readonly duty: Duty };

/** Sign-out, normal or forced; `driver` null = whoever is on duty. */
export function decideSignOut(
	standing: Standing,
	vehicle: VehicleKey,
	driver: DriverKey | null,
	at: UnixMs | null,
	now: UnixMs,
	id: string,
): SignOutDecision {
	const { ofVehicle, vehicleEnd, driverEnd } = standing;
	if (ofVehicle === null) {
		if (at === null || driver === null || at <= latest(vehicleEnd, driverEnd, standing.ofDriver?.from))
			return { what: "not-on-duty" };
		return { what: "early", duty: { id, vehicle, driver, from: at, until: at } };
	}
	if (driver !== null && ofVehicle.driver !== driver) return { what: "superseded" };
	if (at !== null && at < ofVehicle.from) return { what: "superseded" };
	return { what: "end", duty: { ...ofVehicle, until: at ?? latest(now, ofVehicle.from) } };
}

/** Whether the fleet file gives the driver to the vehicle. */
export const isAssigned = (vehicle: Vehicle, driver: DriverKey): boolean =>
	vehicle.main === driver || vehicle.deputy === driver;
