import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { LineLog } from "../../device/drivers/line-log.ts";
import { NodeClock, NodeRandom } from "../../device/drivers/node-clock.ts";
import { NodeCrypto } from "../../device/drivers/node-crypto.ts";
import type { FleetRow } from "../../gateway/core/types.ts";
import { dataFolder } from "../../gateway/depot/data-folder.ts";
import { NodeCrypto as DepotCrypto } from "../../gateway/depot/node-crypto.ts";
import { lightMaker } from "../../gateway/depot/provision.ts";
import { DEFAULT_REPORT_S } from "../../protocol/wire/messages.ts";
import { demoFiles } from "../../simulator/fleet/demo-files.ts";
import { readTables } from "../../simulator/fleet/demo-tables.ts";
import { DepotClient } from "../../simulator/fleet/depot-client.ts";
import { type DepotProcess, startDepotProcess } from "../../simulator/fleet/depot-process.ts";
import { openLightBook } from "../../simulator/fleet/light-book.ts";
import { ramFlash } from "../../simulator/fleet/light-flash.ts";
import { type SimFleet, startSimFleet } from "../../simulator/fleet/sim-fleet.ts";
import { makeTruth } from "../../simulator/fleet/truth.ts";
import { Prng } from "../../simulator/random/prng.ts";
import { ROOT } from "../support/source-tree.ts";

/** Points at which the gateway is killed, the same count in each lane. */
const KILLS = Number(process.env["LIANGXING_TEST_KILLS"] ?? 50);
const TAXIS = 12;
/** A light whose connection breaks again and again waits up to 30 s before the next try; then it needs one round trip. */
const RIGHT_WITHIN_MS = 45_000;
const LATEST_KILL_MS = 400;

const seed = Number(process.env["LIANGXING_SEED"] ?? 20261124);
const data = mkdtempSync(join(tmpdir(), "liangxing-kill-"));
const clock = new NodeClock();
const random = new NodeRandom();

let depot: DepotProcess;
let fleet: SimFleet;
let client: DepotClient;
let ports = { http: 0, mqtt: 0 };
let rows: readonly FleetRow[];
let truth: ReturnType<typeof makeTruth>;

const start = () =>
	startDepotProcess({
		data,
		program: join(ROOT, "dist", "gateway", "main.js"),
		httpPort: ports.http,
		mqttPort: ports.mqtt,
		env: process.env,
		onLog: () => {},
	});

const after = (ms: number) => new Promise<void>((resolve) => void setTimeout(resolve, ms));

async function until(what: string, holds: () => boolean): Promise<void> {
	const end = clock.monoMs() + RIGHT_WITHIN_MS;
	while (!holds()) {
		if (clock.monoMs() > end)
			throw new Error(`seed ${seed}: not within ${RIGHT_WITHIN_MS} ms: ${what}; ${JSON.stringify(wrongOnes())}`);
		await after(20);
	}
}

const wrongOnes = () =>
	fleet.taxis
		.filter((t) => t.glass() !== truth.due(t.plate))
		.map((t) => ({ plate: t.plate, glass: t.glass(), due: truth.due(t.plate) }));

beforeAll(async () => {
	depot = await start();
	ports = { http: Number(new URL(depot.http).port), mqtt: Number(new URL(depot.mqtt).port) };
	client = new DepotClient(depot.http, readFileSync(dataFolder(data).token, "utf8").trim());
	const files = demoFiles(null, clock.unixMs());
	const tables = await readTables(files, clock.unixMs());
	rows = tables.fleet.filter((r) => r.main !== "" && r.deputy !== "").slice(0, TAXIS);
	truth = makeTruth(tables.rated, () => Math.floor(clock.unixMs() / 1000));
	await client.importFile("fleet", files.fleet.name, files.fleet.bytes);
	await client.importFile("ratings", files.ratings.name, files.ratings.bytes);
	const make = lightMaker(dataFolder(data), depot.mqtt, random, new DepotCrypto());
	const book = openLightBook(data, () => make(null));
	fleet = await startSimFleet({
		rows,
		client,
		broker: depot.mqtt,
		lightOf: (plate) => ({ ...book.of(plate), registered: false }),
		host: {
			clock,
			random,
			log: new LineLog(() => {}, clock, "silent"),
			crypto: new NodeCrypto(),
			reportS: DEFAULT_REPORT_S,
			memory: ramFlash,
			onGlass: () => {},
		},
		truth,
		progress: () => {},
		stop: new AbortController().signal,
	});
	await until("every light shows what is due before the first kill", () => wrongOnes().length === 0);
}, 60_000);

afterAll(async () => {
	await fleet?.stop();
	await depot?.stop();
	rmSync(data, { recursive: true, force: true });
});

/** Changes of duty one after another until the gateway is gone; the one that got no answer is done again after the restart. */
async function changesUntilKilled(
	prng: Prng,
): Promise<{ readonly accepted: number; readonly unanswered: (() => Promise<void>) | null }> {
	let accepted = 0;
	for (;;) {
		const row = rows[prng.int(0, rows.length - 1)] as FleetRow; // int() stays within the list
		const out = prng.int(0, 2) === 0;
		const driver = prng.int(0, 1) === 0 ? row.main : row.deputy;
		const change = async () => {
			if (out) await client.signOut(row.plate, driver).catch(ignoreNotOnDuty);
			else await client.signIn(row.plate, driver);
		};
		const believe = () => (out ? truth.signOut(row.plate, driver) : truth.signIn(row.plate, driver));
		try {
			await change();
			believe();
			accepted++;
		} catch {
			return {
				accepted,
				unanswered: async () => {
					await change();
					believe();
				},
			};
		}
	}
}

function ignoreNotOnDuty(e: unknown): void {
	if ((e as { code?: string }).code === "depot-unreachable") throw e;
}

it(`a gateway killed with -9 at ${KILLS} random points loses nothing it accepted, and every light comes back right`, async () => {
	const prng = new Prng(seed);
	let acceptedInAll = 0;
	let slowestMs = 0;
	for (let n = 1; n <= KILLS; n++) {
		const changing = changesUntilKilled(prng);
		await after(prng.int(0, LATEST_KILL_MS));
		await depot.kill();
		const { accepted, unanswered } = await changing;
		acceptedInAll += accepted;
		const killedAt = clock.monoMs();
		depot = await start();
		await unanswered?.();
		await until(`kill ${n}: every light shows what is due`, () => wrongOnes().length === 0);
		slowestMs = Math.max(slowestMs, clock.monoMs() - killedAt);
		const views = await client.lights();
		for (const taxi of fleet.taxis) {
			const view = views.find((v) => v.light === taxi.light);
			expect(view?.desired, `seed ${seed}, kill ${n}: what the depot owes ${taxi.plate}`).toBe(truth.due(taxi.plate));
		}
	}
	process.stderr.write(
		`kill loop: seed ${seed}, ${KILLS} kills, ${acceptedInAll} changes accepted, slowest back ${Math.round(slowestMs)} ms\n`,
	);
	expect(acceptedInAll).toBeGreaterThan(KILLS);
}, 900_000);
