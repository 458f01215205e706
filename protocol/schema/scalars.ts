import { z } from "zod";
import { FLEET, MAX_STARS, VEHICLE } from "../wire/bounds.ts";
import { fromHex } from "../wire/bytes.ts";
import { parseLightId } from "../wire/light-id.ts";
import { isStars, type LightId, type Stars } from "../wire/units.ts";

/** Scalars that several schemas share, each with a message that says how the right value looks. */

export const fleetName = z
	.string()
	.regex(FLEET.form ?? /^$/, "a fleet has 1 to 32 characters: lower-case letters, digits and -");

export const vehicleKey = z
	.string()
	.regex(VEHICLE.form ?? /^$/, "a vehicle key has 1 to 32 characters: letters, digits, - and _");

export const lightId = z
	.custom<LightId>(
		(v) => typeof v === "string" && parseLightId(v) !== null,
		"a light id has 12 characters of 0-9 and A-Z without I, L, O, U; the last one is a check character",
	)
	.meta({
		type: "string",
		pattern: "^[0-9A-HJKMNP-TV-Z]{12}$",
		description: "Light id; the last character is a check",
	});

export const stars = z
	.custom<Stars>(isStars, "stars are a whole number from 0 to 5")
	.meta({ type: "integer", minimum: 0, maximum: MAX_STARS });

export const uint32 = z.int("a whole number is wanted").min(0).max(0xffff_ffff);

/** Hex in a file, bytes in the program; `length` in bytes, or an upper limit with `atMost`. */
export const hexBytes = (length: number, atMost = false) =>
	z.string().transform((text, context) => {
		const bytes = fromHex(text);
		const fits = bytes !== null && (atMost ? bytes.length > 0 && bytes.length <= length : bytes.length === length);
		if (fits) return bytes;
		context.addIssue({ code: "custom", message: `${atMost ? "at most " : ""}${length} bytes in hex are wanted` });
		return z.NEVER;
	});
