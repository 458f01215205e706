import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { NodeClock, NodeRandom } from "../../device/drivers/node-clock.ts";
import type { FleetRow, LightView } from "../../gateway/core/types.ts";
import { dataFolder } from "../../gateway/depot/data-folder.ts";
import { NodeCrypto } from "../../gateway/depot/node-crypto.ts";
import { lightMaker } from "../../gateway/depot/provision.ts";
import { toHex } from "../../protocol/wire/bytes.ts";
import { demoFiles } from "../../simulator/fleet/demo-files.ts";
import { readTables } from "../../simulator/fleet/demo-tables.ts";
import { DepotClient } from "../../simulator/fleet/depot-client.ts";
import { type DepotProcess, startDepotProcess } from "../../simulator/fleet/depot-process.ts";
import { Prng } from "../../simulator/random/prng.ts";
import { LightsPart, type Part, PlatformPart } from "./kill-parts.ts";
import { KillTruth } from "./kill-truth.ts";
import { ROOT } from "./source-tree.ts";

const RIGHT_WITHIN_MS = 60_000;
const LATEST_KILL_MS = 700;
const BETWEEN_KILLS_MS = 300;
/** Pause between two changes of duty: a yard's worth, not a flood. */
const CHANGE_EVERY_MS = 40;
const LOOK_EVERY_MS = 10;
/** How often a platform that is down is left so until the depot gives it up. */
const BREAKER_SHARE = 0.25;

/** What a cell's points met. */
export interface Tally {
	points: number;
	duties: number;
	assessments: number;
	lists: number;
	/** Pulls that were cut off by the end of the gateway, and of those how many it went on with. */
	resumed: number;
	/** Requests of a page that failed. */
	breaker: number;
	slowestMs: number;
	tookMs: number;
}

const newTally = (): Tally => ({
	points: 0,
	duties: 0,
	assessments: 0,
	lists: 0,
	resumed: 0,
	breaker: 0,
	slowestMs: 0,
	tookMs: 0,
});

interface PullView {
	readonly id: string;
	readonly status: string;
	readonly source: string;
	readonly contentHash: string;
	readonly rows: number;
}

interface SourceNow {
	readonly running: object | null;
	readonly restingUntil: number | null;
	readonly failures: number;
}

const clock = new NodeClock();
const after = (ms: number) => new Promise<void>((resolve) => void setTimeout(resolve, ms));

/**
 * A depot with a few lights and a credit platform, each part a process of its own; duties and ratings change all the time while
 * parts are killed.
 */
export class KillYard {
	readonly data = mkdtempSync(join(tmpdir(), "liangxing-kill-"));
	readonly platform: PlatformPart;
	readonly parts: readonly Part[];
	tally = newTally();
	private readonly seed: number;
	private readonly taxis: number;
	private readonly broker: { readonly url: string } | null;
	private readonly lights: LightsPart;
	private readonly flaws: string[] = [];
	private depot: DepotProcess | null = null;
	private ports = { http: 0, mqtt: 0 };
	private client: DepotClient | null = null;
	private rows: readonly FleetRow[] = [];
	private truth = new KillTruth([], [], () => 0);
	/** Pulls that the depot ever said it took, by id, with the hash of their list where it said that too. */
	private readonly taken = new Map<string, string | null>();

	constructor(seed: number, taxis: number, broker: (Part & { readonly url: string }) | null) {
		this.seed = seed;
		this.taxis = taxis;
		this.broker = broker;
		const gateway: Part = {
			name: "gateway",
			kill: async () => void (await this.depot?.kill()),
			start: () => this.startGateway(),
		};
		const address = () => this.broker?.url ?? `mqtt://127.0.0.1:${this.ports.mqtt}`;
		this.lights = new LightsPart(join(this.data, "lights"), address, (plate, stars) => {
			if (!this.truth.allows(plate, stars)) this.flaws.push(`${plate} showed ${stars}, which nobody there was owed`);
		});
		this.platform = new PlatformPart(this.data, join(this.data, "ratings.csv"));
		this.parts = [gateway, ...(broker === null ? [] : [broker]), this.lights, this.platform];
	}

	private async startGateway(): Promise<void> {
		const source = {
			"--source-http-url": this.platform.url,
			"--source-http-schedule": "* * * * * *",
			"--source-http-page-size": "50",
			"--source-http-attempts": "3",
			...(this.broker === null ? {} : { "--mqtt-url": this.broker.url }),
		};
		this.depot = await startDepotProcess({
			data: join(this.data, "depot"),
			program: join(ROOT, "dist", "gateway", "main.js"),
			httpPort: this.ports.http,
			mqttPort: this.ports.mqtt,
			args: Object.entries(source).flat(),
			env: process.env,
			onLog: (line) => {
				if (line.includes('"ratings-pull-resumed"')) this.tally.resumed += 1;
			},
		});
		this.ports = {
			http: Number(new URL(this.depot.http).port),
			mqtt: this.broker === null ? Number(new URL(this.depot.mqtt).port) : 0,
		};
	}

	private get api(): DepotClient {
		if (this.client === null) throw new Error("the yard is not open");
		return this.client;
	}

	/** Everything on, everybody's main driver signed in, every light right. */
	async open(): Promise<void> {
		const prng = new Prng(this.seed);
		const files = demoFiles(null, clock.unixMs());
		writeFileSync(join(this.data, "ratings.csv"), files.ratings.bytes);
		await this.platform.start(prng);
		await this.startGateway();
		const folder = dataFolder(join(this.data, "depot"));
		this.client = new DepotClient(this.depot?.http ?? "", readFileSync(folder.token, "utf8").trim());
		const tables = await readTables(files, clock.unixMs());
		this.rows = tables.fleet.filter((r) => r.main !== "" && r.deputy !== "").slice(0, this.taxis);
		const plates = this.rows.map((row) => row.plate);
		this.truth = new KillTruth((await this.platform.list()).rows, plates, () => Math.floor(clock.unixMs() / 1000));
		await this.api.importFile("fleet", files.fleet.name, files.fleet.bytes);
		const make = lightMaker(folder, this.broker?.url ?? this.depot?.mqtt ?? "", new NodeRandom(), new NodeCrypto());
		mkdirSync(join(this.data, "lights"), { recursive: true });
		for (const plate of plates) {
			const light = make(null);
			await this.api.addLight(light.light, toHex(light.publicKey), plate);
			const file = join(this.data, "lights", `${encodeURIComponent(plate)}.json`);
			writeFileSync(file, light.file, { mode: 0o600 });
			this.lights.glass.set(plate, 0);
		}
		await this.lights.start();
		for (const row of this.rows) {
			this.truth.triesSignIn(row.plate, row.main);
			await this.api.signIn(row.plate, row.main);
			this.truth.signIn(row.plate, row.main);
		}
		await this.settled("before the first kill");
	}

	private wrong(): { plate: string; glass: number; due: number }[] {
		return [...this.lights.glass]
			.map(([plate, glass]) => ({ plate, glass, due: this.truth.due(plate) }))
			.filter(({ glass, due }) => glass !== due);
	}

	/** Waits until this holds; says what does not. */
	private async until(when: string, what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
		const end = clock.monoMs() + RIGHT_WITHIN_MS;
		while (!(await holds())) {
			if (clock.monoMs() > end)
				throw new Error(
					`seed ${this.seed}, ${when}: not within ${RIGHT_WITHIN_MS} ms: ${what}: ${JSON.stringify(this.wrong())}`,
				);
			await after(LOOK_EVERY_MS);
		}
	}

	/** The platform's newest list is the depot's, the depot owes what is due, and every glass shows it. */
	private async settled(when: string): Promise<void> {
		const { rows, hash } = await this.platform.list();
		for (const row of this.truth.list()) {
			const kept = rows.find(({ certificate }) => certificate === row.certificate);
			if (kept?.score !== row.score)
				throw new Error(`seed ${this.seed}, ${when}: the platform lost a score: ${kept?.score}, not ${row.score}`);
		}
		await this.until(when, "the depot has the platform's newest list", () => this.hasList(hash));
		await this.until(when, "every light is right", () => this.wrong().length === 0);
		await this.until(when, "the depot knows it", async () => {
			const views = await this.api.lights();
			return this.rows.every(({ plate }) => knownRight(views, plate, this.truth.due(plate)));
		});
		if (this.wrong().length > 0) return this.settled(when);
	}

	private async pulls(): Promise<readonly PullView[]> {
		const { pulls } = (await this.api.call("GET", "pulls")) as { pulls: PullView[] };
		this.remember(pulls);
		return pulls;
	}

	/** What it once said of a pull stays so; it keeps the newest ones. */
	private remember(pulls: readonly PullView[]): void {
		const oldest = pulls[0]?.id ?? "";
		for (const [id, hash] of this.taken) {
			const pull = pulls.find((p) => p.id === id);
			if (id < oldest) this.taken.delete(id);
			else if (pull?.status !== "applied") this.flaws.push(`the depot forgot pull ${id}`);
			else if (hash !== null && hash !== pull.contentHash) this.flaws.push(`pull ${id} became another one`);
		}
		for (const { id, status, contentHash } of pulls) if (status === "applied") this.taken.set(id, contentHash);
	}

	private async source(): Promise<SourceNow> {
		return ((await this.api.call("GET", "depot")) as { source: SourceNow }).source;
	}

	/** A depot that lets the platform rest is told by a person to try it, as a person would. */
	private async hasList(hash: string): Promise<boolean> {
		const pulls = await this.pulls();
		const held = pulls.find(({ status }) => status === "held");
		if (held !== undefined) throw new Error(`seed ${this.seed}: pull ${held.id} is held`);
		if (pulls.filter(({ status }) => status === "applied").at(-1)?.contentHash === hash) return true;
		const { restingUntil, running } = await this.source();
		if (restingUntil !== null && running === null) {
			this.tally.breaker += 1;
			await this.pull();
		}
		return false;
	}

	/** A pull that the depot says it took must be there for good. */
	private async pull(): Promise<boolean> {
		try {
			const { pull, status } = (await this.api.call("POST", "ratings/pull", {})) as { pull: string; status: string };
			if (status === "applied") {
				if (!this.taken.has(pull)) this.taken.set(pull, null);
				this.tally.lists += 1;
			}
			return true;
		} catch {
			return false;
		}
	}

	/** Changes of duty one after another until `ended`; one that got no answer is done again afterwards. */
	private async changeDuties(prng: Prng, ended: () => boolean): Promise<(() => Promise<void>) | null> {
		while (!ended()) {
			const { plate, main, deputy } = prng.pick(this.rows);
			const out = prng.int(0, 2) === 0;
			const driver = prng.pick([main, deputy]);
			const done = async () => {
				if (out) await this.api.signOut(plate, driver).catch(notOnDuty);
				else await this.api.signIn(plate, driver);
				if (out) this.truth.signOut(plate, driver);
				else this.truth.signIn(plate, driver);
			};
			if (!out) this.truth.triesSignIn(plate, driver);
			try {
				await done();
				this.tally.duties += 1;
			} catch {
				return done;
			}
			await after(CHANGE_EVERY_MS);
		}
		return null;
	}

	/** Drivers assessed anew and the list pulled, again and again until `ended`; an assessment without an answer is done again afterwards. */
	private async changeRatings(prng: Prng, ended: () => boolean): Promise<(() => Promise<void>) | null> {
		while (!ended()) {
			const { main, deputy } = prng.pick(this.rows);
			const certificate = prng.pick([main, deputy]);
			const score = prng.chance(0.05) ? null : prng.int(0, 30);
			const done = async () => {
				await this.platform.assess(certificate, score);
				this.truth.rate(certificate, score);
			};
			this.truth.triesScore(certificate, score);
			try {
				await done();
				this.tally.assessments += 1;
			} catch {
				return done;
			}
			if (!(await this.pull())) return null;
		}
		return null;
	}

	/**
	 * Kills the parts in this order at random instants while duties and ratings change, starts them again (in that order, in the other
	 * one, or all at once), and demands right stars, nothing lost, and that no glass ever showed what nobody was owed.
	 */
	async trial(name: string, dead: readonly Part[], prng: Prng): Promise<void> {
		const began = clock.monoMs();
		this.truth.begin();
		let over = false;
		const duties = this.changeDuties(prng.split(`duties ${this.tally.points}`), () => over);
		const ratings = this.changeRatings(prng.split(`ratings ${this.tally.points}`), () => over);
		await after(prng.int(0, LATEST_KILL_MS));
		for (const [i, part] of dead.entries()) {
			if (i > 0) await after(prng.int(0, BETWEEN_KILLS_MS));
			await part.kill();
		}
		over = true;
		const names = dead.map((part) => part.name);
		const givesUp = prng.chance(BREAKER_SHARE) && names.includes("platform") && !names.includes("gateway");
		if (givesUp)
			await this.until(
				name,
				"the depot lets the platform rest",
				async () => (await this.source()).restingUntil !== null,
			);
		const at = clock.monoMs();
		await this.startAgain(dead, prng);
		for (const again of [await duties, await ratings]) await again?.();
		await this.settled(name);
		this.tally.slowestMs = Math.max(this.tally.slowestMs, clock.monoMs() - at);
		await this.nothingLost(name);
		this.tally.points += 1;
		this.tally.tookMs += clock.monoMs() - began;
	}

	private async startAgain(dead: readonly Part[], prng: Prng): Promise<void> {
		const how = prng.pick(["in order", "the other way", "at once"] as const);
		if (how === "at once") await Promise.all(dead.map((part) => part.start(prng)));
		else for (const part of how === "in order" ? dead : dead.toReversed()) await part.start(prng);
	}

	private async nothingLost(name: string): Promise<void> {
		const pulls = await this.pulls();
		const whole = this.truth.list().length;
		const flaws = [...new Set(this.flaws.splice(0))];
		for (const pull of pulls)
			if (pull.source === "http" && pull.rows !== whole)
				flaws.push(`pull ${pull.id} has ${pull.rows} of ${whole} rows`);
		if (flaws.length > 0) throw new Error(`seed ${this.seed}, ${name}: ${flaws.join("; ")}`);
	}

	/** What was counted since the last call. */
	takeTally(): Tally {
		const { tally } = this;
		this.tally = newTally();
		return tally;
	}

	async close(): Promise<void> {
		await this.lights.kill();
		await this.depot?.stop();
		await this.platform.kill();
		rmSync(this.data, { recursive: true, force: true });
	}
}

function knownRight(views: readonly LightView[], plate: string, due: number): boolean {
	const view = views.find((v) => v.plate === plate);
	return view?.desired === due && view.observed === due && view.acked === due;
}

function notOnDuty(e: unknown): void {
	if ((e as { code?: string }).code === "depot-unreachable") throw e;
}
