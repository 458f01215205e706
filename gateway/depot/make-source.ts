import type { Settings } from "../config/schema.ts";
import type { GatewayCore } from "../core/core.ts";
import { policyOf } from "../core/stars/policy-in-force.ts";
import { RatingSource } from "../sources/http/rating-source.ts";
import { foldCommand } from "./fold-command.ts";
import type { DepotPorts, Foundation } from "./foundation.ts";
import { nodeRandom } from "./node-crypto.ts";
import type { Shell } from "./shell.ts";

const UINT32 = 0x1_0000_0000;

/** 0 (included) to 1 (excluded). */
const chance = (): number => new DataView(nodeRandom.bytes(4).buffer).getUint32(0) / UINT32;

/** Binds the platform's source to a depot. Nothing is pulled before it is started or asked. */
export const makeSource = (
	settings: Settings,
	base: Foundation,
	shell: Shell<GatewayCore>,
	{ clock, timers, soon, log }: DepotPorts,
): RatingSource =>
	new RatingSource({
		settings,
		// The one that is active when a pull begins.
		get policy() {
			return policyOf(shell.view.look(shell.now()));
		},
		stage: base.store.pullStage,
		run: (command) => shell.command(foldCommand(command)),
		pulls: () => shell.view.pulls(),
		clock,
		timers,
		soon,
		chance,
		log,
	});
