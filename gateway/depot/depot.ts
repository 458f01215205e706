import { randomBytes } from "node:crypto";
import { topicOf } from "../../protocol/wire/topics.ts";
import type { LightId } from "../../protocol/wire/units.ts";
import { type Api, openApi } from "../api/server.ts";
import { type Broker, openBroker } from "../broker/aedes-broker.ts";
import type { Settings } from "../config/schema.ts";
import type { GatewayCore } from "../core/core.ts";
import type { Command, CommandAnswer, DepotView, LightView, Now } from "../core/types.ts";
import { type DataFolder, removeRuntime, writeRuntime } from "./data-folder.ts";
import { consoleDir, type DepotPorts, type Foundation, openFoundation } from "./foundation.ts";
import { makeIntake } from "./intake.ts";
import { type Heard, Shell } from "./shell.ts";

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

/**
 * Starts a depot: store and keys, the core with what it publishes at its start, then the broker's port, then API and console.
 * Throws coded errors (`store-locked`, `port-taken`, `data-folder-unwritable`, ...); whatever was open by then is closed again.
 */
export async function startDepot(settings: Settings, ports: DepotPorts): Promise<Depot> {
	const opened = new Opened();
	try {
		const base = await openFoundation(settings, ports.clock);
		opened.add(() => base.store.close());
		let shell: Shell<GatewayCore> | null = null;
		const broker = await (ports.openBroker ?? openBroker)({
			fleet: settings.fleet,
			isKnownLight: (id) => shell !== null && shell.view.light(id, shell.now()) !== null,
			clock: ports.clock,
			log: ports.log,
		});
		shell = makeShell(settings.fleet, base, broker, ports);
		opened.add(() => shell.stop());
		broker.onMessage((message) => shell.message(message.topic, message.payload, message.publisher));
		opened.add(() => broker.close());
		shell.start();
		// Lights find keys, notice and grants when they come (protocol section 2), so the port opens after them.
		await shell.settled();
		const mqtt = await broker.listen(settings.mqtt.host, settings.mqtt.port);
		const instance = randomBytes(16).toString("hex");
		const api = await openDepotApi(settings, ports, base, shell, broker, mqtt, instance);
		opened.add(() => api.close());
		const http = await api.listen(settings.http.host, settings.http.port);
		writeRuntime(base.folder, { pid: process.pid, instance, http, mqtt });
		opened.add(() => removeRuntime(base.folder, instance));
		const clock = shell.view.depot(shell.now()).clock?.code ?? null;
		ports.log.info("gateway-started", { http, mqtt, fleet: settings.fleet, lights: base.snapshot.lights.size });
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
			stop: async () => {
				await opened.close();
				ports.log.info("gateway-stopped", {});
			},
		};
	} catch (e) {
		await opened.close();
		throw e;
	}
}

function openDepotApi(
	settings: Settings,
	ports: DepotPorts,
	base: Foundation,
	shell: Shell<GatewayCore>,
	broker: Broker,
	mqtt: string,
	instance: string,
): Promise<Api> {
	return openApi({
		counters: () => ({ loop: { ...shell.counts }, store: base.store.stats(), broker: broker.stats() }),
		shell,
		intake: makeIntake(settings, base.policy, ports.clock),
		token: base.token,
		instance,
		mqtt,
		clock: ports.clock,
		timers: ports.timers,
		log: ports.log,
		consoleDir: consoleDir(),
	});
}
