import { REFUSALS } from "../broker/counters.ts";
import { ALARM_CODES } from "../core/alarms/conditions.ts";
import { HOOKS, type MetricFacts, OUTCOMES } from "./facts.ts";
import { counted, each, type MetricSpec, one } from "./spec.ts";

const plain = (
	name: string,
	type: "gauge" | "counter",
	help: string,
	read: (facts: MetricFacts) => number | null,
): MetricSpec => ({
	name,
	type,
	help,
	labels: {},
	read: (facts) => one(read(facts)),
});

const CODE = "a code of ours, see the errors' reference";
/** Store, signing, broker, API, alarms, process. */
export const PROGRAM_METRICS: readonly MetricSpec[] = [
	plain(
		"liangxing_store_ok",
		"gauge",
		"1 while the store takes commits, 0 from a failed commit until the core is built anew from it.",
		(f) => (f.storeOk ? 1 : 0),
	),
	{
		name: "liangxing_store_commit_seconds",
		type: "histogram",
		help: "Duration of the store's transactions, the sync to the disk included.",
		labels: {},
		read: (f) => [{ labels: {}, view: f.commitS }],
	},
	plain(
		"liangxing_store_commits_total",
		"counter",
		"Commits that are durable; several may share a transaction.",
		(f) => f.store.commits,
	),
	plain("liangxing_store_commits_failed_total", "counter", "Commits that the store refused.", (f) => f.store.failed),
	plain(
		"liangxing_core_rebuilds_total",
		"counter",
		"Times the core was built anew from the store after a failed commit. Other counters of the depot begin at 0 again then.",
		(f) => f.loop.rebuilds,
	),
	plain("liangxing_signatures_total", "counter", "Signatures made with the depot's key.", (f) => f.loop.signatures),
	{
		name: "liangxing_queue_length",
		type: "gauge",
		help: "What waits in the process: to be signed, to be handed to the broker, commands to be answered.",
		labels: { queue: "signing, publishing, commands" },
		read: ({ queues: { signing, publishing, commands } }) => each("queue", { signing, publishing, commands }),
	},
	plain(
		"liangxing_publish_failures_total",
		"counter",
		"Messages that the broker did not take.",
		(f) => f.queues.publishFailures,
	),
	plain(
		"liangxing_commands_refused_busy_total",
		"counter",
		"Commands turned away because too many waited.",
		(f) => f.loop.refusedBusy,
	),
	plain(
		"liangxing_broker_listening",
		"gauge",
		"1 while the embedded broker's port is open, or the broker that runs by itself is connected.",
		(f) => (f.broker.listening ? 1 : 0),
	),
	plain("liangxing_broker_connections", "gauge", "Open sockets at the broker.", (f) => f.broker.connections),
	plain(
		"liangxing_broker_lights",
		"gauge",
		"Connections of registered lights that are let in.",
		(f) => f.broker.lights,
	),
	plain(
		"liangxing_broker_retained_messages",
		"gauge",
		"Retained messages kept by the broker.",
		(f) => f.broker.retained,
	),
	{
		name: "liangxing_broker_messages_total",
		type: "counter",
		help: "Messages that the broker took.",
		labels: { from: "lights, depot" },
		read: (f) => each("from", { lights: f.broker.fromLights, depot: f.broker.fromDepot }),
	},
	plain(
		"liangxing_broker_taken_over_total",
		"counter",
		"Connections that a newer one of the same light ended.",
		(f) => f.broker.takenOver,
	),
	{
		name: "liangxing_broker_refusals_total",
		type: "counter",
		help: "Connections, messages and subscriptions that the broker refused.",
		labels: { code: REFUSALS.join(", ") },
		read: (f) => counted("code", REFUSALS, f.broker.refused),
	},
	{
		name: "liangxing_api_refusals_total",
		type: "counter",
		help: "Requests turned away before they were read, and consoles let go, by code.",
		labels: { code: CODE },
		read: (f) => each("code", f.api),
	},
	plain("liangxing_console_streams", "gauge", "Consoles connected to the stream.", (f) => f.consoles),
	{
		name: "liangxing_backups_total",
		type: "counter",
		help: "Backups of the store by how they ended: whole in their folder, or not.",
		labels: { outcome: "made, failed" },
		read: ({ backups: { made, failed } }) => each("outcome", { made, failed }),
	},
	plain(
		"liangxing_backup_ok",
		"gauge",
		"1 while the newest try made a backup, 0 while it failed. Absent before the first try since the start.",
		({ backups }) => (backups.made + backups.failed === 0 ? null : backups.lastError === null ? 1 : 0),
	),
	plain(
		"liangxing_backup_age_seconds",
		"gauge",
		"Seconds since the newest backup that was made since the start. Absent before the first.",
		({ backups: { lastAt }, at }) => (lastAt === null ? null : Math.max(0, (at - Date.parse(lastAt)) / 1000)),
	),
	{
		name: "liangxing_alarm_standing",
		type: "gauge",
		help: "1 while the gateway's own alarm of this code stands.",
		labels: { code: ALARM_CODES.join(", ") },
		read: (f) => ALARM_CODES.map((code) => ({ labels: { code }, value: f.alarms.includes(code) ? 1 : 0 })),
	},
	{
		name: "liangxing_alarm_messages_total",
		type: "counter",
		help: "Alarm messages to people: sent, failed after all retries, or dropped from a full queue.",
		labels: { hook: HOOKS.join(", "), outcome: OUTCOMES.join(", ") },
		read: (f) =>
			HOOKS.flatMap((hook) =>
				OUTCOMES.map((outcome) => ({ labels: { hook, outcome }, value: f.messages[hook][outcome] })),
			),
	},
	plain(
		"liangxing_disk_free_bytes",
		"gauge",
		"Free bytes of the disk under the data folder. Absent where it cannot be told.",
		(f) => f.machine.diskFreeBytes,
	),
	plain(
		"liangxing_disk_size_bytes",
		"gauge",
		"Size of that disk. Absent where it cannot be told.",
		(f) => f.machine.diskBytes,
	),
	{
		name: "liangxing_event_loop_lag_seconds",
		type: "gauge",
		help: "How late the event loop came to its timers since the last scrape; quantile 1 is the worst. Absent before the first sample.",
		labels: { quantile: "0.5, 0.99, 1" },
		read: ({ machine: { lagS } }) =>
			lagS === null ? [] : each("quantile", { "0.5": lagS.p50, "0.99": lagS.p99, "1": lagS.max }),
	},
	plain(
		"liangxing_process_resident_memory_bytes",
		"gauge",
		"Resident memory of the process.",
		(f) => f.machine.residentBytes,
	),
	plain("liangxing_process_heap_used_bytes", "gauge", "JavaScript heap in use.", (f) => f.machine.heapBytes),
	plain("liangxing_process_uptime_seconds", "gauge", "Seconds since the gateway started.", (f) => f.machine.upS),
	{
		name: "liangxing_build_info",
		type: "gauge",
		help: "Always 1; the labels say what runs.",
		labels: { version: "version of Liangxing", node: "version of Node.js" },
		read: (f) => [{ labels: f.build, value: 1 }],
	},
];
