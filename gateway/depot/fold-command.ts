import { foldPlate } from "../core/fleet/validate.ts";
import { foldCertificate } from "../core/ratings/fold.ts";
import type { Command } from "../core/types.ts";

type Duty = Extract<Command, { what: "sign-in" | "sign-out" }>;

const vehicleOf = (vehicle: Duty["vehicle"]) => ("plate" in vehicle ? { plate: foldPlate(vehicle.plate) } : vehicle);
const driverOf = <T extends Duty["driver"]>(driver: T) =>
	driver !== null && "certificate" in driver ? { certificate: foldCertificate(driver.certificate) } : driver;

/** Plates and certificate numbers as people type them (`豫d·y6393`, full width, blanks), in the form in which files were read. */
export function foldCommand(command: Command): Command {
	switch (command.what) {
		case "sign-in":
			return { ...command, vehicle: vehicleOf(command.vehicle), driver: driverOf(command.driver) };
		case "sign-out":
			return { ...command, vehicle: vehicleOf(command.vehicle), driver: driverOf(command.driver) };
		case "light-bind":
			return { ...command, plate: command.plate === null ? null : foldPlate(command.plate) };
		default:
			return command;
	}
}
