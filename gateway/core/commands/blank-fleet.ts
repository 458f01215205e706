import { type CommandView, type Outcome, refused } from "./outcome.ts";

/** Why the fleet cannot be blanked by a notice now; null = it can. The wish is kept: it comes first once the clock is accepted. */
export function blankRefused({ time }: CommandView): Outcome | null {
	if (time.trusted) return null;
	return refused(
		time.code,
		"The depot signs nothing while its clock does not fit the stored time; blanking comes first once it does.",
		"Put the clock right, or say that it is right: liangxing clock accept.",
	);
}
