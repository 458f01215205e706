import type { OverviewAnswer } from "../../../protocol/schema/api-overview.ts";

/** As `GET /api/v1/overview` answers; times are Unix milliseconds. */
export type Overview = OverviewAnswer;
export type Channel = Overview["channels"]["mqtt"];
