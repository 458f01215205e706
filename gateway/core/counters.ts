import type { Refusal } from "../../protocol/wire/messages.ts";
import type { LightId, UnixMs } from "../../protocol/wire/units.ts";
import type { LastRefusal } from "./types.ts";

/** Counters by code. The codes are ours, so there are few. */
export class Counters {
	private readonly counts = new Map<string, number>();

	add(code: string): void {
		this.counts.set(code, (this.counts.get(code) ?? 0) + 1);
	}

	view(): Readonly<Record<string, number>> {
		return Object.fromEntries([...this.counts].sort(([a], [b]) => (a < b ? -1 : 1)));
	}
}

/** Refusals by code, and the newest of each light that a person should see. */
export class Refusals extends Counters {
	/** One a registered light at most: only verified states come here. */
	private readonly newest = new Map<LightId, LastRefusal>();

	/** Counts a light's refusal; what every start of a light brings (`usual`) is counted, and is no news. */
	take(light: LightId, { code, kind }: Refusal, usual: boolean, at: UnixMs): void {
		this.add(code);
		if (!usual) this.newest.set(light, { code, kind, at });
	}

	last(light: LightId): LastRefusal | null {
		return this.newest.get(light) ?? null;
	}
}
