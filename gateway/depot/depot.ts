import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { topicOf } from "../../protocol/wire/topics.ts";
import type { LightId } from "../../protocol/wire/units.ts";
import { millis } from "../../protocol/wire/units.ts";
import { type Api, openApi } from "../api/server.ts";
import { type Broker, openBroker } from "../broker/aedes-broker.ts";
import { ExternalBroker } from "../broker/external-broker.ts";
import type { Settings } from "../config/schema.ts";
import type { GatewayCore } from "../core/core.ts";
import { policyOf } from "../core/stars/policy-in-force.ts";
import type { Command, CommandAnswer, DepotView, LightView, Now } from "../core/types.ts";
import { holdLog } from "../log/held-log.ts";
import type { RatingSource } from "../sources/http/rating-source.ts";
import { BackupService } from "./backup-service.ts";
import { type DataFolder, dataFolder, removeRuntime, writeRuntime } from "./data-folder.ts";
import { backupSource, consoleDir, type DepotPorts, type Foundation, openFoundation } from "./foundation.ts";
import { requireFreePorts } from "./free-ports.ts";
import { makeIntake } from "./intake.ts";
import { makeSource } from "./make-source.ts";
import { makeOps, type Ops } from "./ops.ts";
import { type Heard, Shell } from "./shell.ts";
import { VerifyAhead } from "./verify-ahead.ts";

/** Log lines of a start wait for the greeting, but not for longer than this. */
const HOLD_LOG_MS = 2_000;

/** A running depot. */
export interface Depot {
	/** `http://127.0.0.1:8790`, without a slash at its end. */
	readonly http: string;
	/** `mqtt://127.0.0.1:8791`. */
	readonly mqtt: string;
	/** The API's bearer token. */
	readonly token: string;
	readonly folder: DataFolder;
	readonly firstStart: boolean;
	/** Code where the clock was in doubt at the start, else null. */
	readonly clock: string | null;
	command(command: Command): Promise<CommandAnswer>;
	lights(): LightView[];
	/** One light; null = not registered. */
	light(id: LightId): LightView | null;
	view(): DepotView;
	/** Told of each light whose row changed, until the returned function is called. */
	onChanged(listener: (light: LightId) => void): () => void;
	/** In order: API, broker, what is to be stored, store. */
	stop(): Promise<void>;
}

/** What is open so far, closed in reverse order when a later step fails. */
class Opened {
	private readonly closers: (() => Promise<void> | void)[] = [];
	add(close: () => Promise<void> | void): void {
		this.closers.push(close);
	}
	async close(): Promise<void> {
		for (let close = this.closers.pop(); close !== undefined; close = this.closers.pop()) await close();
	}
}

/** The newest states that lights left with the broker: a core built anew hears them again. */
function* statesKept(fleet: string, broker: Broker, core: GatewayCore, now: Now): Generator<Heard> {
	for (const { light } of core.lights(now)) {
		const topic = topicOf.state(fleet, light);
		const bytes = broker.retained(topic);
		if (bytes !== null) yield { topic, bytes, publisher: light };
	}
}

/** The raw public key of a registered light. */
function keyOf(shell: Shell<GatewayCore> | null, id: string): Uint8Array | null {
	if (shell === null) return null;
	const { lights } = shell.view.look(shell.now()).picture;
	return lights.get(id as LightId)?.publicKey ?? null; // what is no light's id has no record
}

/** The embedded broker, or the one that the settings name. */
function brokerOf(settings: Settings, ports: DepotPorts, shell: () => Shell<GatewayCore> | null): Promise<Broker> {
	const { fleet, mqtt } = settings;
	const { clock, timers, log } = ports;
	if (mqtt.url !== "") {
		const onUp = () => shell()?.post({ type: "broker-up" });
		return Promise.resolve(new ExternalBroker({ fleet, url: mqtt.url, timers, log, onUp }));
	}
	const isKnownLight = (id: LightId) => keyOf(shell(), id) !== null;
	return (ports.openBroker ?? openBroker)({ fleet, isKnownLight, clock, log });
}

function makeShell(fleet: string, base: Foundation, broker: Broker, ports: DepotPorts): Shell<GatewayCore> {
	return new Shell<GatewayCore>(
		{
			makeCore: base.makeCore,
			store: base.store,
			signer: base.keys.signer,
			broker,
			replay: (core, now) => statesKept(fleet, broker, core, now),
			clock: ports.clock,
			timers: ports.timers,
			log: ports.log,
			soon: ports.soon,
		},
		base.snapshot,
	);
}

const makeAhead = ({ crypto }: Foundation, shell: Shell<GatewayCore>, { soon }: DepotPorts): VerifyAhead =>
	new VerifyAhead({
		crypto,
		keyOf: (light) => keyOf(shell, light),
		soon,
		deliver: ({ topic, payload, publisher }) => shell.message(topic, payload, publisher),
	});

/**
 * Starts a depot: store and keys, the core with what it publishes at its start, then the broker's port, then API and console.
 * Throws coded errors (`store-locked`, `port-taken`, `data-folder-unwritable`, ...); whatever was open by then is closed again.
 */
export async function startDepot(settings: Settings, given: DepotPorts): Promise<Depot> {
	const opened = new Opened();
	// The caller greets first; a start that takes long is told of all the same.
	const held = holdLog(given.log);
	const ports = { ...given, log: held.log };
	const late = given.timers.after("log-held", millis(HOLD_LOG_MS), held.release);
	try {
		// A gateway that is started twice is told that its store is in use, which says more than a taken port.
		if (!existsSync(dataFolder(settings.data).keysMessage)) await requireFreePorts(settings);
		const base = await openFoundation(settings, ports.clock);
		opened.add(() => base.store.close());
		let shell: Shell<GatewayCore> | null = null;
		const broker = await brokerOf(settings, ports, () => shell);
		shell = makeShell(settings.fleet, base, broker, ports);
		opened.add(() => shell.stop());
		const ahead = makeAhead(base, shell, ports);
		opened.add(() => ahead.drain());
		broker.onMessage((message) => ahead.take(message));
		opened.add(() => broker.close());
		shell.start();
		// Lights find keys, notice and grants when they come (protocol section 2), so the port opens after them.
		await shell.settled();
		const mqtt = await broker.listen(settings.mqtt.host, settings.mqtt.port);
		const backups = new BackupService(backupSource(settings, base), settings.backup, ports);
		backups.start();
		opened.add(() => backups.stop());
		const instance = randomBytes(16).toString("hex");
		const source = makeSource(settings, base, shell, ports);
		const ops = makeOps(settings, ports, base, shell, broker, backups);
		opened.add(() => ops.stop());
		const parts = { base, shell, broker, backups, mqtt, instance, source, ops };
		const api = await openDepotApi(settings, ports, parts);
		opened.add(() => api.close());
		const http = await api.listen(settings.http.host, settings.http.port);
		// Last, so that nothing is pulled by a start that fails; first to end, so that a caller who waits for a pull is answered.
		source.start();
		opened.add(() => source.stop());
		writeRuntime(base.folder, { pid: process.pid, instance, http, mqtt });
		opened.add(() => removeRuntime(base.folder, instance));
		ops.start();
		const clock = shell.view.depot(shell.now()).clock?.code ?? null;
		ports.log.info("gateway-started", { http, mqtt, fleet: settings.fleet, lights: base.snapshot.lights.size });
		given.soon(held.release);
		return {
			http,
			mqtt,
			token: base.token,
			folder: base.folder,
			firstStart: base.keys.made,
			clock,
			command: (command) => shell.command(command),
			lights: () => shell.view.lights(shell.now()),
			light: (id) => shell.view.light(id, shell.now()),
			view: () => shell.view.depot(shell.now()),
			onChanged: (listener) => shell.onChanged(listener),
			stop: async () => {
				held.release();
				await opened.close();
				ports.log.info("gateway-stopped", {});
			},
		};
	} catch (e) {
		await opened.close();
		held.release();
		throw e;
	} finally {
		late.cancel();
	}
}

/** What of a running depot the API shows. */
interface ApiBase {
	readonly base: Foundation;
	readonly shell: Shell<GatewayCore>;
	readonly broker: Broker;
	readonly backups: BackupService;
	readonly mqtt: string;
	readonly instance: string;
	readonly source: RatingSource;
	readonly ops: Ops;
}

function openDepotApi(
	settings: Settings,
	ports: DepotPorts,
	{ base, shell, broker, backups, mqtt, instance, source, ops }: ApiBase,
): Promise<Api> {
	return openApi({
		counters: () => ({
			loop: { ...shell.counts },
			store: base.store.stats(),
			broker: broker.stats(),
			backup: backups.stats(),
		}),
		backup: (keep) => backups.make(keep),
		turnedAway: () => broker.stats().refused,
		shell,
		intake: makeIntake(settings, () => policyOf(shell.view.look(shell.now())), ports.clock),
		source,
		token: base.token,
		instance,
		mqtt,
		ops,
		clock: ports.clock,
		timers: ports.timers,
		log: ports.log,
		consoleDir: consoleDir(),
	});
}
