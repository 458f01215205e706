import type { Change } from "../model.ts";
import type { Command } from "../types.ts";
import { type CommandView, done, type Outcome, refused } from "./outcome.ts";
import { vehicleUnknown } from "./who.ts";

/** Binds a light to a vehicle, or unbinds it (`plate` null). A vehicle has one light: the one before is unbound and goes dark. */
export function lightBind({ picture }: CommandView, command: Extract<Command, { what: "light-bind" }>): Outcome {
	const { light, plate } = command;
	const record = picture.lights.get(light);
	if (record === undefined)
		return refused(
			"light-unknown",
			`Light ${light} is not registered here.`,
			"Register it first: liangxing lights add ID --out FILE.",
		);
	const vehicle = plate === null ? null : (picture.vehicleOfPlate.get(plate) ?? null);
	if (plate !== null && vehicle === null) return vehicleUnknown();
	const key = vehicle?.key ?? null;
	const other = key === null ? undefined : picture.lightOfVehicle.get(key);
	if (record.vehicle === key) return done({ light, plate, applied: false, unbound: null });
	const unbinds: Change[] = other === undefined ? [] : [{ type: "light", light: { ...other, vehicle: null } }];
	return done({ light, plate, applied: true, unbound: other?.light ?? null }, [
		...unbinds,
		{ type: "light", light: { ...record, vehicle: key } },
	]);
}
