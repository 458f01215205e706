import type { Clock } from "../../protocol/ports/clock.ts";
import { toUnixSeconds } from "../../protocol/wire/units.ts";
import type { Intake } from "../api/parts.ts";
import { loadPolicy } from "../config/policy-file.ts";
import type { Settings } from "../config/schema.ts";
import { NodeCrypto } from "./node-crypto.ts";

/** Binds the file readers to the settings; they are loaded with the first file, a gateway starts without them. */
export function makeIntake(settings: Settings, clock: Clock): Intake {
	return {
		ratings: async (bytes, name) => {
			const { ratingsCommandOf, readRatingFile } = await import("../sources/ratings-file.ts");
			const options = {
				policy: loadPolicy(settings.policy, new NodeCrypto()),
				now: toUnixSeconds(clock.unixMs()),
				identityCheck: settings.identityCheck,
			};
			return ratingsCommandOf(await readRatingFile({ name, bytes }, options));
		},
		fleet: async (bytes, name, dryRun) => {
			const { fleetCommandOf, readFleetFile } = await import("../sources/fleet-file.ts");
			return fleetCommandOf(await readFleetFile({ name, bytes }), dryRun);
		},
	};
}
