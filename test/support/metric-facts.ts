import type { MetricFacts } from "../../gateway/metrics/facts.ts";
import { Depot } from "../gateway/core/harness.ts";

const depot = new Depot().start();
const none = { sent: 0, failed: 0, dropped: 0 };

/** Facts of an empty depot that runs well; a test changes what it is about. */
export const metricFacts = (more: Partial<MetricFacts> = {}): MetricFacts => ({
	figures: depot.core.figures(depot.now()),
	storeOk: true,
	store: { commits: 3, transactions: 2, rows: 9, failed: 0, lastCommitMs: 1 },
	commitS: { bounds: [0.01], counts: [2, 1], sum: 0.5, count: 3 },
	loop: { commits: 3, transactions: 2, signatures: 1, rebuilds: 0, refusedBusy: 0 },
	queues: { signing: 0, publishing: 0, commands: 0, publishFailures: 0 },
	broker: {
		listening: true,
		connections: 0,
		lights: 0,
		retained: 0,
		fromLights: 0,
		fromDepot: 0,
		takenOver: 0,
		refused: { "unknown-light": 2 },
	},
	api: { "token-missing": 1 },
	consoles: 0,
	backups: { made: 0, failed: 0, lastAt: null, lastError: null, next: null },
	at: 0,
	alarms: ["pull-held"],
	messages: { webhook: none, email: none },
	machine: { upS: 1, residentBytes: 1, heapBytes: 1, lagS: null, diskFreeBytes: null, diskBytes: null },
	build: { version: "0.0.0", node: "v20.0.0" },
	...more,
});
