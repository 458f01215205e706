import { readFileSync } from "node:fs";
import { LineLog } from "../../device/drivers/line-log.ts";
import type { FleetRow } from "../../gateway/core/types.ts";
import { dataFolder } from "../../gateway/depot/data-folder.ts";
import { NodeCrypto } from "../../gateway/depot/node-crypto.ts";
import { lightMaker } from "../../gateway/depot/provision.ts";
import { DEFAULT_REPORT_S } from "../../protocol/wire/messages.ts";
import { type MonoMs, millis } from "../../protocol/wire/units.ts";
import type { Root } from "../cli/root.ts";
import { type DemoFiles, demoFiles, removeData, temporaryData } from "./demo-files.ts";
import { type DemoPorts, pickPorts } from "./demo-ports.ts";
import { type DemoTables, readTables } from "./demo-tables.ts";
import { DepotClient, type ImportAnswer } from "./depot-client.ts";
import { type DepotProcess, startDepotProcess } from "./depot-process.ts";
import { glassTable } from "./glass-table.ts";
import { openLightBook } from "./light-book.ts";
import { fileFlash, ramFlash } from "./light-flash.ts";
import { runShifts } from "./shifts.ts";
import { type FleetVerdict, type SimFleet, startSimFleet } from "./sim-fleet.ts";
import { type DemoTexts, demoTexts } from "./texts.ts";
import { makeTruth, type Truth } from "./truth.ts";

export interface DemoOptions {
	readonly lights: number;
	readonly untilLit: boolean;
	readonly json: boolean;
	/** The user's own files; null = the sample. */
	readonly files: { readonly ratings: string; readonly fleet: string } | null;
	/** null = a temporary folder, removed at the end. */
	readonly data: string | null;
	readonly ports: DemoPorts;
	readonly chinese: boolean;
}

/** How long all lights may take to settle, from the last sign-in. */
const SETTLE_MS = 25_000;
/** How often glasses and depot are looked at while waiting. */
const LOOK_MS = 50;
const EXIT_DONE = 0;
const EXIT_FAILED = 1;

/** What one demo holds while it runs. */
interface Demo {
	readonly options: DemoOptions;
	readonly root: Root;
	readonly texts: DemoTexts;
	readonly startedAt: MonoMs;
	/** For people: standard output, or standard error where standard output belongs to the JSON line. */
	readonly say: (line: string) => void;
	firstStarMs: number | null;
}

/** Runs the demo to its end; the exit code. Whatever happens the gateway is stopped and a temporary folder removed. */
export async function runDemo(options: DemoOptions, root: Root): Promise<number> {
	const texts = demoTexts(options.chinese);
	const say = options.json ? root.err : (line: string) => void root.out(line);
	const demo: Demo = { options, root, texts, startedAt: root.clock.monoMs(), say, firstStarMs: null };
	const files = demoFiles(options.files, root.clock.unixMs());
	const tables = await readTables(files, root.clock.unixMs());
	// After the files: a folder made for files that are not there would be left behind.
	const data = options.data ?? temporaryData();
	let depot: DepotProcess | null = null;
	let fleet: SimFleet | null = null;
	let killDepot = (): void => undefined;
	const clear = () => {
		if (options.data === null) removeData(data);
	};
	// A second Ctrl-C ends all of it at once: the depot dies first, so that it writes nothing into the folder that goes.
	const forgetExit = root.atExit(() => {
		killDepot();
		clear();
	});
	try {
		depot = await startDepot(demo, data, (kill) => {
			killDepot = kill;
		});
		const rows = tables.fleet.slice(0, options.lights);
		if (rows.length < options.lights) say(texts.fewerTaxis(rows.length, options.lights));
		const truth = makeTruth(tables.rated, () => Math.floor(root.clock.unixMs() / 1000));
		const client = new DepotClient(depot.http, readFileSync(dataFolder(data).token, "utf8").trim());
		const counts = await loadFiles(demo, data, client, files, tables);
		fleet = await switchOn(demo, { data, depot, client, rows, truth });
		return await followThrough(demo, { fleet, depot, client, rows, truth, counts });
	} catch (e) {
		// Ctrl-C reaches the gateway too: what fails then is the stop that was asked for.
		if (!root.stop.aborted) throw e;
		return EXIT_DONE;
	} finally {
		await fleet?.stop();
		await depot?.stop();
		clear();
		forgetExit();
		if (root.stop.aborted) say(texts.stopped);
	}
}

async function startDepot(demo: Demo, data: string, onSpawn: (kill: () => void) => void): Promise<DepotProcess> {
	const { options, root, say, texts } = demo;
	const { http, mqtt } = await pickPorts(options.ports, (...taken) => say(texts.portTaken(...taken)));
	const { env } = root;
	const depot = await startDepotProcess({ data, httpPort: http, mqttPort: mqtt, env, onSpawn, onLog: () => {} });
	say(texts.title);
	say(`${texts.console} ${depot.http}/`);
	say(texts.data(data, options.data === null));
	return depot;
}

/** What the depot answered to the rating file. */
interface Counts {
	readonly accepted: number;
	readonly quarantined: number;
}

async function loadFiles(
	demo: Demo,
	data: string,
	client: DepotClient,
	files: DemoFiles,
	tables: DemoTables,
): Promise<Counts> {
	await client.importFile("fleet", files.fleet.name, files.fleet.bytes);
	const answer = await client.importFile("ratings", files.ratings.name, files.ratings.bytes);
	const { accepted, status } = answer as ImportAnswer;
	demo.say(demo.texts.ratings(accepted, tables.quarantined));
	if (status === "held") demo.say(demo.texts.held(data));
	return { accepted, quarantined: tables.quarantined };
}

interface Yard {
	readonly data: string;
	readonly depot: DepotProcess;
	readonly client: DepotClient;
	readonly rows: readonly FleetRow[];
	readonly truth: Truth;
}

async function switchOn(demo: Demo, { data, depot, client, rows, truth }: Yard): Promise<SimFleet> {
	const { root, texts, options } = demo;
	const crypto = new NodeCrypto();
	const make = lightMaker(dataFolder(data), depot.mqtt, root.random, crypto);
	const book = openLightBook(data, () => make(null));
	for (const row of rows) book.of(row.plate);
	if (options.data !== null) book.save();
	const bound = new Map((await client.lights()).map((view) => [view.light as string, view.plate]));
	return startSimFleet({
		rows,
		client,
		broker: depot.mqtt,
		lightOf: (plate) => {
			const light = book.of(plate);
			return { ...light, registered: bound.get(light.light) === plate };
		},
		host: {
			clock: root.clock,
			random: root.random,
			log: new LineLog(root.err, root.clock, "silent"),
			crypto,
			reportS: DEFAULT_REPORT_S,
			memory: options.data === null ? ramFlash : fileFlash(`${data}/light-memory`),
			onGlass: (taxi) => {
				if (demo.firstStarMs !== null || taxi.glass() === 0) return;
				demo.firstStarMs = Math.round(root.clock.monoMs() - demo.startedAt);
				demo.say(texts.firstStar(demo.firstStarMs));
			},
		},
		truth,
		progress: (step, done, of) => {
			if (done === of || done % 100 === 0) demo.say(texts.step(step, done, of));
		},
		stop: root.stop,
	});
}

interface Running extends Omit<Yard, "data"> {
	readonly fleet: SimFleet;
	readonly counts: Counts;
}

async function followThrough(demo: Demo, running: Running): Promise<number> {
	const { options, root, say, texts } = demo;
	const settled = await settle(demo, running);
	const elapsedMs = Math.round(root.clock.monoMs() - demo.startedAt);
	if (!options.json) say(glassTable(running.fleet.glass()));
	say(texts.settled(settled.verdict, elapsedMs));
	if (options.untilLit) {
		const { lights, lit, correct, wrong } = settled.verdict;
		const result = { lights, lit, correct, wrong, elapsedMs, ...running.counts, glass: running.fleet.glass() };
		if (options.json) await root.out(JSON.stringify(result));
		return settled.all ? EXIT_DONE : EXIT_FAILED;
	}
	await liveOn(demo, running);
	return EXIT_DONE;
}

/** Waits until every lamp equals what is due and the depot has heard every light; looks at the glass, not at the depot's word. */
async function settle(
	demo: Demo,
	running: Running,
): Promise<{ readonly all: boolean; readonly verdict: FleetVerdict }> {
	const { root } = demo;
	const until = root.clock.monoMs() + SETTLE_MS;
	for (;;) {
		const verdict = running.fleet.judge();
		const right = verdict.correct === verdict.lights;
		if (right && (await allHeard(running))) return { all: true, verdict: running.fleet.judge() };
		if (root.clock.monoMs() >= until || root.stop.aborted) return { all: false, verdict };
		await pause(root, LOOK_MS);
	}
}

/** A light that owes nobody a star is dark before the depot has spoken to it: settled means that it was heard too. */
async function allHeard({ client, fleet }: Running): Promise<boolean> {
	const ours = new Set<string>(fleet.taxis.map((taxi) => taxi.light));
	const heard = (await client.lights()).filter(
		(view) => ours.has(view.light) && view.observed !== null && view.desired === view.observed,
	);
	return heard.length === ours.size;
}

function pause(root: Root, ms: number): Promise<void> {
	return new Promise((resolve) => {
		const done = () => {
			timer.cancel();
			root.stop.removeEventListener("abort", done);
			resolve();
		};
		const timer = root.clock.after("demo-look", millis(ms), done);
		root.stop.addEventListener("abort", done, { once: true });
	});
}

/** Shifts until Ctrl-C, or until the gateway is gone. */
async function liveOn(demo: Demo, running: Running): Promise<void> {
	const { root, say, texts } = demo;
	say(texts.running);
	const shifts = runShifts({
		...running,
		timers: root.clock,
		random: root.random,
		log: new LineLog(root.err, root.clock, "warn"),
		onChange: (change) => say(texts.shift(change)),
	});
	const stopped = new Promise<string | null>((resolve) => {
		if (root.stop.aborted) resolve(null);
		root.stop.addEventListener("abort", () => resolve(null), { once: true });
	});
	const how = await Promise.race([stopped, running.depot.gone]);
	shifts.stop();
	say(how === null ? texts.stopping : texts.depotGone(how));
	if (how !== null) root.exitCode(EXIT_FAILED);
}
