import { existsSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { CodedError } from "../../protocol/wire/errors.ts";
import type { UnixMs } from "../../protocol/wire/units.ts";
import { copyFile, hashFile, unwritable } from "../store/copy.ts";
import type { DepotStore } from "../store/sqlite-store.ts";
import { keysOf, type Manifest, manifestOf, readManifest, writeManifest } from "./backup-manifest.ts";
import { syncFolder } from "./data-folder.ts";
import { makeFolder } from "./make-folder.ts";

/** A backup that lies finished in its folder. */
export interface Made {
	/** Absolute path of the copy; its manifest is beside it. */
	readonly file: string;
	readonly manifest: Manifest;
	/** For so long the gateway could do nothing else, milliseconds; null = not measured. */
	readonly pauseMs: number | null;
	/** Names of older ones that were removed. */
	readonly removed: readonly string[];
}

/** What a backup is made of. */
export interface BackupSource {
	readonly store: Pick<DepotStore, "copyTo">;
	readonly fleet: string;
	readonly program: string;
	/** Raw public key of the root, hex. */
	readonly root: string;
}

/** `2026-03-01T00:00:00.000Z` as it stands in names: `20260301T000000000Z`. */
export const stampOf = (at: UnixMs): string => new Date(at).toISOString().replace(/[-:.]/g, "");

/** Names say the fleet and the time, nothing else. */
const nameOf = (fleet: string, at: UnixMs): string => `liangxing-${fleet}-${stampOf(at)}.db`;
const OURS = /^liangxing-([a-z0-9-]{1,32})-\d{8}T\d{9}Z\.db$/;
const CUT_SHORT = /^liangxing-([a-z0-9-]{1,32})-\d{8}T\d{9}Z\.db\.part(-journal|-wal|-shm)?$/;

/**
 * Copies the store into `dir` under a name of its own: first under a temporary one, checked whole, then renamed, then the manifest.
 * No key and no token is in it. Throws `backup-busy`, `backup-unwritable`, `disk-full` and errors of the store.
 */
export async function makeBackup(source: BackupSource, dir: string, at: UnixMs, keep: number | null): Promise<Made> {
	prepareFolder(dir, source.fleet);
	const file = join(dir, nameOf(source.fleet, at));
	if (existsSync(file)) throw exists(file);
	const part = `${file}.part`;
	const { pauseMs, ...facts } = await source.store.copyTo(part);
	try {
		renameSync(part, file);
		syncFolder(file);
	} catch (cause) {
		rmSync(part, { force: true });
		throw unwritable(file, cause);
	}
	const manifest: Manifest = {
		format: "liangxing-backup",
		version: 1,
		program: source.program,
		at: new Date(at).toISOString(),
		root: source.root,
		...facts,
		fleet: source.fleet,
	};
	writeManifest(file, manifest);
	return { file, manifest, pauseMs, removed: keep === null ? [] : prune(dir, source.fleet, keep) };
}

function prepareFolder(dir: string, fleet: string): void {
	let inTheWay: string | null;
	try {
		inTheWay = makeFolder(dir);
		// What a loss of power cut short; another backup of this store cannot be under way here.
		for (const name of inTheWay === null ? readdirSync(dir) : [])
			if (CUT_SHORT.exec(name)?.[1] === fleet) rmSync(join(dir, name), { force: true });
	} catch (cause) {
		throw unwritable(dir, cause);
	}
	if (inTheWay !== null) throw unwritable(inTheWay, { code: "ENOTDIR" });
}

/**
 * Removes all but the newest `keep` backups of this fleet that lie in `dir`, with their manifests, and returns their names. Only
 * finished ones of ours count and go; one with keys beside it was made by hand and stays.
 */
export function prune(dir: string, fleet: string, keep: number): readonly string[] {
	const ours = readdirSync(dir)
		.filter((name) => OURS.exec(name)?.[1] === fleet && isFinished(join(dir, name)))
		.sort();
	const old = ours.slice(0, Math.max(0, ours.length - keep));
	for (const name of old) {
		// The manifest first: what a loss of power leaves is then one that is not finished.
		rmSync(manifestOf(join(dir, name)), { force: true });
		rmSync(join(dir, name), { force: true });
	}
	return old;
}

function isFinished(file: string): boolean {
	if (existsSync(keysOf(file))) return false;
	try {
		return readManifest(file) !== null;
	} catch {
		return false; // A file of this name that is not ours is not ours to remove.
	}
}

export const exists = (file: string): CodedError =>
	new CodedError("backup-exists", `There is a file already: ${file}.`, {
		fault: "input",
		next: "Name another file, or a folder: in it each backup gets a name of its own.",
		context: { file },
	});

/** Takes a finished backup to another place, also on another disk: whole there before it goes here. Throws `backup-exists`, `backup-unwritable`, `disk-full`. */
export function moveBackup({ file, manifest }: Made, to: string): void {
	if (existsSync(to) || existsSync(manifestOf(to))) throw exists(to);
	try {
		renameSync(file, to);
		syncFolder(to);
	} catch (cause) {
		if ((cause as NodeJS.ErrnoException).code !== "EXDEV") throw unwritable(to, cause);
		copyAway(file, to, manifest.sha256);
	}
	writeManifest(to, manifest);
	rmSync(manifestOf(file), { force: true });
}

function copyAway(file: string, to: string, sha256: string): void {
	const part = `${to}.part`;
	rmSync(part, { force: true });
	copyFile(file, part);
	if (hashFile(part).sha256 !== sha256) {
		rmSync(part, { force: true });
		throw unwritable(to, { code: "EIO" });
	}
	renameSync(part, to);
	syncFolder(to);
	rmSync(file, { force: true });
}
