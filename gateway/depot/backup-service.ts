import type { Clock, Timers } from "../../protocol/ports/clock.ts";
import type { Log } from "../../protocol/ports/log.ts";
import { isCoded } from "../../protocol/wire/errors.ts";
import type { Millis, UnixMs } from "../../protocol/wire/units.ts";
import { nextRun } from "../config/schedule.ts";
import type { Settings } from "../config/schema.ts";
import { type BackupSource, type Made, makeBackup } from "./backup.ts";

/** Since the start. Times are ISO 8601. */
export interface BackupStats {
	readonly made: number;
	readonly failed: number;
	readonly lastAt: string | null;
	/** Code of the newest failure, while it is the newest try of all. */
	readonly lastError: string | null;
	/** When the schedule makes the next one; null without a schedule. */
	readonly next: string | null;
}

/** Backups of a running gateway: on demand, and by the schedule of its settings. */
export class BackupService {
	private readonly source: BackupSource;
	private readonly settings: Settings["backup"];
	private readonly clock: Clock;
	private readonly timers: Timers;
	private readonly log: Log;
	private timer: { cancel(): void } | null = null;
	private due: UnixMs | null = null;
	private counts: Omit<BackupStats, "next"> = { made: 0, failed: 0, lastAt: null, lastError: null };

	constructor(
		source: BackupSource,
		settings: Settings["backup"],
		ports: { readonly clock: Clock; readonly timers: Timers; readonly log: Log },
	) {
		this.source = source;
		this.settings = settings;
		this.clock = ports.clock;
		this.timers = ports.timers;
		this.log = ports.log;
	}

	stats(): BackupStats {
		return { ...this.counts, next: this.due === null ? null : new Date(this.due).toISOString() };
	}

	/** Makes one now; `keep` null removes none. Throws what `makeBackup` throws. */
	async make(keep: number | null): Promise<Made> {
		try {
			const made = await makeBackup(this.source, this.settings.dir, this.clock.unixMs(), keep);
			const { at, bytes } = made.manifest;
			this.counts = { ...this.counts, made: this.counts.made + 1, lastAt: at, lastError: null };
			this.log.info("backup-made", { file: made.file, bytes, removed: made.removed.length });
			return made;
		} catch (e) {
			const code = isCoded(e) ? e.code : "internal-error";
			this.counts = { ...this.counts, failed: this.counts.failed + 1, lastError: code };
			this.log.error("backup-failed", { reason: code, next: isCoded(e) ? e.next : "Report the log's lines." });
			throw e;
		}
	}

	/** Begins to follow the schedule, if there is one. */
	start(): void {
		if (this.settings.schedule === "") return;
		this.due = nextRun(this.settings.schedule, null, this.clock.unixMs());
		this.arm();
	}

	stop(): void {
		this.timer?.cancel();
		this.timer = null;
		this.due = null;
	}

	/** A timer may fire early (an hour at most), and the clock may have been set meanwhile: the wall clock decides. */
	private arm(): void {
		if (this.due === null) return;
		const delay = Math.max(0, this.due - this.clock.unixMs()) as Millis;
		this.timer = this.timers.after("backup", delay, () => void this.wake());
	}

	private async wake(): Promise<void> {
		const now = this.clock.unixMs();
		if (this.due !== null && now >= this.due) {
			this.due = nextRun(this.settings.schedule, null, now);
			// Logged and counted there; the next one may do better.
			await this.make(this.settings.keep).catch(() => undefined);
		}
		this.arm();
	}
}
