import type { Job } from "../../protocol/wire/messages.ts";
import { monoMs } from "../../protocol/wire/units.ts";
import { renewAsks } from "./asks.ts";
import { count, log, owe, type Turn, tell } from "./state.ts";

/** Identify ends by itself: a light that blinks for ever shows no stars to passengers. */
export const IDENTIFY_MS = 60_000;
/** Five lamps one at a time, at most 200 ms each and dark as long between, with some slack. */
export const SELF_TEST_MS = 2_500;

const DURATIONS = { identify: IDENTIFY_MS, "self-test": SELF_TEST_MS } as const;

/** Does an accepted job. Those that this firmware has no part for are answered with an event, never with silence. */
export function startJob(turn: Turn, job: Job): void {
	const { what } = job;
	count(turn, "accepted");
	renewAsks(turn);
	if (what !== "identify" && what !== "self-test") {
		log(turn, "warn", "job-unsupported", { what });
		tell(turn, "job-unsupported", { what });
		return;
	}
	turn.state.job = { pattern: what, until: monoMs(turn.now + DURATIONS[what]) };
	log(turn, "info", "job-started", { what });
	tell(turn, "job-started", { what });
}

/** Ends the pattern of a job whose time is over; the stars come back if their grant still runs. */
export function endJob(turn: Turn): void {
	const { job } = turn.state;
	if (job === null || turn.now < job.until) return;
	turn.state.job = null;
	tell(turn, "job-done", { what: job.pattern });
	owe(turn);
}
