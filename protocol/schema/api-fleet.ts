import { z } from "zod";
import { FILE_ERRORS, fileHeaders, fileNote } from "./api-ratings.ts";
import { keyPage, listOf } from "./paging.ts";
import { route } from "./route-doc.ts";
import { count, driverRef, grade, unixMillis, unixS, vehicleRef } from "./row-parts.ts";
import { lightId, stars } from "./scalars.ts";

export const MAX_FLEET_BYTES = 16 * 1024 * 1024;

export const FLEET_IMPORT = route({
	method: "POST",
	path: "/api/v1/fleet",
	tag: "fleet",
	summary: "Import the fleet file (CSV)",
	about: "The file is the whole fleet: vehicles are added, changed, and removed where it has them no more.",
	headers: fileHeaders,
	query: z.strictObject({
		dryRun: z.enum(["0", "1", "true", "false"]).optional().describe("1 or true: only say what would change"),
	}),
	file: { about: "The fleet file", mostBytes: MAX_FLEET_BYTES },
	answer: {
		about: "What changed, or would change",
		schema: z.object({
			vehicles: count,
			added: count,
			changed: count,
			removed: count,
			kept: count.describe("Not in the file, but a light is bound to them"),
			keptPlates: z.array(z.string()),
			newDrivers: count,
			dryRun: z.boolean(),
			at: unixMillis,
			rows: count,
			quarantined: count,
			quarantinedRows: z.array(z.object({ row: z.int(), reason: z.string() })),
			notes: z.array(fileNote),
		}),
	},
	errors: [...FILE_ERRORS, "query-invalid", "fleet-empty"],
});

export const VEHICLES_LIST = route({
	method: "GET",
	path: "/api/v1/vehicles",
	tag: "fleet",
	summary: "Vehicles of the fleet, in the order of their keys",
	query: keyPage,
	answer: {
		about: "Vehicles",
		schema: listOf(
			"vehicles",
			z
				.object({
					vehicle: vehicleRef,
					plate: z.string(),
					plateColour: z.int().describe("JT/T 697.7: 1 blue, 2 yellow, 3 black, 4 white, 5 green, 9 other"),
					company: z.string(),
					terminal: z.string().describe("Terminal (ISU) number; may be empty"),
					main: driverRef.nullable(),
					deputy: driverRef.nullable(),
					onDuty: driverRef.nullable(),
					light: lightId.nullable(),
				})
				.meta({ id: "Vehicle" }),
		),
	},
	errors: ["query-invalid"],
});

export const DRIVERS_LIST = route({
	method: "GET",
	path: "/api/v1/drivers",
	tag: "fleet",
	summary: "Drivers by their internal keys, without certificate numbers",
	query: keyPage,
	answer: {
		about: "Drivers in the order of their keys",
		schema: listOf(
			"drivers",
			z
				.object({
					driver: driverRef,
					stars: stars.describe("Owed by the policy that is active now, while on duty"),
					rating: z
						.object({
							grade,
							score: z.number().nullable(),
							period: z.string().describe("As the source words it"),
							asOf: unixS,
							pull: z.string().describe("Which pull brought it"),
						})
						.nullable(),
					onDuty: vehicleRef.nullable(),
				})
				.meta({ id: "Driver" }),
		),
	},
	errors: ["query-invalid"],
});

export const FLEET_BLANK = route({
	method: "POST",
	path: "/api/v1/fleet/blank",
	tag: "depot",
	summary: "Blank all lights with a notice in a new epoch",
	answer: { about: "The notice is out", schema: z.object({ epoch: z.int() }) },
	errors: ["clock-behind", "clock-ahead"],
});
