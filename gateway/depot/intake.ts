import type { Clock } from "../../protocol/ports/clock.ts";
import { toUnixSeconds } from "../../protocol/wire/units.ts";
import type { Intake } from "../api/parts.ts";
import type { Settings } from "../config/schema.ts";
import type { StarPolicy } from "../core/stars/policy.ts";

/** Binds the file readers to the settings and to the policy that is active when a file comes; they are loaded with the first file, a gateway starts without them. */
export function makeIntake(settings: Settings, policy: () => StarPolicy, clock: Clock): Intake {
	return {
		ratings: async (bytes, name, dryRun) => {
			const { ratingsCommandOf, readRatingFile } = await import("../sources/ratings-file.ts");
			const file = await readRatingFile(
				{ name, bytes },
				{ policy: policy(), now: toUnixSeconds(clock.unixMs()), identityCheck: settings.identityCheck },
			);
			const quarantinedRows = file.quarantined.map(({ row, reason }) => ({ row, reason }));
			return { command: ratingsCommandOf(file, dryRun), report: { quarantinedRows, notes: file.notes } };
		},
		fleet: async (bytes, name, dryRun) => {
			const { fleetCommandOf, readFleetFile } = await import("../sources/fleet-file.ts");
			const table = await readFleetFile({ name, bytes });
			const quarantinedRows = table.quarantined.map(({ row, reason }) => ({ row, reason }));
			const report = {
				rows: table.rows,
				quarantined: quarantinedRows.length,
				quarantinedRows,
				notes: table.notes,
			};
			return { command: fleetCommandOf(table, dryRun), report };
		},
	};
}
