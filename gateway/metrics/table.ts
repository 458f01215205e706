import type { MetricSpec } from "./spec.ts";
import { DEPOT_METRICS } from "./table-depot.ts";
import { PROGRAM_METRICS } from "./table-program.ts";

/** Every metric, in the order of the reference and of the scrape. */
export const METRICS: readonly MetricSpec[] = [...DEPOT_METRICS, ...PROGRAM_METRICS];
