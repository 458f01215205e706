import { z } from "zod";
import { lightStatus, plateText } from "./api.ts";
import { lightPage, listOf } from "./paging.ts";
import { route } from "./route-doc.ts";
import { unixMillis } from "./row-parts.ts";
import { hexBytes, lightId, stars } from "./scalars.ts";

/** One light as lists show it; holds no certificate number. */
export const lightRow = z
	.object({
		light: lightId,
		plate: z.string().nullable().describe("null = not bound to a vehicle"),
		company: z.string().nullable(),
		channel: z.enum(["mqtt"]),
		desired: stars.describe("Stars owed now"),
		acked: stars.nullable().describe("Stars of the newest grant that the light answered as taken; null = none yet"),
		observed: stars.nullable().describe("What a signed report says is shown; null = never heard, or silent"),
		ageS: z
			.number()
			.nullable()
			.describe("Seconds since the as-of time of the rating behind the stars owed; null = none is"),
		status: lightStatus,
		reason: z.string().nullable().describe("Code behind a status that is not `right`"),
		leaseLeftS: z.number().nullable(),
		onDuty: z.boolean(),
		heardAt: z.number().nullable().describe("Unix milliseconds"),
		trace: z.string().nullable().describe("Trace id of the newest change, hex"),
		lamps: z.array(z.string()).nullable().describe("States of the lamps from left to right where one is broken"),
		operating: z.number().nullable().describe("JT/T 905 operating state as the light last said it"),
		refused: z
			.object({ code: z.string(), kind: z.string(), at: unixMillis })
			.nullable()
			.describe("The newest refusal since the gateway's start that is not what every start of a light brings"),
	})
	.meta({ id: "Light" });

const lightParam = z.string().describe("Light id; small letters are taken too");

export const LIGHTS_LIST = route({
	method: "GET",
	path: "/api/v1/lights",
	tag: "lights",
	summary: "All lights",
	about:
		"Without `limit` and `cursor` one answer with all lights and without `nextCursor`. With them pages in the order of light ids.",
	query: lightPage,
	answer: {
		about: "The lights",
		schema: listOf("lights", lightRow).partial({ nextCursor: true }),
	},
	errors: ["query-invalid"],
});

export const LIGHT_ONE = route({
	method: "GET",
	path: "/api/v1/lights/:light",
	tag: "lights",
	summary: "One light",
	params: { light: lightParam },
	answer: { about: "The light", schema: lightRow },
	errors: ["light-unknown"],
});

export const LIGHT_ADD = route({
	method: "POST",
	path: "/api/v1/lights",
	tag: "lights",
	summary: "Register a light by its public key",
	about: "The same again changes nothing. `liangxing lights add` makes the key and the light's provisioning file.",
	body: z.strictObject({
		light: lightId,
		publicKey: hexBytes(32).describe("Raw Ed25519 public key, 32 bytes in hex"),
		plate: plateText.nullable().optional().describe("Bind it at once; null unbinds"),
	}),
	answer: {
		status: 201,
		about: "Registered",
		schema: z.object({
			light: lightId,
			applied: z.boolean().describe("false = it was so already"),
			plate: z.string().nullable().optional(),
			unbound: lightId.nullable().optional().describe("The light that was on this vehicle before"),
		}),
	},
	errors: ["body-invalid", "light-exists", "lights-full", "public-key-invalid", "light-unknown", "vehicle-unknown"],
});

export const LIGHT_BIND = route({
	method: "POST",
	path: "/api/v1/lights/:light/bind",
	tag: "lights",
	summary: "Bind a light to a vehicle, or unbind it",
	params: { light: lightParam },
	body: z.strictObject({ plate: plateText.nullable().describe("null unbinds") }),
	answer: {
		about: "Bound",
		schema: z.object({
			light: lightId,
			plate: z.string().nullable(),
			applied: z.boolean().describe("false = it was so already"),
			unbound: lightId.nullable().describe("The light that was on this vehicle before"),
		}),
	},
	errors: ["body-invalid", "light-id-malformed", "light-unknown", "vehicle-unknown"],
});
