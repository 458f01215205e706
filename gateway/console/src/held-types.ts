import type { HeldLightsAnswer, PullBody, PullsAnswer } from "../../../protocol/schema/api-ratings.ts";

/** A pull as `GET /api/v1/pulls` lists it. */
export type PullRow = PullBody;
export type HeldCode = PullRow["heldFor"][number];
export type PullList = PullsAnswer;
/** `GET /api/v1/ratings/held/{pull}/lights`. */
export type HeldLights = HeldLightsAnswer;

/** Lights listed at first, and with each press for more. */
export const LIST_STEP = 100;
/** The API gives no more at once. */
export const LIST_MOST = 5000;
