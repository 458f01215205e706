import type { Timers } from "../../protocol/ports/clock.ts";
import type { Log } from "../../protocol/ports/log.ts";
import { millis } from "../../protocol/wire/units.ts";
import { type AlarmFacts, type AlarmLimits, readConditions } from "../core/alarms/conditions.ts";
import {
	type AlarmEvent,
	type AlarmState,
	NO_ALARMS,
	type StandingAlarm,
	standingAlarms,
	stepAlarms,
} from "../core/alarms/reducer.ts";
import type { Now } from "../core/types.ts";
import type { Hooks } from "./hooks.ts";

/** How often the conditions are looked at: a third of the shortest time for which one must be bad. */
export const LOOK_MS = 10_000;

export interface WatchParts {
	readonly fleet: string;
	readonly limits: AlarmLimits;
	/** What is so now; may ask the disk. */
	readonly facts: () => Promise<AlarmFacts>;
	readonly hooks: Pick<Hooks, "push">;
	readonly now: () => Now;
	readonly timers: Timers;
	readonly log: Log;
}

/** Looks at the depot again and again, and tells people and the log what the reducer says they must hear. */
export class AlarmWatch {
	private readonly parts: WatchParts;
	private state: AlarmState = NO_ALARMS;
	private timer: { cancel(): void } | null = null;
	private stopped = false;

	constructor(parts: WatchParts) {
		this.parts = parts;
	}

	/** What stands now. */
	standing(): StandingAlarm[] {
		return standingAlarms(this.state);
	}

	/** Looks once now, then every `LOOK_MS`. */
	start(): void {
		void this.look();
	}

	stop(): void {
		this.stopped = true;
		this.timer?.cancel();
	}

	private async look(): Promise<void> {
		const { facts, limits, now, timers, log } = this.parts;
		try {
			const readings = readConditions(await facts(), limits);
			if (this.stopped) return;
			const { state, events } = stepAlarms(this.state, readings, now());
			this.state = state;
			for (const event of events) this.tell(event);
		} catch (e) {
			// Whoever watches must not fall silent himself.
			log.error("alarm-watch-failed", { reason: e instanceof Error ? e.message : "unknown" });
		}
		if (!this.stopped) this.timer = timers.after("alarm-watch", millis(LOOK_MS), () => void this.look());
	}

	private tell(event: AlarmEvent): void {
		const { log, hooks, fleet } = this.parts;
		const { code, severity, type, detail, since, at } = event;
		const fields = { alarm: code, severity, ...detail };
		if (type === "clear") log.info("alarm-cleared", { ...fields, stoodS: Math.round((at - since) / 1000) });
		else if (severity === "critical") log.error(type === "raise" ? "alarm-raised" : "alarm-stands", fields);
		else log.warn(type === "raise" ? "alarm-raised" : "alarm-stands", fields);
		hooks.push({ ...event, fleet });
	}
}
