import { sql } from "kysely";
import type Database from "libsql";
import type {
	ActivePolicy,
	Change,
	DepotMeta,
	Observed,
	OutboxEntry,
	Pull,
	Rating,
	RatingChange,
	StarChange,
} from "../core/model.ts";
import {
	CHANGE,
	DRIVER,
	DUTY,
	ENTRY,
	HELD,
	LIGHT,
	META,
	OBSERVED,
	POLICY,
	type PolicyRow,
	PULL,
	type PullRow,
	RATING,
	VEHICLE,
} from "./columns.ts";
import { builder, hole, holes, prepareWrite, type Write } from "./query.ts";
import type {
	ChangesTable,
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

/** History that goes at once is bounded, so that no transaction becomes long; the next one takes more. */
const MAX_PRUNED = 2000;

const prune = () =>
	builder
		.deleteFrom("change_history")
		.where("opened_at_ms", "<", hole<number>("before"))
		.where("n", "<", (eb) =>
			eb
				.selectFrom("change_history")
				.select(({ fn, lit }) => [sql<number>`${fn.min("n")} + ${lit(MAX_PRUNED)}`.as("to")]),
		);

/** The end of a change, wherever it stands. */
type EndRow = Pick<ChangesTable, "light" | "n" | "end_what" | "end_by" | "end_at_ms">;
type SignedRow = Pick<EntriesTable, "light" | "epoch" | "seq" | "trace"> & { readonly signed: Uint8Array };

/*
 * Most rows differ in little from the one they follow, and what a write costs is the number of its values: the signature is added to
 * the entry that was reserved, the end to the change that is there, and a change that another follows is copied within the store. Each
 * touches one row, or none where the store does not have the one before; then the whole row is written.
 */
const signEntry = () =>
	builder
		.updateTable("entries")
		.set({ signed: hole<Uint8Array>("signed") } as never) // kysely cannot tell a hole from a value
		.where("light", "=", hole("light") as never)
		.where("epoch", "=", hole<number>("epoch"))
		.where("seq", "=", hole<number>("seq"))
		.where("trace", "=", hole<Uint8Array>("trace"))
		.where("signed", "is", null);

const ENDS = ["end_what", "end_by", "end_at_ms"] as const;

const endChange = () =>
	builder
		.updateTable("changes")
		.set(holes(...ENDS) as never) // its own columns, each with its hole
		.where("light", "=", hole("light") as never)
		.where("n", "=", hole<number>("n"));

const BEGINNINGS = CHANGE.filter((column) => !(ENDS as readonly string[]).includes(column));

const copyToHistory = () =>
	builder
		.insertInto("change_history")
		.orReplace()
		.columns([...BEGINNINGS, ...ENDS])
		.expression((eb) =>
			eb
				.selectFrom("changes")
				.select(BEGINNINGS as never) // the columns named above
				.select(ENDS.map((column) => hole(column).as(column)) as never)
				.where("light", "=", hole("light") as never)
				.where("n", "=", hole<number>("n")),
		);

/** One prepared statement for each kind of change. */
export interface Writes {
	apply(change: Change): unknown;
}

/** One prepared statement for each table written. */
function prepareStatements(db: Database.Database) {
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
	const signed = prepareWrite<SignedRow>(db, signEntry());
	const ended = prepareWrite<EndRow>(db, endChange());
	const copied = prepareWrite<EndRow>(db, copyToHistory());
	const change = table<ChangesTable>("changes", "light", CHANGE);
	const followed = table<ChangesTable>("change_history", "n", CHANGE);
	const pruned = prepareWrite<{ before: number }>(db, prune());
	const policy = prepareWrite<PolicyRow>(db, builder.insertInto("policies").values(holes(...POLICY) as never)); // its holes
	return {
		meta,
		driver,
		rating,
		ratingRemoved,
		vehicle,
		vehicleRemoved,
		duty,
		light,
		entry,
		observed,
		pull,
		held,
		heldRemoved,
		signed,
		ended,
		copied,
		change,
		followed,
		pruned,
		policy,
	};
}

/** Prepares every write once. `apply` throws what SQLite throws; the caller's transaction decides. */
export function prepareWrites(db: Database.Database): Writes {
	const put = prepareStatements(db);
	const putPull = (p: Pull, changes: readonly RatingChange[] | null): void => {
		put.pull(pullRow(p));
		if (p.status !== "held") put.heldRemoved({ key: p.id });
		else if (changes !== null) put.held({ pull: p.id, changes: JSON.stringify(changes) });
	};
	const putEntry = (e: OutboxEntry): void => {
		const { light, epoch, seq, trace, signed } = e;
		if (signed === null || put.signed({ light, epoch, seq, trace, signed }) === 0) put.entry(entryRow(e));
	};
	const putChange = (change: StarChange, follows: StarChange | null): void => {
		const row = changeRow(change);
		if (follows !== null) {
			const before = changeRow(follows);
			if (put.copied(before) === 0) put.followed(before);
		}
		if (follows !== null || change.end === null || put.ended(row) === 0) put.change(row);
	};
	return {
		apply(one): unknown {
			switch (one.type) {
				case "meta":
					return put.meta(metaRow(one.meta));
				case "driver":
					return put.driver(one.driver);
				case "rating":
					return put.rating(ratingRow(one.driver, one.rating));
				case "rating-removed":
					return put.ratingRemoved({ key: one.driver });
				case "vehicle": {
					const { plateColour, ...rest } = one.vehicle;
					return put.vehicle({ plate_colour: plateColour, ...rest });
				}
				case "vehicle-removed":
					return put.vehicleRemoved({ key: one.vehicle });
				case "duty": {
					const { id, vehicle: on, driver: who, from, until } = one.duty;
					return put.duty({ id, vehicle: on, driver: who, from_ms: from, until_ms: until });
				}
				case "light": {
					const { light: id, publicKey, vehicle: on } = one.light;
					return put.light({ light: id, public_key: publicKey, vehicle: on });
				}
				case "entry":
					return putEntry(one.entry);
				case "observed":
					return put.observed(observedRow(one.observed));
				case "pull":
					return putPull(one.pull, one.changes);
				case "star-change":
					return putChange(one.change, one.follows);
				case "history-pruned":
					return put.pruned({ before: one.before });
				case "policy":
					return put.policy(policyRow(one.active));
			}
		},
	};
}

const ratingRow = (driver: string, r: Rating): RatingsTable => ({
	driver,
	grade: r.grade,
	score: r.score,
	period: r.period,
	as_of: r.asOf,
	pull: r.pull,
});

const changeRow = (c: StarChange): ChangesTable => ({
	n: c.n,
	before: c.before,
	trace: c.trace,
	light: c.light,
	vehicle: c.vehicle,
	driver: c.driver,
	stars: c.stars,
	reason: c.reason,
	as_of: c.asOf,
	pull: c.pull,
	duty: c.duty,
	policy: c.policy,
	opened_at_ms: c.openedAt,
	end_what: c.end?.what ?? null,
	end_by: c.end?.by ?? null,
	end_at_ms: c.end?.at ?? null,
});

function policyRow({ policy, activatedAt }: ActivePolicy): PolicyRow {
	const { hash, ...table } = policy;
	return { hash, body: JSON.stringify(table), activated_at_ms: activatedAt };
}

const metaRow = (m: DepotMeta): MetaTable => ({
	id: 1,
	fleet: m.fleet,
	epoch: m.epoch,
	epoch_taken_at: m.epochTakenAt,
	stored_time: m.storedTime,
	notice_epoch: m.notice?.epoch ?? null,
	notice_bytes: m.notice?.bytes ?? null,
	blank_due: m.blankDue ? 1 : 0,
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
	as_of: p.asOf ?? null,
});
