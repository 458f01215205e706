import type { CommandView } from "../commands/outcome.ts";
import { policyOf } from "../stars/policy-in-force.ts";
import { starsFor } from "../stars/stars-for.ts";
import { type Page, type PageAsked, pageOf } from "./page.ts";

/** Duties that have not ended, as lists show them. */
export function dutyRows({ picture }: CommandView, asked: PageAsked) {
	const page = pageOf(picture.dutyOfVehicle.values(), (duty) => duty.id, asked);
	return mapped(page, ({ id, vehicle, driver, from }) => ({ duty: id, vehicle, driver, from }));
}

/** Vehicles with who is on duty and which light is on them. */
export function vehicleRows({ picture }: CommandView, asked: PageAsked) {
	const page = pageOf(picture.vehicles.values(), (vehicle) => vehicle.key, asked);
	return mapped(page, ({ key, plate, plateColour, company, terminal, main, deputy }) => ({
		vehicle: key,
		plate,
		plateColour,
		company,
		terminal,
		main,
		deputy,
		onDuty: picture.dutyOfVehicle.get(key)?.driver ?? null,
		light: picture.lightOfVehicle.get(key)?.light ?? null,
	}));
}

/** Drivers by internal key with what they are owed; no certificate numbers. */
export function driverRows(view: CommandView, asked: PageAsked) {
	const { picture, time } = view;
	const policy = policyOf(view);
	return mapped(
		pageOf(picture.drivers.keys(), (key) => key, asked),
		(driver) => {
			const rating = picture.ratings.get(driver) ?? null;
			return {
				driver,
				stars: starsFor(policy, rating, time.s),
				rating,
				onDuty: picture.dutyOfDriver.get(driver)?.vehicle ?? null,
			};
		},
	);
}

const mapped = <T, R>(page: Page<T>, to: (row: T) => R): Page<R> => ({ rows: page.rows.map(to), next: page.next });
