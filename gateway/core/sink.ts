import type { LightId, MonoMs } from "../../protocol/wire/units.ts";
import type { CoreEffect } from "./types.ts";

type LogEffect = Extract<CoreEffect, { type: "log" }>;

/** Collects what one step asks of the world, in order; rows that changed are named once, at the end. */
export class Sink {
	private effects: CoreEffect[] = [];
	private readonly rows = new Set<LightId>();
	private wokenAt: MonoMs | null = null;

	push(effect: CoreEffect): void {
		this.effects.push(effect);
	}

	log(level: LogEffect["level"], code: string, fields: LogEffect["fields"] = {}): void {
		this.effects.push({ type: "log", level, code, fields });
	}

	publish(topic: string, bytes: Uint8Array): void {
		this.effects.push({ type: "publish", topic, bytes, retain: true });
	}

	/** A row of a list is another one now. */
	changed(light: LightId): void {
		this.rows.add(light);
	}

	/** The earliest deadline, told only when it is another one than the last told, or when that one has just been used up. */
	wake(at: MonoMs | null, usedUp: boolean): void {
		if (at !== null && (usedUp || at !== this.wokenAt)) this.effects.push({ type: "wake", at });
		this.wokenAt = at;
	}

	take(): CoreEffect[] {
		const effects = this.effects;
		for (const light of this.rows) effects.push({ type: "changed", light });
		this.rows.clear();
		this.effects = [];
		return effects;
	}
}
