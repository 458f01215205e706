import type Database from "libsql";
import type { Change, DepotMeta, Observed, OutboxEntry, Pull, RatingChange } from "../core/model.ts";
import { DRIVER, DUTY, ENTRY, HELD, LIGHT, META, OBSERVED, PULL, type PullRow, RATING, VEHICLE } from "./columns.ts";
import { builder, hole, holes, prepareWrite, type Write } from "./query.ts";
import type {
	DriversTable,
	DutiesTable,
	EntriesTable,
	HeldChangesTable,
	LightsTable,
	MetaTable,
	ObservedTable,
	RatingsTable,
	StoreSchema,
	VehiclesTable,
} from "./schema.ts";

type Table = keyof StoreSchema;

/** Puts the row in, or over the one with the same key. */
function upsert<T extends Table>(table: T, key: string, columns: readonly (keyof StoreSchema[T] & string)[]) {
	const rest = columns.filter((c) => c !== key);
	return builder
		.insertInto(table)
		.values(holes(...columns) as never) // the columns of `table`, each with its hole; kysely cannot follow a generic table
		.onConflict((conflict) =>
			conflict
				.column(key as never)
				.doUpdateSet((eb) => Object.fromEntries(rest.map((c) => [c, eb.ref(`excluded.${c}` as never)])) as never),
		);
}

/** One prepared statement for each kind of change. */
export interface Writes {
	apply(change: Change): void;
}

/** Prepares every write once. `apply` throws what SQLite throws; the caller's transaction decides. */
export function prepareWrites(db: Database.Database): Writes {
	const table = <Row extends object>(name: Table, key: string, columns: readonly (keyof Row & string)[]): Write<Row> =>
		prepareWrite<Row>(db, upsert(name, key, columns as readonly never[]));
	const remove = (name: "ratings" | "vehicles" | "held_changes", key: string): Write<{ key: string }> =>
		prepareWrite(db, builder.deleteFrom(name).where(builder.dynamic.ref<never>(key), "=", hole("key") as never));
	const meta = table<MetaTable>("meta", "id", META);
	const driver = table<DriversTable>("drivers", "key", DRIVER);
	const rating = table<RatingsTable>("ratings", "driver", RATING);
	const ratingRemoved = remove("ratings", "driver");
	const vehicle = table<VehiclesTable>("vehicles", "key", VEHICLE);
	const vehicleRemoved = remove("vehicles", "key");
	const duty = table<DutiesTable>("duties", "id", DUTY);
	const light = table<LightsTable>("lights", "light", LIGHT);
	const entry = table<EntriesTable>("entries", "light", ENTRY);
	const observed = table<ObservedTable>("observed", "light", OBSERVED);
	const pull = table<PullRow>("pulls", "id", PULL);
	const held = table<HeldChangesTable>("held_changes", "pull", HELD);
	const heldRemoved = remove("held_changes", "pull");
	const putPull = (p: Pull, changes: readonly RatingChange[] | null): void => {
		pull(pullRow(p));
		if (p.status !== "held") heldRemoved({ key: p.id });
		else if (changes !== null) held({ pull: p.id, changes: JSON.stringify(changes) });
	};
	return {
		apply(change) {
			switch (change.type) {
				case "meta":
					return meta(metaRow(change.meta));
				case "driver":
					return driver(change.driver);
				case "rating": {
					const { asOf, ...rest } = change.rating;
					return rating({ driver: change.driver, as_of: asOf, ...rest });
				}
				case "rating-removed":
					return ratingRemoved({ key: change.driver });
				case "vehicle": {
					const { plateColour, ...rest } = change.vehicle;
					return vehicle({ plate_colour: plateColour, ...rest });
				}
				case "vehicle-removed":
					return vehicleRemoved({ key: change.vehicle });
				case "duty": {
					const { id, vehicle: on, driver: who, from, until } = change.duty;
					return duty({ id, vehicle: on, driver: who, from_ms: from, until_ms: until });
				}
				case "light": {
					const { light: id, publicKey, vehicle: on } = change.light;
					return light({ light: id, public_key: publicKey, vehicle: on });
				}
				case "entry":
					return entry(entryRow(change.entry));
				case "observed":
					return observed(observedRow(change.observed));
				case "pull":
					return putPull(change.pull, change.changes);
			}
		},
	};
}

const metaRow = (m: DepotMeta): MetaTable => ({
	id: 1,
	fleet: m.fleet,
	epoch: m.epoch,
	epoch_taken_at: m.epochTakenAt,
	stored_time: m.storedTime,
	notice_epoch: m.notice?.epoch ?? null,
	notice_bytes: m.notice?.bytes ?? null,
	named_above: JSON.stringify(m.namedAbove),
	next_driver: m.nextDriver,
	next_vehicle: m.nextVehicle,
	next_duty: m.nextDuty,
	next_pull: m.nextPull,
});

const entryRow = (e: OutboxEntry): EntriesTable => ({
	light: e.light,
	epoch: e.epoch,
	seq: e.seq,
	stars: e.stars,
	driver: e.driver,
	issued_at: e.issuedAt,
	not_after: e.notAfter,
	lease_s: e.leaseS,
	resumes: e.resumes,
	resume_s: e.resumeS,
	as_of: e.asOf,
	policy: e.policy,
	trace: e.trace,
	ask: e.ask,
	signed: e.signed,
});

const observedRow = (o: Observed): ObservedTable => ({
	light: o.light,
	session: o.session,
	counter: o.counter,
	ask: o.ask,
	shown: o.shown,
	pattern: o.pattern,
	sensed: o.sensed ? 1 : 0,
	epoch: o.epoch,
	seq: o.seq,
	grant: o.grant,
	as_of: o.asOf,
	lease_left_s: o.leaseLeftS,
	resumes_left: o.resumesLeft,
	keys_version: o.keysVersion,
	notice_epoch: o.noticeEpoch,
	refused: o.refused === null ? null : JSON.stringify(o.refused),
	lamps: o.lamps === null ? null : JSON.stringify(o.lamps),
	heard_at_ms: o.heardAt,
});

const pullRow = (p: Pull): PullRow => ({
	id: p.id,
	source: p.source,
	name: p.name,
	content_hash: p.contentHash,
	at_ms: p.at,
	row_count: p.rows,
	accepted: p.accepted,
	quarantined: JSON.stringify(p.quarantined),
	status: p.status,
	added: p.added,
	changed: p.changed,
	removed: p.removed,
	lowered: p.lowered,
	held_for: JSON.stringify(p.heldFor),
});
