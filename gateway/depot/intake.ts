import type { Clock } from "../../protocol/ports/clock.ts";
import type { Intake } from "../api/parts.ts";
import type { Settings } from "../config/schema.ts";

/** Binds the file readers to the settings; they are loaded with the first file, a gateway starts without them. */
export function makeIntake(settings: Settings, clock: Clock): Intake {
	return {
		ratings: async (_bytes, _name) => {
			throw new TypeError(`${settings.fleet}${clock.unixMs()}`);
		},
		fleet: async (_bytes, _name, _dryRun) => {
			throw new TypeError("todo");
		},
	};
}
