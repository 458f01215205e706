import type { LampState } from "../../protocol/wire/messages.ts";
import { isBroken } from "./face.ts";
import { log, owe, type Turn, tell } from "./state.ts";

/** The lamps' states changed. A broken one darkens the face (`faceOf`) and makes an event; all good again, the stars come back. */
export function onLamps(turn: Turn, lamps: readonly LampState[], sensed: boolean): void {
	const { state } = turn;
	const before = state.lamps.filter(isBroken).length;
	const same = lamps.length === state.lamps.length && lamps.every((lamp, index) => lamp === state.lamps[index]);
	if (same && sensed === state.sensed) return;
	state.lamps = [...lamps];
	state.sensed = sensed;
	owe(turn);
	const after = lamps.filter(isBroken).length;
	if (after > 0 && !same) {
		log(turn, "warn", "lamp-fault", { lamps: lamps.join(",") });
		tell(turn, "lamp-fault", { lamps: lamps.join(",") });
	} else if (before > 0 && after === 0) {
		log(turn, "info", "lamps-ok");
		tell(turn, "lamps-ok");
	}
}
