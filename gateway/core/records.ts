import type { LightId, UnixMs } from "../../protocol/wire/units.ts";
import type {
	ActivePolicy,
	Change,
	DepotMeta,
	Driver,
	DriverKey,
	Duty,
	LightRecord,
	Observed,
	OutboxEntry,
	Pull,
	Rating,
	RatingChange,
	Snapshot,
	StarChange,
	Vehicle,
	VehicleKey,
} from "./model.ts";

/** Pulls kept for lists; held ones stay beyond it until decided. */
export const MAX_PULLS = 50;

/** The durable picture as commands and views read it. */
export interface Picture {
	readonly meta: DepotMeta;
	readonly drivers: ReadonlyMap<DriverKey, Driver>;
	readonly driverOfCertificate: ReadonlyMap<string, Driver>;
	readonly ratings: ReadonlyMap<DriverKey, Rating>;
	readonly vehicles: ReadonlyMap<VehicleKey, Vehicle>;
	readonly vehicleOfPlate: ReadonlyMap<string, Vehicle>;
	/** Duties that have not ended. */
	readonly dutyOfVehicle: ReadonlyMap<VehicleKey, Duty>;
	readonly dutyOfDriver: ReadonlyMap<DriverKey, Duty>;
	/** When the newest ended duty ended: what is older comes late. */
	readonly endOfVehicle: ReadonlyMap<VehicleKey, UnixMs>;
	readonly endOfDriver: ReadonlyMap<DriverKey, UnixMs>;
	readonly lights: ReadonlyMap<LightId, LightRecord>;
	readonly lightOfVehicle: ReadonlyMap<VehicleKey, LightRecord>;
	readonly entries: ReadonlyMap<LightId, OutboxEntry>;
	readonly observed: ReadonlyMap<LightId, Observed>;
	readonly pulls: readonly Pull[];
	readonly heldChanges: ReadonlyMap<string, readonly RatingChange[]>;
	/** The newest change of each light. */
	readonly changes: ReadonlyMap<LightId, StarChange>;
	/** Activated by a person; null = the settings' one. */
	readonly policy: ActivePolicy | null;
}

/** Maps of immutable records with their indexes. Every change, live or at a commit, goes through `apply`; nothing else writes. */
export class Records implements Picture {
	meta: DepotMeta;
	readonly drivers: Map<DriverKey, Driver>;
	readonly driverOfCertificate = new Map<string, Driver>();
	readonly ratings: Map<DriverKey, Rating>;
	readonly vehicles: Map<VehicleKey, Vehicle>;
	readonly vehicleOfPlate = new Map<string, Vehicle>();
	readonly dutyOfVehicle = new Map<VehicleKey, Duty>();
	readonly dutyOfDriver = new Map<DriverKey, Duty>();
	readonly endOfVehicle = new Map<VehicleKey, UnixMs>();
	readonly endOfDriver = new Map<DriverKey, UnixMs>();
	readonly lights: Map<LightId, LightRecord>;
	readonly lightOfVehicle = new Map<VehicleKey, LightRecord>();
	readonly entries: Map<LightId, OutboxEntry>;
	readonly observed: Map<LightId, Observed>;
	readonly pulls: Pull[];
	readonly heldChanges: Map<string, readonly RatingChange[]>;
	readonly changes: Map<LightId, StarChange>;
	policy: ActivePolicy | null;
	/** Lights whose owed stars may be others now. */
	private readonly touched = new Set<LightId>();

	constructor(snapshot: Snapshot) {
		this.meta = snapshot.meta;
		this.drivers = new Map(snapshot.drivers);
		this.ratings = new Map(snapshot.ratings);
		this.vehicles = new Map(snapshot.vehicles);
		this.lights = new Map(snapshot.lights);
		this.entries = new Map(snapshot.entries);
		this.observed = new Map(snapshot.observed);
		this.pulls = [...snapshot.pulls];
		this.heldChanges = new Map(snapshot.heldChanges);
		this.changes = new Map(snapshot.changes);
		this.policy = snapshot.policy;
		for (const driver of this.drivers.values()) this.driverOfCertificate.set(driver.certificate, driver);
		for (const vehicle of this.vehicles.values()) this.vehicleOfPlate.set(vehicle.plate, vehicle);
		for (const light of this.lights.values()) if (light.vehicle !== null) this.lightOfVehicle.set(light.vehicle, light);
		for (const duty of snapshot.ended ?? []) this.noteEnd(duty);
		for (const duty of snapshot.duties.values()) this.applyDuty(duty);
		this.touched.clear();
	}

	/** The lights touched since the last call. */
	takeTouched(): LightId[] {
		const touched = [...this.touched];
		this.touched.clear();
		return touched;
	}

	touch(light: LightId): void {
		this.touched.add(light);
	}

	apply(change: Change): void {
		switch (change.type) {
			case "meta":
				this.meta = change.meta;
				break;
			case "driver":
				this.drivers.set(change.driver.key, change.driver);
				this.driverOfCertificate.set(change.driver.certificate, change.driver);
				break;
			case "rating":
				this.ratings.set(change.driver, change.rating);
				this.touchDriver(change.driver);
				break;
			case "rating-removed":
				this.ratings.delete(change.driver);
				this.touchDriver(change.driver);
				break;
			case "vehicle":
				this.applyVehicle(change.vehicle);
				break;
			case "vehicle-removed":
				this.removeVehicle(change.vehicle);
				break;
			case "duty":
				this.applyDuty(change.duty);
				break;
			case "light":
				this.applyLight(change.light);
				break;
			case "entry":
				this.entries.set(change.entry.light, change.entry);
				break;
			case "observed":
				this.observed.set(change.observed.light, change.observed);
				break;
			case "pull":
				this.applyPull(change.pull, change.changes);
				break;
			case "star-change":
				this.changes.set(change.change.light, change.change);
				break;
			case "policy":
				this.policy = change.active;
				for (const light of this.lights.keys()) this.touched.add(light);
				break;
			case "history-pruned":
				break;
		}
	}

	private touchDriver(driver: DriverKey): void {
		const duty = this.dutyOfDriver.get(driver);
		if (duty !== undefined) this.touchVehicle(duty.vehicle);
	}

	private touchVehicle(vehicle: VehicleKey): void {
		const light = this.lightOfVehicle.get(vehicle);
		if (light !== undefined) this.touched.add(light.light);
	}

	private applyVehicle(vehicle: Vehicle): void {
		const before = this.vehicles.get(vehicle.key);
		if (before !== undefined && this.vehicleOfPlate.get(before.plate)?.key === vehicle.key)
			this.vehicleOfPlate.delete(before.plate);
		this.vehicles.set(vehicle.key, vehicle);
		this.vehicleOfPlate.set(vehicle.plate, vehicle);
		this.touchVehicle(vehicle.key);
	}

	private removeVehicle(key: VehicleKey): void {
		const before = this.vehicles.get(key);
		if (before !== undefined && this.vehicleOfPlate.get(before.plate)?.key === key)
			this.vehicleOfPlate.delete(before.plate);
		this.vehicles.delete(key);
		this.touchVehicle(key);
	}

	private applyDuty(duty: Duty): void {
		if (duty.until === null) {
			this.dutyOfVehicle.set(duty.vehicle, duty);
			this.dutyOfDriver.set(duty.driver, duty);
		} else {
			if (this.dutyOfVehicle.get(duty.vehicle)?.id === duty.id) this.dutyOfVehicle.delete(duty.vehicle);
			if (this.dutyOfDriver.get(duty.driver)?.id === duty.id) this.dutyOfDriver.delete(duty.driver);
			this.noteEnd(duty);
		}
		this.touchVehicle(duty.vehicle);
	}

	private noteEnd({ vehicle, driver, until }: Duty): void {
		if (until === null) return;
		if (until > (this.endOfVehicle.get(vehicle) ?? Number.NEGATIVE_INFINITY)) this.endOfVehicle.set(vehicle, until);
		if (until > (this.endOfDriver.get(driver) ?? Number.NEGATIVE_INFINITY)) this.endOfDriver.set(driver, until);
	}

	private applyLight(light: LightRecord): void {
		const before = this.lights.get(light.light);
		if (before?.vehicle != null && this.lightOfVehicle.get(before.vehicle)?.light === light.light)
			this.lightOfVehicle.delete(before.vehicle);
		this.lights.set(light.light, light);
		if (light.vehicle !== null) this.lightOfVehicle.set(light.vehicle, light);
		this.touched.add(light.light);
	}

	/** A pull keeps its changes only while it is held. */
	private applyPull(pull: Pull, changes: readonly RatingChange[] | null): void {
		const place = this.pulls.findIndex((p) => p.id === pull.id);
		if (place >= 0) this.pulls[place] = pull;
		else this.pulls.push(pull);
		if (pull.status !== "held") this.heldChanges.delete(pull.id);
		else if (changes !== null) this.heldChanges.set(pull.id, changes);
		while (this.pulls.length > MAX_PULLS) {
			const oldest = this.pulls.findIndex((p) => p.status !== "held");
			if (oldest < 0) break;
			this.pulls.splice(oldest, 1);
		}
	}
}
