import { z } from "zod";
import { count, driverRef } from "./row-parts.ts";
import { lightId, stars } from "./scalars.ts";

/** Who would move to other stars, as a held pull and a policy's dry run tell it. */
export const starsMoves = {
	lights: z
		.object({
			up: count,
			down: count,
			dark: count.describe("Those of `down` that would show no star"),
			same: count,
			resting: count.describe("Nobody on duty, but a driver of the vehicle would move; among `same`"),
		})
		.describe("Lights by what they would owe"),
	counts: z
		.array(z.object({ from: stars, to: stars, drivers: count, lights: count }))
		.describe("How many go from so many stars to so many; those that stay are in it"),
	moves: z
		.array(
			z
				.object({
					light: lightId,
					plate: z.string(),
					driver: driverRef,
					onDuty: z.boolean().describe("false = the light stays dark; it would be so at this driver's next sign-in"),
					from: stars,
					to: stars,
				})
				.meta({ id: "LightMove" }),
		)
		.describe("On duty first, the largest fall first"),
};
type Told<K extends keyof typeof starsMoves> = z.output<(typeof starsMoves)[K]>;
export type LightCounts = Told<"lights">;
export type StarsCount = Told<"counts">[number];
export type LightMove = Told<"moves">[number];
