import { loadPolicy } from "../../gateway/config/policy-file.ts";
import { DEFAULT_PRESET } from "../../gateway/core/stars/presets.ts";
import type { FleetRow, RatedRow } from "../../gateway/core/types.ts";
import { NodeCrypto } from "../../gateway/depot/node-crypto.ts";
import { readFleetFile } from "../../gateway/sources/fleet-file.ts";
import { readRatingFile } from "../../gateway/sources/ratings-file.ts";
import { toUnixSeconds, type UnixMs } from "../../protocol/wire/units.ts";
import type { DemoFiles } from "./demo-files.ts";

/** The rows of a demo's two files, read beside the depot: what the judge knows. */
export interface DemoTables {
	readonly fleet: readonly FleetRow[];
	readonly rated: readonly RatedRow[];
	readonly quarantined: number;
}

/** Throws the readers' coded errors: a file that the depot would refuse is refused before anything is started. */
export async function readTables(files: DemoFiles, now: UnixMs): Promise<DemoTables> {
	const policy = loadPolicy(DEFAULT_PRESET, new NodeCrypto());
	const ratings = await readRatingFile(files.ratings, { policy, now: toUnixSeconds(now), identityCheck: "quarantine" });
	const fleet = await readFleetFile(files.fleet);
	return { fleet: fleet.accepted, rated: ratings.accepted, quarantined: ratings.quarantined.length };
}
