import type { Commits } from "./commits.ts";
import type { Counters, Refusals } from "./counters.ts";
import type { Records } from "./records.ts";
import type { Sink } from "./sink.ts";
import type { StarPolicy } from "./stars/policy.ts";
import { policyOf } from "./stars/policy-in-force.ts";
import type { CoreConfig, CoreEnv } from "./types.ts";

/** What the core's parts share: settings, ports, the durable picture, the transactions under way, the step's effects, counters. */
export interface Parts {
	readonly config: CoreConfig;
	readonly env: CoreEnv;
	/** Key ids that lights trust. */
	readonly keyIds: readonly Uint8Array[];
	readonly records: Records;
	readonly commits: Commits;
	readonly sink: Sink;
	readonly refusals: Refusals;
	readonly dropped: Counters;
}

/** The policy that counts: the one a person activated last, else the settings'. */
export const activePolicy = ({ records, config }: Pick<Parts, "records" | "config">): StarPolicy =>
	policyOf({ picture: records, config });
