import type { BrokerStats } from "../broker/counters.ts";
import type { AlarmCode } from "../core/alarms/conditions.ts";
import type { DepotFigures } from "../core/figures/figures.ts";
import type { HistogramView } from "../core/figures/histogram.ts";
import type { BackupStats } from "../depot/backup-service.ts";
import type { ShellQueues } from "../depot/shell.ts";
import type { StoreStats } from "../store/sqlite-store.ts";

/** Where alarms go to people. */
export const HOOKS = ["webhook", "email"] as const;
export type Hook = (typeof HOOKS)[number];
/** What became of a message: taken by the other side, given up after all retries, or dropped from a full queue. */
export const OUTCOMES = ["sent", "failed", "dropped"] as const;
export type Outcome = (typeof OUTCOMES)[number];
export type MessageCounts = Readonly<Record<Hook, Readonly<Record<Outcome, number>>>>;

/** The process and its machine. Bytes and seconds. */
export interface MachineFacts {
	readonly upS: number;
	readonly residentBytes: number;
	readonly heapBytes: number;
	/** Event-loop lag since the last scrape, or null before the first sample. */
	readonly lagS: { readonly p50: number; readonly p99: number; readonly max: number } | null;
	/** Of the disk under the data folder; null = not known. */
	readonly diskFreeBytes: number | null;
	readonly diskBytes: number | null;
}

/** Everything that a scrape shows, at one instant. */
export interface MetricFacts {
	readonly figures: DepotFigures;
	readonly storeOk: boolean;
	readonly store: StoreStats;
	readonly commitS: HistogramView;
	readonly loop: {
		readonly commits: number;
		readonly transactions: number;
		readonly signatures: number;
		readonly rebuilds: number;
		readonly refusedBusy: number;
	};
	readonly queues: ShellQueues;
	readonly broker: BrokerStats;
	/** Requests that the API turned away, by code. */
	readonly api: Readonly<Record<string, number>>;
	readonly consoles: number;
	readonly backups: BackupStats;
	/** Unix milliseconds of the scrape. */
	readonly at: number;
	readonly alarms: readonly AlarmCode[];
	readonly messages: MessageCounts;
	readonly machine: MachineFacts;
	readonly build: { readonly version: string; readonly node: string };
}
