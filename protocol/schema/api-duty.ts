import { z } from "zod";
import { dutyBody } from "./api.ts";
import { keyPage, listOf } from "./paging.ts";
import { route } from "./route-doc.ts";
import { driverRef, unixMillis, vehicleRef } from "./row-parts.ts";

const about =
	"Exactly one of `vehicle` (key) and `plate`, exactly one of `driver` (key) and `certificate`. A late or repeated message changes nothing " +
	"and is answered with `applied: false`.";

/** Answer to sign-in and sign-out. */
const dutyDone = z.object({
	applied: z.boolean(),
	code: z.string().optional().describe("Why nothing changed, e.g. `superseded`, `not-on-duty`"),
	duty: z.string().optional().describe("Key of the duty"),
	vehicle: vehicleRef,
	driver: driverRef.optional(),
	from: unixMillis.optional(),
	until: unixMillis.optional(),
});

export const SIGN_IN = route({
	method: "POST",
	path: "/api/v1/duty/sign-in",
	tag: "duty",
	summary: "Sign a driver in on a vehicle",
	about,
	body: dutyBody,
	answer: { about: "Taken", schema: dutyDone },
	errors: ["body-invalid", "vehicle-unknown", "driver-unknown", "driver-not-assigned", "at-in-future"],
});

export const SIGN_OUT = route({
	method: "POST",
	path: "/api/v1/duty/sign-out",
	tag: "duty",
	summary: "Sign a driver out: the light goes dark",
	about,
	body: dutyBody,
	answer: { about: "Taken", schema: dutyDone },
	errors: ["body-invalid", "vehicle-unknown", "driver-unknown", "at-in-future"],
});

export const DUTIES_LIST = route({
	method: "GET",
	path: "/api/v1/duties",
	tag: "duty",
	summary: "Who is on duty now, in the order of duty keys",
	query: keyPage,
	answer: {
		about: "Duties that have not ended",
		schema: listOf(
			"duties",
			z
				.object({
					duty: z.string().describe("Key, e.g. S000123"),
					vehicle: vehicleRef,
					driver: driverRef,
					from: unixMillis,
				})
				.meta({ id: "Duty" }),
		),
	},
	errors: ["query-invalid"],
});
