import { existsSync, readdirSync, rmSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { CodedError } from "../../protocol/wire/errors.ts";
import { toUnixSeconds, type UnixMs, unixSeconds } from "../../protocol/wire/units.ts";
import { readClock } from "../core/lights/clock-guard.ts";
import { afterRestore } from "../core/restored.ts";
import { checkStore, copyFile, hashFile, type StoreFacts } from "../store/copy.ts";
import { MIGRATIONS } from "../store/migrations/index.ts";
import { type HeldStore, holdStore } from "../store/replace.ts";
import { openSqliteStore } from "../store/sqlite-store.ts";
import { stampOf } from "./backup.ts";
import { type KeysAfter, putKeysBack, rootAt } from "./backup-keys.ts";
import { type Manifest, manifestOf, readManifest } from "./backup-manifest.ts";
import { type DataFolder, ensureDataFolder } from "./data-folder.ts";
import { NodeCrypto } from "./node-crypto.ts";

export interface RestoreRequest {
	/** Absolute path of the copy. */
	readonly file: string;
	/** Data folder. */
	readonly data: string;
	readonly fleet: string;
	/** Take a store without a manifest: one that was kept aside by a restore or an upgrade. */
	readonly noManifest: boolean;
	/** Nobody signed in or out since the copy was made: the store moves to another machine. */
	readonly keepDuties: boolean;
	/** A present store may be put aside. */
	readonly replace: boolean;
	readonly now: UnixMs;
}

export interface Restored {
	readonly file: string;
	readonly fleet: string;
	/** When the copy was made; null without a manifest. */
	readonly at: string | null;
	readonly schema: { readonly from: number; readonly to: number };
	/** Where the store lies that was there before; null = none was. */
	readonly kept: string | null;
	readonly dutiesEnded: number;
	readonly keys: KeysAfter;
	/** What the clock guard will say at the start; null = it signs. */
	readonly clock: "clock-behind" | "clock-ahead" | null;
	/** Newest time in the copy, ISO; null = none. */
	readonly newest: string | null;
}

const NEWEST_SCHEMA = MIGRATIONS.at(-1)?.version ?? 0;

/**
 * Puts a backup in the place of a data folder's store. The copy is checked, brought to this program's schema and marked, beside the
 * present store; then it takes its place in one step. The next start blanks the whole fleet before it signs anything else.
 * Throws coded errors of the backup (`backup-...`), the store, the keys; whatever it throws, the present store is as it was.
 */
export async function restoreStore(request: RestoreRequest): Promise<Restored> {
	const manifest = wholeManifest(request);
	const folder = ensureDataFolder(request.data);
	if (existsSync(folder.db) && !request.replace) throw needsYes(folder.db);
	const incoming = `${folder.db}.restoring`;
	removeLike(incoming);
	let held: HeldStore | null = null;
	try {
		copyFile(request.file, incoming);
		const facts = checkStore(incoming);
		mustFit(request, facts, manifest);
		mustBeOfRoot(folder, request.file, manifest);
		held = holdStore(folder.db);
		const dutiesEnded = await mark(incoming, request, held.epoch);
		const kept = `${folder.db}.before-restore-${stampOf(request.now)}`;
		const had = held.replace(incoming, kept);
		const crypto = new NodeCrypto();
		const keys = putKeysBack(folder, request.file, request.fleet, toUnixSeconds(request.now), crypto);
		const time = readClock(request.now, unixSeconds(facts.storedTime));
		return {
			file: request.file,
			fleet: request.fleet,
			at: manifest?.at ?? null,
			schema: { from: facts.schema, to: NEWEST_SCHEMA },
			kept: had ? kept : null,
			dutiesEnded,
			keys,
			clock: time.trusted ? null : time.code,
			newest: facts.storedTime === 0 ? null : new Date(facts.storedTime * 1000).toISOString(),
		};
	} finally {
		held?.release();
		removeLike(incoming);
	}
}

/** The manifest, after the file turned out to be what it says. */
function wholeManifest({ file, noManifest }: RestoreRequest): Manifest | null {
	if (!existsSync(file)) throw notThere(file);
	const manifest = noManifest ? null : readManifest(file);
	if (manifest === null && !noManifest)
		throw new CodedError("backup-manifest-missing", `There is no ${manifestOf(file)} beside the backup.`, {
			fault: "input",
			next: "Put it beside the copy; without it the copy may be cut short. For a store kept by a restore or an upgrade: --no-manifest.",
		});
	if (manifest === null) return null;
	const { bytes, sha256 } = hashFile(file);
	if (bytes === manifest.bytes && sha256 === manifest.sha256) return manifest;
	throw new CodedError("backup-damaged", `${file} is not what its manifest says: it was changed or cut short.`, {
		fault: "input",
		next: "Copy both files again from where they came, or use another backup.",
		context: { bytes, wanted: manifest.bytes },
	});
}

function mustFit({ file, fleet }: RestoreRequest, facts: StoreFacts, manifest: Manifest | null): void {
	const of = facts.fleet ?? manifest?.fleet ?? fleet;
	if (of !== fleet)
		throw new CodedError("fleet-mismatch", `The store ${file} is of fleet "${of}", not of "${fleet}".`, {
			fault: "input",
			next: `Set fleet to "${of}", or give the other fleet a data folder of its own.`,
		});
	if (facts.schema > NEWEST_SCHEMA)
		throw new CodedError(
			"store-too-new",
			`The store ${file} has schema ${facts.schema}; this program knows ${NEWEST_SCHEMA}.`,
			{
				fault: "state",
				next: "Run the newer version that made it, or put back the backup beside it from before that version.",
				context: { schema: facts.schema, newest: NEWEST_SCHEMA },
			},
		);
}

/** Lights trust one root only: a store of lights under another root could light none of them. */
function mustBeOfRoot(folder: DataFolder, file: string, manifest: Manifest | null): void {
	const root = manifest === null ? null : rootAt(folder, file);
	if (manifest === null || root === null || root === manifest.root) return;
	throw new CodedError(
		"backup-other-root",
		`The lights in ${file} trust another root key than that of ${folder.path}.`,
		{
			fault: "input",
			next: "Use an empty data folder, with the key files of the backup's depot or with its root.key.pem.",
		},
	);
}

/** Brings the copy to the present schema and writes into it that it came back. Returns how many duties ended. */
async function mark(
	incoming: string,
	{ fleet, keepDuties }: RestoreRequest,
	lastEpoch: number | null,
): Promise<number> {
	const store = await openSqliteStore(incoming, { fleet });
	try {
		const changes = afterRestore(await store.load(), keepDuties, lastEpoch);
		await store.commit(changes);
		return changes.filter((change) => change.type === "duty").length;
	} finally {
		await store.close();
	}
}

/** The working copy and whatever an earlier run left beside it. */
function removeLike(incoming: string): void {
	const dir = dirname(incoming);
	const begin = basename(incoming);
	for (const name of readdirSync(dir)) if (name.startsWith(begin)) rmSync(join(dir, name), { force: true });
}

const notThere = (file: string): CodedError =>
	new CodedError("file-unreadable", `${file} cannot be read (ENOENT).`, {
		fault: "input",
		next: "Give a file that the user who runs this may read.",
	});

const needsYes = (db: string): CodedError =>
	new CodedError("restore-unconfirmed", `There is a store already: ${db}.`, {
		fault: "input",
		next: "Add --yes: it is kept beside the restored one under another name, and the whole fleet goes dark first.",
	});
