import { decideSignOut, MAX_AHEAD_MS } from "../duty/duty.ts";
import type { Command } from "../types.ts";
import { type CommandView, done, makeKey, metaChange, type Outcome } from "./outcome.ts";
import { atInFuture, standingOf } from "./sign-in.ts";
import { driverUnknown, findDriver, findVehicle, vehicleUnknown } from "./who.ts";

/** Ends a duty: the light owes 0 stars from then on. */
export function signOut(view: CommandView, command: Extract<Command, { what: "sign-out" }>): Outcome {
	const { picture, now } = view;
	const { meta } = picture;
	const vehicle = findVehicle(picture, command.vehicle);
	if (vehicle === null) return vehicleUnknown();
	const driver = command.driver === null ? null : findDriver(picture, command.driver);
	if (command.driver !== null && driver === null) return driverUnknown();
	if (command.at !== null && command.at > now.unix + MAX_AHEAD_MS) return atInFuture();
	const id = makeKey("S", meta.nextDuty);
	const standing = standingOf(picture, vehicle, driver);
	const decision = decideSignOut(standing, vehicle.key, driver?.key ?? null, command.at, now.unix, id);
	switch (decision.what) {
		case "end": {
			const { duty } = decision;
			const value = { applied: true, duty: duty.id, vehicle: duty.vehicle, driver: duty.driver, until: duty.until };
			return done(value, [{ type: "duty", duty }]);
		}
		case "early":
			return done({ applied: false, code: "not-on-duty", vehicle: vehicle.key }, [
				{ type: "duty", duty: decision.duty },
				metaChange(meta, { nextDuty: meta.nextDuty + 1 }),
			]);
		default:
			return done({ applied: false, code: decision.what, vehicle: vehicle.key });
	}
}
