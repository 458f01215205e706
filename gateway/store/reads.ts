import type Database from "libsql";
import { unixSeconds } from "../../protocol/wire/units.ts";
import { freshMeta } from "../core/fresh-meta.ts";
import type {
	ActivePolicy,
	DepotMeta,
	Driver,
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
} from "../core/model.ts";
import { CHANGE, DRIVER, DUTY, ENTRY, HELD, LIGHT, META, OBSERVED, POLICY, PULL, RATING, VEHICLE } from "./columns.ts";
import { builder, type Cell, readRows } from "./query.ts";
import type { StoreSchema } from "./schema.ts";
import { damagedRow } from "./store-error.ts";

/** Pulls in a snapshot, those held included where they fit; older ones stay in the store as history. */
export const MAX_PULLS = 50;

/** All that was committed. Call it in a transaction. Throws `store-corrupt` on a row that makes no sense. */
export function loadSnapshot(db: Database.Database, path: string, fleet: string): Snapshot {
	const all = (table: keyof StoreSchema, columns: readonly string[]) =>
		readRows(db, builder.selectFrom(table).select(columns as readonly never[]));
	const json = jsonReader(path);
	const open = builder.selectFrom("duties").select(DUTY).where("until_ms", "is", null);
	const held = all("held_changes", HELD);
	return {
		meta: loadMeta(db, path) ?? freshMeta(fleet),
		drivers: keyed(all("drivers", DRIVER), driverOf),
		ratings: new Map(ratingsOf(all("ratings", RATING))),
		vehicles: keyed(all("vehicles", VEHICLE), vehicleOf),
		duties: keyed(readRows(db, open), dutyOf),
		ended: [...keyed([...newestEnded(db, "vehicle"), ...newestEnded(db, "driver")], dutyOf).values()],
		lights: keyed(all("lights", LIGHT), lightOf),
		entries: keyed(all("entries", ENTRY), entryOf),
		observed: keyed(all("observed", OBSERVED), (c) => observedOf(c, json)),
		pulls: pullsOf(db, json),
		heldChanges: new Map(
			held.map(([pull, changes]) => [String(pull), json<RatingChange[]>("held_changes", changes ?? null)]),
		),
		changes: keyed(all("changes", CHANGE), changeOf),
		policy: activePolicy(db, json),
	};
}

/** The depot's own facts; null in a new store. */
export function loadMeta(db: Database.Database, path: string): DepotMeta | null {
	const [cells] = readRows(db, builder.selectFrom("meta").select(META));
	return cells === undefined ? null : metaOf(cells, jsonReader(path));
}

type Cells = readonly Cell[];
type Json = <T>(table: string, text: Cell) => T;

const jsonReader =
	(path: string): Json =>
	(table, text) => {
		try {
			return JSON.parse(String(text));
		} catch {
			throw damagedRow(table, path); // JSON.parse: not JSON.
		}
	};

/** Rows to records, keyed by the first column. The columns' types are the table's, held by SQLite (`strict`). */
function keyed<K extends string, R>(rows: readonly Cell[][], record: (cells: Cells) => R): Map<K, R> {
	const all = new Map<K, R>();
	for (const cells of rows) all.set(cells[0] as K, record(cells));
	return all;
}

/** A plain copy: SQLite's are Buffers, and the pure core knows none. */
const bytes = (cell: Cell | undefined): Uint8Array => Uint8Array.from(cell as Uint8Array);
const bytesOrNull = (cell: Cell | undefined): Uint8Array | null => (cell === null ? null : bytes(cell));

const driverOf = ([key, certificate]: Cells): Driver => ({ key, certificate }) as Driver;

/** 100,000 ratings share a few grades, periods and pulls: one text of each is kept, not one a driver. */
function* ratingsOf(rows: readonly Cell[][]): Generator<[string, Rating]> {
	const seen = new Map<Cell | undefined, Cell | undefined>();
	const one = (text: Cell | undefined): Cell | undefined => {
		const known = seen.get(text);
		if (known === undefined) seen.set(text, text);
		return known ?? text;
	};
	for (const [driver, grade, score, period, asOf, pull] of rows)
		yield [driver as string, { grade: one(grade), score, period: one(period), asOf, pull: one(pull) } as Rating];
}

const vehicleOf = ([key, plate, plateColour, company, terminal, main, deputy]: Cells): Vehicle =>
	({ key, plate, plateColour, company, terminal, main, deputy }) as Vehicle;

const dutyOf = ([id, vehicle, driver, from, until]: Cells): Duty => ({ id, vehicle, driver, from, until }) as Duty;

const lightOf = ([light, publicKey, vehicle]: Cells): LightRecord =>
	({ light, publicKey: bytes(publicKey), vehicle }) as LightRecord;

function metaOf(cells: Cells, json: Json): DepotMeta {
	const [, fleet, epoch, epochTakenAt, storedTime, noticeEpoch, noticeBytes, blankDue, namedAbove, ...next] = cells;
	const [nextDriver, nextVehicle, nextDuty, nextPull] = next;
	const notice = noticeEpoch === null ? null : { epoch: Number(noticeEpoch), bytes: bytes(noticeBytes) };
	return {
		...{ fleet, epoch, notice, nextDriver, nextVehicle, nextDuty, nextPull },
		epochTakenAt: unixSeconds(Number(epochTakenAt)),
		storedTime: unixSeconds(Number(storedTime)),
		blankDue: blankDue === 1,
		namedAbove: json<string[]>("meta", namedAbove ?? null),
	} as DepotMeta;
}

function entryOf(cells: Cells): OutboxEntry {
	const [
		light,
		epoch,
		seq,
		stars,
		driver,
		issuedAt,
		notAfter,
		leaseS,
		resumes,
		resumeS,
		asOf,
		policy,
		trace,
		ask,
		signed,
	] = cells;
	return {
		...{ light, epoch, seq, stars, driver, issuedAt, notAfter, leaseS, resumes, resumeS, asOf },
		policy: bytes(policy),
		trace: bytes(trace),
		ask: bytesOrNull(ask),
		signed: bytesOrNull(signed),
	} as OutboxEntry;
}

function observedOf(cells: Cells, json: Json): Observed {
	const [light, session, counter, ask, shown, pattern, sensed, epoch, seq, grant, asOf, ...more] = cells;
	const [leaseLeftS, resumesLeft, keysVersion, noticeEpoch, refused, lamps, heardAt] = more;
	return {
		...{ light, session, counter, shown, pattern, epoch, seq, asOf, leaseLeftS, resumesLeft, keysVersion, noticeEpoch },
		ask: bytes(ask),
		sensed: sensed === 1,
		grant: bytesOrNull(grant),
		refused: refused === null ? null : json("observed", refused ?? null),
		lamps: lamps === null ? null : json("observed", lamps ?? null),
		heardAt,
	} as Observed;
}

function changeOf(cells: Cells): StarChange {
	const [light, n, before, trace, vehicle, driver, stars, reason, asOf, pull, duty, policy, openedAt, ...end] = cells;
	const [what, by, at] = end;
	return {
		...{ light, n, before, vehicle, driver, stars, reason, asOf, pull, duty, openedAt },
		trace: bytes(trace),
		policy: bytes(policy),
		end: what === null ? null : { what, by, at },
	} as StarChange;
}

/** Changes of one light, newest first: from change `n` of the history back along the chain, at most `limit`. */
export function historyFrom(db: Database.Database, n: number | null, limit: number): StarChange[] {
	const found: StarChange[] = [];
	for (let next = n; next !== null && found.length < limit; ) {
		const [cells] = readRows(db, builder.selectFrom("change_history").select(CHANGE).where("n", "=", next));
		if (cells === undefined) break;
		const change = changeOf(cells);
		found.push(change);
		next = change.before;
	}
	return found;
}

/** The policy activated last, or null. */
const activePolicy = (db: Database.Database, json: Json): ActivePolicy | null => policiesOf(db, json, 1)[0] ?? null;

/** Policies that persons activated, newest first, at most `limit`. Throws `store-corrupt`. */
export const activatedPolicies = (db: Database.Database, path: string, limit: number): ActivePolicy[] =>
	policiesOf(db, jsonReader(path), limit);

function policiesOf(db: Database.Database, json: Json, limit: number): ActivePolicy[] {
	const newest = builder.selectFrom("policies").select(POLICY).orderBy("n", "desc").limit(limit);
	return readRows(db, newest).map(([hash, body, activatedAt]) => {
		const policy = { ...json<object>("policies", body ?? null), hash: bytes(hash) };
		return { policy, activatedAt } as unknown as ActivePolicy; // written by `policyRow` of the same type
	});
}

/** The duty that ended last, of each vehicle or of each driver. */
function newestEnded(db: Database.Database, of: "vehicle" | "driver"): readonly Cell[][] {
	const last = builder
		.selectFrom("duties")
		.select(({ fn }) => [of, fn.max("until_ms").as("last_ms")])
		.where("until_ms", "is not", null)
		.groupBy(of)
		.as("last");
	const newest = builder
		.selectFrom("duties")
		.innerJoin(last, (join) =>
			join.onRef(`last.${of}` as never, "=", `duties.${of}`).onRef("last.last_ms", "=", "duties.until_ms"),
		)
		.select(DUTY.map((column) => `duties.${column}` as const));
	return readRows(db, newest);
}

/** Everything held and the newest others, at most `MAX_PULLS` in all unless more are held; oldest first. */
function pullsOf(db: Database.Database, json: Json): Pull[] {
	const newest = builder
		.selectFrom("pulls")
		.select(["n", ...PULL])
		.orderBy("n", "desc");
	const held = readRows(db, newest.where("status", "=", "held"));
	const room = Math.max(0, MAX_PULLS - held.length);
	const others = readRows(db, newest.where("status", "!=", "held").limit(room));
	return [...held, ...others].sort((a, b) => Number(a[0]) - Number(b[0])).map(([, ...cells]) => pullOf(cells, json));
}

function pullOf(cells: Cells, json: Json): Pull {
	const [id, source, name, contentHash, at, rows, accepted, quarantined, status, ...more] = cells;
	const [added, changed, removed, lowered, heldFor, asOf] = more;
	return {
		...{ id, source, name, contentHash, at, rows, accepted, status, added, changed, removed, lowered },
		quarantined: json("pulls", quarantined ?? null),
		heldFor: json("pulls", heldFor ?? null),
		...(asOf == null ? {} : { asOf }),
	} as Pull;
}
