import { z } from "zod";
import { type UnixMs, unixMs } from "../wire/units.ts";
import { uint32 } from "./scalars.ts";

const WANTED = "a time such as 2026-03-01T08:00:00+08:00, or whole unix seconds, is wanted";

/**
 * An instant in a request: ISO 8601 with its offset, or whole unix seconds. A time without an offset, and unix milliseconds
 * (beyond uint32), are refused rather than guessed. Comes out as unix milliseconds.
 */
export const instant = z
	.union([z.iso.datetime({ offset: true, error: WANTED }), uint32], WANTED)
	.transform((value): UnixMs => unixMs(typeof value === "number" ? value * 1000 : Date.parse(value)));
