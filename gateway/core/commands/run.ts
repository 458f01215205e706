import type { Command } from "../types.ts";
import { clockAccept } from "./clock-accept.ts";
import { fleetImport } from "./fleet-import.ts";
import { heldAccept, heldReject } from "./held.ts";
import { lightAdd } from "./light-add.ts";
import { lightBind } from "./light-bind.ts";
import type { CommandView, Outcome } from "./outcome.ts";
import { policyActivate } from "./policy-activate.ts";
import { ratingsPull } from "./ratings-pull.ts";
import { signIn } from "./sign-in.ts";
import { signOut } from "./sign-out.ts";

/** What a command changes and answers; `blank-fleet` is not here, since its answer waits for a notice. */
export function runCommand(view: CommandView, command: Exclude<Command, { what: "blank-fleet" }>): Outcome {
	switch (command.what) {
		case "ratings-pull":
			return ratingsPull(view, command);
		case "held-accept":
			return heldAccept(view, command);
		case "held-reject":
			return heldReject(view, command);
		case "fleet-import":
			return fleetImport(view, command);
		case "light-add":
			return lightAdd(view, command);
		case "light-bind":
			return lightBind(view, command);
		case "sign-in":
			return signIn(view, command);
		case "sign-out":
			return signOut(view, command);
		case "policy-activate":
			return policyActivate(view, command);
		case "clock-accept":
			return clockAccept(view);
	}
}
