import { z } from "zod";

/** Parts that rows of several lists share. */

export const driverRef = z.string().describe("Internal key of a driver, e.g. D000123; never a certificate number");
export const vehicleRef = z.string().describe("Internal key of a vehicle, e.g. V000123");
export const unixMillis = z.int().describe("Unix milliseconds");
export const unixS = z.int().describe("Unix seconds");
export const count = z.int().min(0);
export const grade = z.enum(["AAA", "AA", "A", "B", "unrated"]);
/** Something that is amiss or went wrong, in words, with the next step. */
export const saidCode = z.object({ code: z.string(), message: z.string(), next: z.string() });
/** Counts by code. */
export const counts = z.record(z.string(), z.number());
