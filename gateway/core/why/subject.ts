import type { LightId } from "../../../protocol/wire/units.ts";
import type { DriverKey } from "../model.ts";
import type { Picture } from "../records.ts";
import type { Subject } from "./link.ts";

/** Who is asked about. Never a certificate number: it is personal data. */
export type WhyQuery = { readonly plate: string } | { readonly light: LightId } | { readonly driver: DriverKey };

/** The vehicle and light that are asked about; null where nothing here has this plate, light or driver. */
export function findSubject(picture: Picture, query: WhyQuery): Subject | null {
	if ("light" in query) {
		const light = picture.lights.get(query.light) ?? null;
		const vehicle = light?.vehicle == null ? null : (picture.vehicles.get(light.vehicle) ?? null);
		return light === null ? null : { vehicle, light, driver: null };
	}
	if ("plate" in query) {
		const vehicle = picture.vehicleOfPlate.get(query.plate) ?? null;
		if (vehicle === null) return null;
		return { vehicle, light: picture.lightOfVehicle.get(vehicle.key) ?? null, driver: null };
	}
	if (!picture.drivers.has(query.driver)) return null;
	const duty = picture.dutyOfDriver.get(query.driver);
	const vehicle = duty === undefined ? null : (picture.vehicles.get(duty.vehicle) ?? null);
	const light = vehicle === null ? null : (picture.lightOfVehicle.get(vehicle.key) ?? null);
	return { vehicle, light, driver: query.driver };
}
