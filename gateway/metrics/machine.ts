import { statfs } from "node:fs/promises";
import { monitorEventLoopDelay } from "node:perf_hooks";
import type { Clock } from "../../protocol/ports/clock.ts";
import type { MachineFacts } from "./facts.ts";

/** Pace of the lag's samples; what a sample exceeds it by is lag. */
const SAMPLE_MS = 20;
const NS = 1e9;

/** The process and its disk, for metrics and alarms. Disk figures are those of the last `lookAtDisk`. */
export class Machine {
	private readonly folder: string;
	private readonly clock: Clock;
	private readonly startedAt: number;
	private readonly delay = monitorEventLoopDelay({ resolution: SAMPLE_MS });
	private disk: { readonly free: number; readonly size: number } | null = null;

	constructor(folder: string, clock: Clock) {
		this.folder = folder;
		this.clock = clock;
		this.startedAt = clock.monoMs();
		this.delay.enable();
	}

	get upS(): number {
		return (this.clock.monoMs() - this.startedAt) / 1000;
	}

	/** As last looked at, bytes; null = not known. */
	get diskFree(): number | null {
		return this.disk?.free ?? null;
	}

	/** Asks for the free space of the data folder's disk; null where the system does not tell. */
	async lookAtDisk(): Promise<number | null> {
		try {
			const { bavail, blocks, bsize } = await statfs(this.folder);
			this.disk = { free: bavail * bsize, size: blocks * bsize };
		} catch {
			this.disk = null;
		}
		return this.disk?.free ?? null;
	}

	/** Lag since the last call, then counted anew. */
	private takeLag(): MachineFacts["lagS"] {
		if (this.delay.count === 0) return null;
		const over = (ns: number) => Math.max(0, ns / NS - SAMPLE_MS / 1000);
		const { delay } = this;
		const lag = { p50: over(delay.percentile(50)), p99: over(delay.percentile(99)), max: over(delay.max) };
		delay.reset();
		return lag;
	}

	facts(): MachineFacts {
		const { rss, heapUsed } = process.memoryUsage();
		return {
			upS: this.upS,
			residentBytes: rss,
			heapBytes: heapUsed,
			lagS: this.takeLag(),
			diskFreeBytes: this.disk?.free ?? null,
			diskBytes: this.disk?.size ?? null,
		};
	}

	stop(): void {
		this.delay.disable();
	}
}
