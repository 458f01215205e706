import type { Driver, Vehicle } from "../model.ts";
import type { Picture } from "../records.ts";
import { type Outcome, refused } from "./outcome.ts";

export type VehicleRef = { readonly key: string } | { readonly plate: string };
export type DriverRef = { readonly key: string } | { readonly certificate: string };

export const findVehicle = (picture: Picture, ref: VehicleRef): Vehicle | null =>
	("key" in ref ? picture.vehicles.get(ref.key) : picture.vehicleOfPlate.get(ref.plate)) ?? null;

export const findDriver = (picture: Picture, ref: DriverRef): Driver | null =>
	("key" in ref ? picture.drivers.get(ref.key) : picture.driverOfCertificate.get(ref.certificate)) ?? null;

export const vehicleUnknown = (): Outcome =>
	refused(
		"vehicle-unknown",
		"No vehicle of the fleet has this key or plate.",
		"Check the plate, or import the fleet file that has it: liangxing fleet import FILE.",
	);

/** Names no certificate number: it is personal data. */
export const driverUnknown = (): Outcome =>
	refused(
		"driver-unknown",
		"No driver known here has this key or certificate number.",
		"Check the number, or import the fleet or rating file that has it.",
	);
