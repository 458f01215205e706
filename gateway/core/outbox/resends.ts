import { type LightId, type MonoMs, monoMs } from "../../../protocol/wire/units.ts";

/**
 * `keys` and `notice` go to the whole fleet, so a fleet that refuses at once must not be answered light by light: the first refusal
 * is answered at once, those that follow together after this pause.
 */
export const FLEET_PAUSE_MS = 5_000;

/** What is to be sent again: keys always, the notice if one was refused, and the grants of these lights. */
export interface Resend {
	readonly notice: boolean;
	readonly lights: readonly LightId[];
}

/** Collects refusals `unknown-key` until they may be answered. */
export class Resends {
	private readonly lights = new Set<LightId>();
	private notice = false;
	private notBefore: MonoMs | null = null;

	/** A light refused its newest grant. */
	grant(light: LightId): void {
		this.lights.add(light);
	}

	/** A light refused the newest notice. */
	fleet(): void {
		this.notice = true;
	}

	/** When something is to be sent again, or null. */
	dueAt(now: MonoMs): MonoMs | null {
		return this.notice || this.lights.size > 0 ? (this.notBefore ?? now) : null;
	}

	/** What is to be sent again now, or null. */
	takeDue(now: MonoMs): Resend | null {
		const due = this.dueAt(now);
		if (due === null || due > now) return null;
		const resend = { notice: this.notice, lights: [...this.lights] };
		this.notice = false;
		this.lights.clear();
		this.notBefore = monoMs(now + FLEET_PAUSE_MS);
		return resend;
	}
}
