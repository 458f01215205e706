import type { StoryAnswer } from "../../../protocol/schema/api-story.ts";
import type { StarChangeRow, WhyAnswer } from "../../../protocol/schema/api-why.ts";

/** As `POST /api/v1/why` answers; times are ISO 8601. */
export type Why = WhyAnswer;
export type ChainLink = Why["chain"][number];
export type Change = StarChangeRow;
/** As `GET /api/v1/lights/LIGHT/story` answers. */
export type Story = StoryAnswer;

/** Unix milliseconds of a time as the API writes it. */
export const msOf = (iso: string): number => Date.parse(iso);
