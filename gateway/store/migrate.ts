import { chmodSync, closeSync, fsyncSync, openSync, rmSync } from "node:fs";
import type Database from "libsql";
import { CodedError } from "../../protocol/wire/errors.ts";
import type { Migration } from "./migrations/migration.ts";
import { builder } from "./query.ts";

/** `LXST` in ASCII: tells our file from any other SQLite file. */
export const APPLICATION_ID = 0x4c585354;

/**
 * Brings the schema forward, each step in a transaction of its own. An existing store is first copied to
 * `PATH.v<version>.bak`, durable before the first step; the copy is kept.
 * Errors: `store-too-new` (made by a newer version), `store-foreign` (a SQLite file of something else).
 */
export function migrate(db: Database.Database, path: string, migrations: readonly Migration[]): void {
	const version = numberOf(db, "user_version");
	const newest = migrations.at(-1)?.version ?? 0;
	if (version === 0) refuseForeign(db, path);
	else if (numberOf(db, "application_id") !== APPLICATION_ID) throw foreign(path);
	if (version > newest)
		throw new CodedError("store-too-new", `The store ${path} has schema ${version}; this program knows ${newest}.`, {
			fault: "state",
			next: "Run the newer version that made it, or put back the backup beside it from before that version.",
			context: { path, version, newest },
		});
	const steps = migrations.filter((m) => m.version > version);
	if (steps.length === 0) return;
	if (version > 0) backUp(db, `${path}.v${version}.bak`);
	for (const step of steps) {
		db.exec("BEGIN IMMEDIATE");
		try {
			for (const statement of step.up(builder.schema)) db.exec(statement.compile().sql);
			db.pragma(`application_id=${APPLICATION_ID}`);
			db.pragma(`user_version=${step.version}`);
			db.exec("COMMIT");
		} catch (e) {
			if (db.inTransaction) db.exec("ROLLBACK");
			throw e;
		}
	}
}

/** Reads a pragma that is one number. */
export function numberOf(db: Database.Database, pragma: string): number {
	const rows = db.prepare(`PRAGMA ${pragma}`).raw().all() as unknown[][];
	return Number(rows[0]?.[0]);
}

function refuseForeign(db: Database.Database, path: string): void {
	const rows = db.prepare("SELECT count(*) FROM sqlite_master").raw().all() as unknown[][];
	if (Number(rows[0]?.[0]) > 0) throw foreign(path);
}

const foreign = (path: string): CodedError =>
	new CodedError("store-foreign", `${path} is a database, but not one of ours.`, {
		fault: "input",
		next: "Give the gateway a data folder of its own.",
		context: { path },
	});

/** SQLite does not sync what VACUUM INTO writes, so it is done here. The copy holds personal data: owner only. */
function backUp(db: Database.Database, target: string): void {
	rmSync(target, { force: true });
	db.prepare("VACUUM INTO ?").run([target]);
	chmodSync(target, 0o600);
	const file = openSync(target, "r");
	try {
		fsyncSync(file);
	} finally {
		closeSync(file);
	}
}
