import type { Change, DepotMeta, Driver, Duty, Vehicle } from "../model.ts";
import type { Picture } from "../records.ts";
import type { Command, FleetRow } from "../types.ts";
import { type CommandView, done, makeKey, metaChange, type Outcome, refused } from "./outcome.ts";

/** Vehicles named in an answer; the rest is counted. */
const MAX_NAMED = 20;

/** What an import works with: the counters move on as keys are given out. */
interface Draft {
	readonly picture: Picture;
	readonly changes: Change[];
	readonly newDrivers: Map<string, Driver>;
	meta: DepotMeta;
}

/**
 * The fleet file is the whole fleet: vehicles are added, changed, and removed where the file has them no more. One with a light
 * bound stays until the light is unbound, so that half a file does not tear lights off their cars; one whose row could not be taken
 * stays as it is.
 */
export function fleetImport(view: CommandView, command: Extract<Command, { what: "fleet-import" }>): Outcome {
	const { picture, now } = view;
	if (command.rows.length === 0)
		return refused("fleet-empty", "The fleet file has no vehicle.", "Check the file; nothing was changed.");
	const draft: Draft = { picture, changes: [], newDrivers: new Map(), meta: picture.meta };
	const plates = new Set<string>();
	let added = 0;
	let changed = 0;
	for (const row of command.rows) {
		// Of two rows with one plate the first counts; validation reports the second.
		if (plates.has(row.plate)) continue;
		plates.add(row.plate);
		const before = picture.vehicleOfPlate.get(row.plate) ?? null;
		const vehicle = vehicleOf(draft, row, before);
		if (before !== null && sameVehicle(before, vehicle)) continue;
		draft.changes.push({ type: "vehicle", vehicle });
		if (before === null) added += 1;
		else changed += 1;
	}
	const named = new Set([...plates, ...(command.keep ?? [])]);
	const gone = [...picture.vehicles.values()].filter((vehicle) => !named.has(vehicle.plate));
	const kept = gone.filter((vehicle) => picture.lightOfVehicle.has(vehicle.key));
	const removed = gone.filter((vehicle) => !picture.lightOfVehicle.has(vehicle.key));
	for (const vehicle of removed) {
		const duty = picture.dutyOfVehicle.get(vehicle.key);
		if (duty !== undefined) draft.changes.push(endOf(duty, view));
		draft.changes.push({ type: "vehicle-removed", vehicle: vehicle.key });
	}
	if (draft.meta !== picture.meta) draft.changes.push(metaChange(draft.meta, {}));
	const value = {
		vehicles: plates.size,
		added,
		changed,
		removed: removed.length,
		kept: kept.length,
		keptPlates: kept.slice(0, MAX_NAMED).map((vehicle) => vehicle.plate),
		newDrivers: draft.newDrivers.size,
		dryRun: command.dryRun,
		at: now.unix,
	};
	return done(value, command.dryRun ? [] : draft.changes);
}

const endOf = (duty: Duty, { now }: CommandView): Change => ({
	type: "duty",
	duty: { ...duty, until: now.unix > duty.from ? now.unix : duty.from },
});

function vehicleOf(draft: Draft, row: FleetRow, before: Vehicle | null): Vehicle {
	let key = before?.key;
	if (key === undefined) {
		key = makeKey("V", draft.meta.nextVehicle);
		draft.meta = { ...draft.meta, nextVehicle: draft.meta.nextVehicle + 1 };
	}
	return {
		key,
		plate: row.plate,
		plateColour: row.plateColour,
		company: row.company,
		terminal: row.terminal,
		main: driverOf(draft, row.main),
		deputy: driverOf(draft, row.deputy),
	};
}

function driverOf(draft: Draft, certificate: string): string | null {
	if (certificate === "") return null;
	const known = draft.picture.driverOfCertificate.get(certificate) ?? draft.newDrivers.get(certificate);
	if (known !== undefined) return known.key;
	const driver: Driver = { key: makeKey("D", draft.meta.nextDriver), certificate };
	draft.meta = { ...draft.meta, nextDriver: draft.meta.nextDriver + 1 };
	draft.newDrivers.set(certificate, driver);
	draft.changes.push({ type: "driver", driver });
	return driver.key;
}

const sameVehicle = (a: Vehicle, b: Vehicle): boolean =>
	a.plateColour === b.plateColour &&
	a.company === b.company &&
	a.terminal === b.terminal &&
	a.main === b.main &&
	a.deputy === b.deputy;
