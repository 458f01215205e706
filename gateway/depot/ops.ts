import { Hooks, type HookTest, sendersOf, testHooks } from "../alarms/hooks.ts";
import { alarmText } from "../alarms/texts.ts";
import { AlarmWatch } from "../alarms/watch.ts";
import type { Broker } from "../broker/aedes-broker.ts";
import type { Settings } from "../config/schema.ts";
import { type AlarmCode, type AlarmFacts, type AlarmLimits, readConditions } from "../core/alarms/conditions.ts";
import type { StandingAlarm } from "../core/alarms/reducer.ts";
import type { GatewayCore } from "../core/core.ts";
import type { Hook, MessageCounts, MetricFacts } from "../metrics/facts.ts";
import { Machine } from "../metrics/machine.ts";
import { makeMetrics } from "../metrics/registry.ts";
import { VERSION } from "../version.ts";
import type { BackupService } from "./backup-service.ts";
import type { DepotPorts, Foundation } from "./foundation.ts";
import { overviewOf } from "./overview.ts";
import type { Shell } from "./shell.ts";

/** What the API adds to a scrape. */
export interface ApiFigures {
	readonly consoles: number;
	readonly refusals: Readonly<Record<string, number>>;
}

/** A reason why the depot works, but not as it should. */
export interface Degraded {
	readonly code: string;
	readonly message: string;
	readonly next: string;
}

export interface AlarmsView {
	readonly alarms: readonly (StandingAlarm & { readonly message: string; readonly next: string })[];
	/** Where they go, and what became of the messages so far. */
	readonly hooks: readonly { readonly hook: Hook; readonly target: string }[];
	readonly messages: MessageCounts;
}

/** What watches a running depot: its metrics, its alarms, and what keeps it from being ready. */
export interface Ops {
	scrape(api: ApiFigures): Promise<{ readonly contentType: string; readonly text: string }>;
	overview(): ReturnType<typeof overviewOf>;
	alarms(): AlarmsView;
	/** Sends a test message by each way. Throws `alarm-no-hook`. */
	testAlarms(): Promise<readonly HookTest[]>;
	/** Whether the lights' port is open. A broker that runs by itself has a port of its own: without it a depot is degraded. */
	brokerOpen(): boolean;
	/** Conditions that are bad now, beside those for which nothing is signed at all. */
	degraded(): readonly Degraded[];
	start(): void;
	stop(): void;
}

/** Those for which nothing is signed are not among them: a depot that is not ready says so by another code. */
const AT_ONCE: readonly AlarmCode[] = ["broker-port-closed", "no-pull", "pull-held", "disk-nearly-full"];

export const limitsOf = ({ alarms }: Settings): AlarmLimits => ({
	pullHours: alarms.pullHours,
	rightShare: alarms.rightShare,
	rightShareMinutes: alarms.rightShareMinutes,
	silentLights: alarms.silentLights,
	silentShare: alarms.silentShare,
	diskFreeMib: alarms.diskFreeMib,
});

function alarmsView(watch: AlarmWatch, hooks: Hooks): AlarmsView {
	return {
		alarms: watch.standing().map((alarm) => {
			const { what, next } = alarmText(alarm.code, alarm.detail, "en", alarm.over);
			return { ...alarm, message: what, next };
		}),
		hooks: hooks.senders.map(({ hook, target }) => ({ hook, target })),
		messages: hooks.counts(),
	};
}

/** Facts that are so are said at once; what takes its time by nature (a star on its way) only once its alarm stands. */
function degradedBy(facts: AlarmFacts, limits: AlarmLimits, standing: readonly StandingAlarm[]): Degraded[] {
	const stands = new Set(standing.map(({ code }) => code));
	return readConditions(facts, limits)
		.filter(({ code, level }) => level === "bad" && (AT_ONCE.includes(code) || stands.has(code)))
		.map((reading) => {
			const { what, next } = alarmText(reading.code, reading.detail, "en");
			return { code: reading.code, message: what, next };
		});
}

/** Binds metrics and alarms to a depot's parts. Throws the settings' `alarm-secret-missing`, `file-mode-too-open`. */
export function makeOps(
	settings: Settings,
	ports: DepotPorts,
	base: Foundation,
	shell: Shell<GatewayCore>,
	broker: Broker,
	backups: Pick<BackupService, "stats">,
): Ops {
	const limits = limitsOf(settings);
	const hooks = new Hooks(sendersOf(settings.alarms), ports.log);
	const machine = new Machine(base.folder.path, ports.clock);
	const alarmFacts = (diskFreeBytes: number | null): AlarmFacts => ({
		figures: shell.view.figures(shell.now()),
		storeOk: !shell.broken,
		brokerOpen: broker.stats().listening,
		diskFreeBytes,
		upS: machine.upS,
	});
	const watch = new AlarmWatch({
		fleet: settings.fleet,
		limits,
		facts: async () => alarmFacts(await machine.lookAtDisk()),
		hooks,
		now: () => shell.now(),
		timers: ports.timers,
		log: ports.log,
	});
	let api: ApiFigures = { consoles: 0, refusals: {} };
	const metricFacts = (): MetricFacts => ({
		figures: shell.view.figures(shell.now()),
		storeOk: !shell.broken,
		store: base.store.stats(),
		commitS: base.commitS.view(),
		loop: shell.counts,
		queues: shell.queues,
		broker: broker.stats(),
		api: api.refusals,
		consoles: api.consoles,
		backups: backups.stats(),
		at: ports.clock.unixMs(),
		alarms: watch.standing().map(({ code }) => code),
		messages: hooks.counts(),
		machine: machine.facts(),
		build: { version: VERSION, node: process.version },
	});
	const metrics = makeMetrics(metricFacts);
	return {
		scrape: async (figures) => {
			api = figures;
			return { contentType: metrics.contentType, text: await metrics.scrape() };
		},
		overview: () => overviewOf(shell.view, shell.now()),
		alarms: () => alarmsView(watch, hooks),
		testAlarms: () => testHooks(hooks.senders, settings.fleet, ports.clock.unixMs()),
		brokerOpen: () => settings.mqtt.url !== "" || broker.stats().listening,
		degraded: () => degradedBy(alarmFacts(machine.diskFree), limits, watch.standing()),
		start: () => watch.start(),
		stop: () => {
			watch.stop();
			hooks.stop();
			machine.stop();
		},
	};
}
