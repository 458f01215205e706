import { once } from "node:events";
import { cpSync, existsSync, type FSWatcher, mkdirSync, readdirSync, rmSync, watch } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { writeKeysBeside } from "../../gateway/depot/backup-keys.ts";
import { manifestOf, readManifest } from "../../gateway/depot/backup-manifest.ts";
import { dataFolder } from "../../gateway/depot/data-folder.ts";
import { restoreStore } from "../../gateway/depot/restore.ts";
import { hashFile } from "../../gateway/store/copy.ts";
import { openSqliteStore } from "../../gateway/store/sqlite-store.ts";
import { unixMs } from "../../protocol/wire/units.ts";
import { Prng } from "../../simulator/random/prng.ts";
import { addLight, post, type RunningDepot, startTestDepot, tokenOf } from "../support/depot.ts";
import { certificateOf, fleetCsv, plateOf, ratingsCsv, tempFolder } from "../support/depot-files.ts";
import { HandLight } from "../support/hand-light.ts";
import { liangxing, liangxingGateway, start } from "../support/liangxing.ts";

const NIGHTLY = process.env["LIANGXING_LANE"] === "nightly";
/** Random points of each of the four: restore over a store, restore into a new folder, backup alone, backup of a running gateway. */
const POINTS = Number(process.env["LIANGXING_TEST_KILLS_RESTORE"] ?? (NIGHTLY ? 200 : 4));
const SEED = Number(process.env["LIANGXING_SEED"] ?? 20261124);
const POINT_MS = 60_000;
const DAY_AND_MORE_MS = 25 * 3_600_000;
const FLEET = "demo";
/** Enough rows that copying and checking take a while. */
const VEHICLES = 2000;
/** Scores of driver 1: 3 stars in the backup, 5 stars in the present store. */
const [OLD_SCORE, OLD_STARS, NEW_SCORE, NEW_STARS] = [8, 3, 22, 5];

const folder = tempFolder("kill-restore");
const at = (...names: string[]) => join(folder.path, ...names);
const base = at("base");
const backup = at("old", "old.db");
const day = (ago: number) => new Date(Date.now() - ago * 86_400_000 + 8 * 3_600_000).toISOString().slice(0, 10);
const who = { plate: plateOf(1), certificate: certificateOf(1) };
let provision = "";
let present = "";
let restored = "";
let restoredAlone = "";
/** From the first byte of the working copy to the last word of the command; points are drawn from this and a little more. */
let workMs = 0;
const instant = (prng: Prng, ofMs: number): number => prng.int(0, Math.ceil(ofMs * 1.3));

/** All that a store knows, as one text. */
async function contentOf(data: string): Promise<string> {
	const store = await openSqliteStore(dataFolder(data).db, { fleet: FLEET });
	try {
		return JSON.stringify(await store.load(), (_key, value: unknown) =>
			value instanceof Map ? [...value] : value instanceof Uint8Array ? Buffer.from(value).toString("hex") : value,
		);
	} finally {
		await store.close();
	}
}

const fresh = (name: string, from: string | null): string => {
	const data = at(name);
	rmSync(data, { recursive: true, force: true });
	if (from === null) mkdirSync(data, { mode: 0o700 });
	else cpSync(from, data, { recursive: true });
	return data;
};

async function change(depot: RunningDepot, path: string, body: unknown, status = 200): Promise<void> {
	const answer = await post(depot, path, body);
	if (answer.status !== status) throw new Error(`${path}: ${answer.text}`);
}

const scores = (first: number) => [first, ...Array.from({ length: VEHICLES - 1 }, (_, i) => 4 + (i % 20))];

/** A depot as it was a day ago, its backup, and what it is now. */
async function makeBase(): Promise<void> {
	mkdirSync(base, { mode: 0o700 });
	mkdirSync(at("old"));
	const then = await startTestDepot(base, {}, DAY_AND_MORE_MS);
	await change(then, "/api/v1/fleet", fleetCsv(VEHICLES));
	await change(then, "/api/v1/ratings", ratingsCsv(scores(OLD_SCORE), day(40)));
	provision = await addLight(then, plateOf(1));
	await change(then, "/api/v1/duty/sign-in", who);
	const { json } = await post(then, "/api/v1/backup", {});
	await then.stop();
	cpSync(String(json["file"]), backup);
	cpSync(manifestOf(String(json["file"])), manifestOf(backup));
	writeKeysBeside(dataFolder(base), backup, FLEET);
	const now = await startTestDepot(base, { heldLoweredShare: "1" });
	await change(now, "/api/v1/clock/accept", {});
	await change(now, "/api/v1/ratings", ratingsCsv(scores(NEW_SCORE), day(1)));
	await now.stop();
	rmSync(join(base, "backups"), { recursive: true });
}

/** Runs the command, kills it `afterMs` after a file that fits appeared in `dir`, and says whether it was killed in time. */
async function killedAt(args: readonly string[], dir: string, fits: (name: string) => boolean, afterMs: number) {
	let seen = 0;
	let watcher: FSWatcher | null = null;
	const child = start(args, folder.path);
	watcher = watch(dir, (_event, name) => {
		if (seen > 0 || name === null || !fits(name)) return;
		seen = performance.now();
		setTimeout(() => child.kill("SIGKILL"), afterMs);
	});
	// It says what it did once all is done.
	let said = 0;
	child.stdout?.once("data", () => {
		said = performance.now();
	});
	const [, signal] = (await once(child, "close")) as [number | null, NodeJS.Signals | null];
	watcher.close();
	return { killed: signal === "SIGKILL", tookMs: seen === 0 ? 0 : said - seen };
}

const restoring = (name: string) => name.includes(".restoring");
const restoreArgs = (data: string) => ["restore", backup, "--data", data, "--yes"];

/** Starts the depot, lets the light ask, brings the newest ratings and the driver back; returns all stars that were granted. */
async function starsFrom(data: string): Promise<number[]> {
	const depot = await startTestDepot(data, { "mqtt.port": "0", heldLoweredShare: "1" });
	const light = new HandLight(provision.replace(/mqtt:\/\/127\.0\.0\.1:\d+/, depot.mqtt), 2);
	try {
		await change(depot, "/api/v1/clock/accept", {});
		await light.connect();
		await light.say(Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 1), 0);
		await light.grantWhere(() => true);
		await change(depot, "/api/v1/ratings", ratingsCsv(scores(NEW_SCORE), day(1)));
		await change(depot, "/api/v1/duty/sign-in", who);
		await light.say(Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 2), 0);
		await light.grantWhere((grant) => grant.stars === NEW_STARS);
		return light.grants.map((grant) => grant.stars);
	} finally {
		await light.close();
		await depot.stop();
	}
}

const again = (data: string) =>
	restoreStore({
		file: backup,
		data,
		fleet: FLEET,
		noManifest: false,
		keepDuties: false,
		replace: true,
		now: unixMs(Date.now()),
	});

beforeAll(async () => {
	process.stderr.write(`kill restore: seed ${SEED}, ${POINTS} points each\n`);
	await makeBase();
	present = await contentOf(fresh("reference", base));
	const whole = fresh("reference", base);
	workMs = (await killedAt(restoreArgs(whole), whole, restoring, POINT_MS)).tookMs;
	restored = await contentOf(whole);
	const alone = fresh("reference", null);
	await again(alone);
	restoredAlone = await contentOf(alone);
	expect(workMs).toBeGreaterThan(0);
	expect(restored).not.toBe(present);
}, 120_000);
afterAll(() => folder.remove());

describe("restore, killed with -9", () => {
	it(
		`leaves the old store or the restored one over ${POINTS} points, and no old star is ever lit`,
		async () => {
			const prng = new Prng(SEED);
			const found = { present: 0, restored: 0, killed: 0 };
			for (let n = 1; n <= POINTS; n++) {
				const where = `seed ${SEED}, point ${n}`;
				const data = fresh("over", base);
				const { killed } = await killedAt(restoreArgs(data), data, restoring, instant(prng, workMs));
				const content = await contentOf(data);
				expect([present, restored].includes(content), where).toBe(true);
				found[content === present ? "present" : "restored"] += 1;
				if (killed) found.killed += 1;
				const stars = await starsFrom(data);
				expect(stars, where).not.toContain(OLD_STARS);
				expect(stars[0], where).toBe(content === present ? NEW_STARS : 0);
				await again(data);
				expect(await contentOf(fresh("over2", data)), where).toContain('"duties":[]');
			}
			process.stderr.write(
				`kill restore: over a store: ${POINTS} points, ${found.killed} killed in time, ${found.present} the old store, ${found.restored} the restored one, none half, no old star\n`,
			);
		},
		POINTS * POINT_MS,
	);

	it(
		`into a new folder: nothing or the restored store over ${POINTS} points, and repeating it brings the keys too`,
		async () => {
			const prng = new Prng(SEED + 1);
			let there = 0;
			for (let n = 1; n <= POINTS; n++) {
				const where = `seed ${SEED + 1}, point ${n}`;
				const data = fresh("new", null);
				await killedAt(restoreArgs(data), data, restoring, instant(prng, workMs));
				if (existsSync(dataFolder(data).db)) {
					there += 1;
					expect(await contentOf(data), where).toBe(restoredAlone);
				}
				const { keys } = await again(data);
				expect(["kept", "put-back"], where).toContain(keys);
				expect(hashFile(dataFolder(data).keysMessage), where).toEqual(hashFile(dataFolder(base).keysMessage));
				expect(await starsFrom(data), where).not.toContain(OLD_STARS);
			}
			process.stderr.write(
				`kill restore: into a new folder: ${POINTS} points, ${there} with the store there, none half\n`,
			);
		},
		POINTS * POINT_MS,
	);
});

/** Every backup that has its manifest is whole; returns how many. */
function wholeBackups(dir: string, where: string): number {
	const finished = readdirSync(dir).filter((name) => name.endsWith(".db") && existsSync(manifestOf(join(dir, name))));
	for (const name of finished) {
		const { sha256, bytes } = readManifest(join(dir, name)) ?? { sha256: "", bytes: 0 };
		expect(hashFile(join(dir, name)), where).toEqual({ sha256, bytes });
	}
	return finished.length;
}

describe("backup, killed with -9", () => {
	it(
		`leaves the store as it was and no backup that is not whole, over ${POINTS} points`,
		async () => {
			const prng = new Prng(SEED + 2);
			const data = fresh("backed-up", base);
			const dir = at("backed-up", "backups");
			mkdirSync(dir, { mode: 0o700 });
			const part = (name: string) => name.endsWith(".part");
			const first = await killedAt(["backup", "--data", data], dir, part, POINT_MS);
			let finished = 0;
			for (let n = 1; n <= POINTS; n++) {
				const where = `seed ${SEED + 2}, point ${n}`;
				await killedAt(["backup", "--data", data], dir, part, instant(prng, first.tookMs));
				expect(await contentOf(fresh("looked-at", data)), where).toBe(present);
				finished = wholeBackups(dir, where);
			}
			expect((await liangxing(folder.path, ["backup", "--data", data])).err).toBe("");
			expect(wholeBackups(dir, "the last one")).toBe(finished + 1);
			expect(readdirSync(dir).filter((name) => name.includes(".part"))).toEqual([]);
			process.stderr.write(`kill backup: ${POINTS} points, ${finished - 1} finished all the same, none half\n`);
		},
		POINTS * POINT_MS,
	);

	it(
		`with a gateway that goes down in the middle of it, over ${POINTS} points: its store and its backups are whole`,
		async () => {
			const prng = new Prng(SEED + 3);
			const data = fresh("running", base);
			const dir = at("running", "backups");
			mkdirSync(dir, { mode: 0o700 });
			let finished = 0;
			let tookMs = 0;
			for (let n = 0; n <= POINTS; n++) {
				const where = `seed ${SEED + 3}, point ${n}`;
				const gateway = await liangxingGateway(folder.path, data);
				const asked = post({ http: gateway.http, token: tokenOf(data) }, "/api/v1/backup", {}).catch(() => null);
				const out = prng.chance(0.5);
				const way = out ? "/api/v1/duty/sign-out" : "/api/v1/duty/sign-in";
				const duty = post({ http: gateway.http, token: tokenOf(data) }, way, who).catch(() => null);
				const began = performance.now();
				// The first one shows how long it takes.
				if (n === 0) await asked.then(() => (tookMs = performance.now() - began));
				else await new Promise((resolve) => setTimeout(resolve, instant(prng, tookMs)));
				await gateway.end("SIGKILL");
				const done = (await duty)?.status === 200;
				const content = await contentOf(fresh("looked-at", data));
				if (done) expect(/"duties":\[\]/.test(content), where).toBe(out);
				finished = wholeBackups(dir, where);
			}
			process.stderr.write(
				`kill backup: a running gateway: ${POINTS} points, ${finished} finished all the same, none half\n`,
			);
		},
		POINTS * POINT_MS,
	);
});
