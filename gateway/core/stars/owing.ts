import type { LightId } from "../../../protocol/wire/units.ts";
import type { Picture } from "../records.ts";
import type { Owing } from "./decide.ts";

/** What a light's decision is made of. A vehicle that left the fleet file carries nobody. */
export function owingOf(picture: Picture, light: LightId): Owing {
	const key = picture.lights.get(light)?.vehicle ?? null;
	const vehicle = key !== null && picture.vehicles.has(key) ? key : null;
	const duty = vehicle === null ? null : (picture.dutyOfVehicle.get(vehicle) ?? null);
	const rating = duty === null ? null : (picture.ratings.get(duty.driver) ?? null);
	return { vehicle, duty, rating };
}
