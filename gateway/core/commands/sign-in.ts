import { decideSignIn, isAssigned, MAX_AHEAD_MS, type Standing } from "../duty/duty.ts";
import type { Change, Driver, Duty, Vehicle } from "../model.ts";
import type { Picture } from "../records.ts";
import type { Command } from "../types.ts";
import { type CommandView, done, makeKey, metaChange, type Outcome, refused } from "./outcome.ts";
import { driverUnknown, findDriver, findVehicle, vehicleUnknown } from "./who.ts";

/** What is known of both sides' duties. */
export const standingOf = (picture: Picture, vehicle: Vehicle, driver: Driver | null): Standing => ({
	ofVehicle: picture.dutyOfVehicle.get(vehicle.key) ?? null,
	ofDriver: driver === null ? null : (picture.dutyOfDriver.get(driver.key) ?? null),
	vehicleEnd: picture.endOfVehicle.get(vehicle.key) ?? null,
	driverEnd: driver === null ? null : (picture.endOfDriver.get(driver.key) ?? null),
});

export const atInFuture = (): Outcome =>
	refused(
		"at-in-future",
		`"at" is more than ${MAX_AHEAD_MS / 1000} s in the future by the depot's clock.`,
		'Leave "at" out for now, or put the sender\'s clock right.',
	);

const answerOf = (duty: Duty) => ({
	applied: true,
	duty: duty.id,
	vehicle: duty.vehicle,
	driver: duty.driver,
	from: duty.from,
});

/** Starts a duty; the one before of the vehicle, and of the driver elsewhere, ends. */
export function signIn(view: CommandView, command: Extract<Command, { what: "sign-in" }>): Outcome {
	const { picture, config, now } = view;
	const vehicle = findVehicle(picture, command.vehicle);
	if (vehicle === null) return vehicleUnknown();
	const driver = findDriver(picture, command.driver);
	if (driver === null) return driverUnknown();
	if (command.at !== null && command.at > now.unix + MAX_AHEAD_MS) return atInFuture();
	if (!config.allowUnassigned && !isAssigned(vehicle, driver.key))
		return refused(
			"driver-not-assigned",
			"The fleet file does not give this driver to this vehicle.",
			"Correct the fleet file and import it, or set allowUnassigned in the settings.",
		);
	const id = makeKey("S", picture.meta.nextDuty);
	const standing = standingOf(picture, vehicle, driver);
	const decision = decideSignIn(standing, vehicle.key, driver.key, command.at, now.unix, id);
	switch (decision.what) {
		case "repeat":
			return done(answerOf(decision.duty));
		case "superseded":
			return done({ applied: false, code: "superseded", vehicle: vehicle.key, driver: driver.key });
		case "start": {
			const ends: Change[] = decision.ends.map((duty) => ({ type: "duty", duty }));
			return done(answerOf(decision.duty), [
				...ends,
				{ type: "duty", duty: decision.duty },
				metaChange(picture.meta, { nextDuty: picture.meta.nextDuty + 1 }),
			]);
		}
	}
}
