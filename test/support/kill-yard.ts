import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { NodeClock, NodeRandom } from "../../device/drivers/node-clock.ts";
import type { FleetRow } from "../../gateway/core/types.ts";
import { dataFolder } from "../../gateway/depot/data-folder.ts";
import { NodeCrypto } from "../../gateway/depot/node-crypto.ts";
import { lightMaker } from "../../gateway/depot/provision.ts";
import { toHex } from "../../protocol/wire/bytes.ts";
import { boundedLines } from "../../simulator/cli/lines.ts";
import { demoFiles } from "../../simulator/fleet/demo-files.ts";
import { readTables } from "../../simulator/fleet/demo-tables.ts";
import { DepotClient } from "../../simulator/fleet/depot-client.ts";
import { type DepotProcess, startDepotProcess } from "../../simulator/fleet/depot-process.ts";
import { makeTruth, type Truth } from "../../simulator/fleet/truth.ts";
import type { Prng } from "../../simulator/random/prng.ts";
import { ownProcess, type Start } from "./own-process.ts";
import { ROOT } from "./source-tree.ts";

/** A light whose connection breaks again and again waits up to 30 s before the next try; then it needs one round trip. */
const RIGHT_WITHIN_MS = 60_000;
const LATEST_KILL_MS = 400;
const BETWEEN_KILLS_MS = 300;
/** Pause between two changes of duty: a yard's worth, not a flood. */
const CHANGE_EVERY_MS = 10;

/** A part of the whole that is killed with -9 and started again. */
export interface Part {
	readonly name: string;
	kill(): Promise<void>;
	start(): Promise<void>;
}

const clock = new NodeClock();
const after = (ms: number) => new Promise<void>((resolve) => void setTimeout(resolve, ms));

/** A depot with a few lights, each part a process of its own; duties change all the time while parts are killed. */
export class KillYard {
	readonly data = mkdtempSync(join(tmpdir(), "liangxing-kill-"));
	readonly parts: readonly Part[];
	readonly glass = new Map<string, number>();
	accepted = 0;
	slowestMs = 0;
	private readonly seed: number;
	private readonly taxis: number;
	private readonly broker: { readonly url: string } | null;
	private depot: DepotProcess | null = null;
	private ports = { http: 0, mqtt: 0 };
	private client: DepotClient | null = null;
	private rows: readonly FleetRow[] = [];
	private truth: Truth | null = null;
	private lights: ChildProcess | null = null;
	private startLights: Start | null = null;

	constructor(seed: number, taxis: number, broker: (Part & { readonly url: string }) | null) {
		this.seed = seed;
		this.taxis = taxis;
		this.broker = broker;
		const gateway: Part = {
			name: "gateway",
			kill: async () => void (await this.depot?.kill()),
			start: () => this.startGateway(),
		};
		const light: Part = { name: "lights", kill: () => this.killLights(), start: () => this.switchOn() };
		this.parts = broker === null ? [gateway, light] : [gateway, broker, light];
	}

	private get lightFolder(): string {
		return join(this.data, "lights");
	}

	private async startGateway(): Promise<void> {
		this.depot = await startDepotProcess({
			data: join(this.data, "depot"),
			program: join(ROOT, "dist", "gateway", "main.js"),
			httpPort: this.ports.http,
			mqttPort: this.ports.mqtt,
			...(this.broker === null ? {} : { args: ["--mqtt-url", this.broker.url] }),
			env: process.env,
			onLog: () => {},
		});
		this.ports = {
			http: Number(new URL(this.depot.http).port),
			mqtt: this.broker === null ? Number(new URL(this.depot.mqtt).port) : 0,
		};
	}

	private async switchOn(): Promise<void> {
		const start = this.startLights;
		if (start === null) return;
		const child = start([this.lightFolder, this.broker?.url ?? `mqtt://127.0.0.1:${this.ports.mqtt}`]);
		this.lights = child;
		const { stdout } = child;
		if (stdout === null) throw new Error("the lights' process has no output");
		await new Promise<void>((ready) => {
			void (async () => {
				for await (const { text } of boundedLines(stdout, 1000)) {
					const line = JSON.parse(text) as { plate?: string; stars?: number; ready?: number };
					if (line.ready !== undefined) ready();
					// What a killed process had still to say is old: the lamps are out.
					else if (line.plate !== undefined && this.lights === child) this.glass.set(line.plate, line.stars ?? 0);
				}
				ready();
			})();
		});
	}

	/** The lamp fails dark: a dead host puts the glass out. */
	private async killLights(): Promise<void> {
		const child = this.lights;
		this.lights = null;
		if (child !== null && child.exitCode === null && child.signalCode === null) {
			const gone = once(child, "exit");
			child.kill("SIGKILL");
			await gone;
		}
		for (const plate of this.glass.keys()) this.glass.set(plate, 0);
	}

	/** Everything on, everybody's main driver signed in, every light right. */
	async open(): Promise<void> {
		this.startLights = await ownProcess("test/support/light-box.ts");
		await this.startGateway();
		const folder = dataFolder(join(this.data, "depot"));
		this.client = new DepotClient(this.depot?.http ?? "", readFileSync(folder.token, "utf8").trim());
		const files = demoFiles(null, clock.unixMs());
		const tables = await readTables(files, clock.unixMs());
		this.rows = tables.fleet.filter((r) => r.main !== "" && r.deputy !== "").slice(0, this.taxis);
		this.truth = makeTruth(tables.rated, () => Math.floor(clock.unixMs() / 1000));
		await this.client.importFile("fleet", files.fleet.name, files.fleet.bytes);
		await this.client.importFile("ratings", files.ratings.name, files.ratings.bytes);
		const make = lightMaker(folder, this.broker?.url ?? this.depot?.mqtt ?? "", new NodeRandom(), new NodeCrypto());
		mkdirSync(this.lightFolder, { recursive: true });
		for (const { plate } of this.rows) {
			const light = make(null);
			await this.client.addLight(light.light, toHex(light.publicKey), plate);
			writeFileSync(join(this.lightFolder, `${encodeURIComponent(plate)}.json`), light.file, { mode: 0o600 });
			this.glass.set(plate, 0);
		}
		await this.switchOn();
		for (const row of this.rows) {
			await this.client.signIn(row.plate, row.main);
			this.truth.signIn(row.plate, row.main);
		}
		await this.untilRight("before the first kill");
	}

	private wrong(): { plate: string; glass: number; due: number }[] {
		return [...this.glass]
			.map(([plate, glass]) => ({ plate, glass, due: this.truth?.due(plate) ?? 0 }))
			.filter(({ glass, due }) => glass !== due);
	}

	private async untilRight(when: string): Promise<void> {
		const end = clock.monoMs() + RIGHT_WITHIN_MS;
		while (this.wrong().length > 0) {
			if (clock.monoMs() > end)
				throw new Error(
					`seed ${this.seed}, ${when}: not right within ${RIGHT_WITHIN_MS} ms: ${JSON.stringify(this.wrong())}`,
				);
			await after(20);
		}
	}

	/** Changes of duty one after another until `ended`; one that got no answer is done again afterwards. */
	private async change(prng: Prng, ended: () => boolean): Promise<(() => Promise<void>) | null> {
		const { client, truth } = this;
		if (client === null || truth === null) return null;
		while (!ended()) {
			const row = this.rows[prng.int(0, this.rows.length - 1)] as FleetRow; // int() stays within the list
			const out = prng.int(0, 2) === 0;
			const driver = prng.int(0, 1) === 0 ? row.main : row.deputy;
			const done = async () => {
				if (out) await client.signOut(row.plate, driver).catch(notOnDuty);
				else await client.signIn(row.plate, driver);
				if (out) truth.signOut(row.plate, driver);
				else truth.signIn(row.plate, driver);
			};
			try {
				await done();
				this.accepted += 1;
			} catch {
				return done;
			}
			await after(CHANGE_EVERY_MS);
		}
		return null;
	}

	/** Kills the parts in this order at random instants while duties change, starts them in the same order, and demands right stars. */
	async trial(name: string, killed: readonly Part[], prng: Prng): Promise<void> {
		let over = false;
		const changing = this.change(prng, () => over);
		await after(prng.int(0, LATEST_KILL_MS));
		for (const [i, part] of killed.entries()) {
			if (i > 0) await after(prng.int(0, BETWEEN_KILLS_MS));
			await part.kill();
		}
		over = true;
		const unanswered = await changing;
		const at = clock.monoMs();
		for (const part of killed) await part.start();
		await unanswered?.();
		await this.untilRight(name);
		this.slowestMs = Math.max(this.slowestMs, clock.monoMs() - at);
		await this.nothingLost(name);
	}

	/** What the depot owes is what was accepted. */
	private async nothingLost(name: string): Promise<void> {
		const views = (await this.client?.lights()) ?? [];
		for (const { plate } of this.rows) {
			const desired = views.find((view) => view.plate === plate)?.desired;
			const due = this.truth?.due(plate);
			if (desired !== due)
				throw new Error(`seed ${this.seed}, ${name}: the depot owes ${plate} ${desired}, not ${due}`);
		}
	}

	async close(): Promise<void> {
		await this.killLights();
		await this.depot?.stop();
		rmSync(this.data, { recursive: true, force: true });
	}
}

function notOnDuty(e: unknown): void {
	if ((e as { code?: string }).code === "depot-unreachable") throw e;
}
