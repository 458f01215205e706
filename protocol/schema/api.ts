import { z } from "zod";
import { DRIVER } from "../wire/bounds.ts";
import { instant } from "./instant.ts";
import { lightId, stars, vehicleKey } from "./scalars.ts";

/** Plates have 7 or 8 characters; folding (full width, blanks, dots) is the gateway's work, so some more are let through to it. */
const MAX_PLATE = 24;
/** A certificate number has at most 19 characters once folded. */
const MAX_CERTIFICATE = 48;

export const plateText = z.string().trim().min(1, "a plate is wanted").max(MAX_PLATE);
export const driverKey = z.string().trim().min(1, "a driver key is wanted").max(DRIVER.mostBytes);
const certificate = z.string().trim().min(1, "a certificate number is wanted").max(MAX_CERTIFICATE);

const who = {
	vehicle: vehicleKey.optional(),
	plate: plateText.optional(),
	driver: driverKey.optional(),
	certificate: certificate.optional(),
	at: instant.optional(),
};

/** For the document: exactly one of these keys. */
const exactlyOne = (...keys: readonly string[]) => ({ oneOf: keys.map((key) => ({ required: [key] })) });

const countOf = (...values: readonly unknown[]): number => values.filter((v) => v !== undefined).length;

/**
 * Body of `POST /api/v1/duty/sign-in` and `sign-out`: exactly one of `vehicle` and `plate`, exactly one of `driver` and
 * `certificate`, and when (left out = now). Unknown keys are refused.
 */
export const dutyBody = z
	.strictObject(who)
	.refine((body) => countOf(body.vehicle, body.plate) === 1, {
		path: ["vehicle"],
		message: 'exactly one of "vehicle" and "plate" is wanted',
	})
	.refine((body) => countOf(body.driver, body.certificate) === 1, {
		path: ["driver"],
		message: 'exactly one of "driver" and "certificate" is wanted',
	})
	.meta({ allOf: [exactlyOne("vehicle", "plate"), exactlyOne("driver", "certificate")] });
export type DutyBody = z.output<typeof dutyBody>;
/** As a client sends it. */
export type DutyRequest = z.input<typeof dutyBody>;

/** Body of `POST /api/v1/why`: exactly one of plate, light and (internal) driver key; the words' language. */
export const whyBody = z
	.strictObject({
		plate: plateText.optional(),
		light: lightId.optional(),
		driver: driverKey.optional(),
		lang: z.enum(["zh", "en"]).optional(),
	})
	.refine((body) => countOf(body.plate, body.light, body.driver) === 1, {
		path: ["plate"],
		message: 'exactly one of "plate", "light" and "driver" is wanted',
	})
	.meta(exactlyOne("plate", "light", "driver"));

/** Answer to sign-in and sign-out; `applied` false = a late or repeated message that changed nothing. More keys may come. */
export const dutyAnswer = z.looseObject({ applied: z.boolean().optional() });
export type DutyAnswer = z.output<typeof dutyAnswer>;

export const lightStatus = z.enum(["right", "acked", "moving", "differs", "refused", "silent", "fault"]);

/** One light in `GET /api/v1/lights`. The first six keys are the promise to clients; the rest is what the console shows. */
export const lightView = z.looseObject({
	light: lightId,
	/** null = not bound to a vehicle. */
	plate: z.string().nullable(),
	desired: stars,
	/** Stars of the newest grant that the light answered as taken; null = none yet. */
	acked: stars.nullable(),
	/** What a verified state says is shown; null = never heard, or silent. */
	observed: stars.nullable(),
	/** Age of truth in seconds; null where no rating is behind the desired stars. */
	ageS: z.number().nullable(),
	company: z.string().nullable().optional(),
	channel: z.enum(["mqtt", "serial", "isu"]).optional(),
	status: lightStatus.optional(),
	reason: z.string().nullable().optional(),
	leaseLeftS: z.number().nullable().optional(),
	onDuty: z.boolean().optional(),
	/** Unix milliseconds. */
	heardAt: z.number().nullable().optional(),
	trace: z.string().nullable().optional(),
	/** States of the lamps from left to right where one is broken. */
	lamps: z.array(z.string()).readonly().nullable().optional(),
	/** JT/T 905 operating state. */
	operating: z.number().nullable().optional(),
	/** The newest refusal since the gateway's start; `at` in Unix milliseconds. */
	refused: z.object({ code: z.string(), kind: z.string(), at: z.number() }).nullable().optional(),
});
export type LightViewBody = z.output<typeof lightView>;

/** Answer of `GET /api/v1/lights`. */
export const lightsAnswer = z.looseObject({ lights: z.array(lightView) });
export type LightsAnswer = z.output<typeof lightsAnswer>;

/** What programs read of every refused request: a code that is stable, what happened, and the next step. */
export const errorBody = z.looseObject({
	error: z.looseObject({ code: z.string().regex(/^[a-z0-9-]+$/), message: z.string(), next: z.string() }),
});
export type ErrorBody = z.output<typeof errorBody>;
