import type { EndWord } from "../../core/model.ts";

interface Outbox {
	readonly entries: number;
	readonly oldestS: number;
}

/** As `GET /api/v1/overview` answers; times are Unix milliseconds. */
export interface Overview {
	readonly at: number;
	readonly since: number;
	readonly records: { readonly ratings: number; readonly drivers: number; readonly vehicles: number };
	readonly pulls: {
		readonly appliedAt: number | null;
		readonly held: number;
		readonly newest: {
			readonly id: string;
			readonly source: string;
			readonly at: number;
			readonly rows: number;
			readonly accepted: number;
			readonly quarantined: number;
			readonly status: string;
		} | null;
	};
	readonly channels: { readonly mqtt: Channel };
}

export interface Channel {
	readonly outbox: { readonly heard: Outbox; readonly absent: Outbox };
	readonly ends: Readonly<Record<EndWord, number>>;
	readonly convergence: {
		readonly bounds: readonly number[];
		readonly counts: readonly number[];
		readonly sum: number;
		readonly count: number;
	};
	readonly refusals: Readonly<Record<string, number>>;
}
