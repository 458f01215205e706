import type { LightView } from "../../core/types.ts";
import { LINK_NAMES } from "../../core/why/names.ts";
import { clockTime } from "./clock-time.ts";
import type { Story, Why } from "./story-data.ts";
import { msOf } from "./story-data.ts";
import type { Language } from "./words.ts";
import type { StoryWords } from "./words-story.ts";

/** What there is to say of a light in two sentences: what is owed, shown and broken; and what a passenger sees at most. */
export interface Said {
	readonly first: string;
	readonly second: string;
}

/** Whether the break is a fault that a person looks at, or only where the reason lies (nobody on duty: dark is right). */
export const isAmiss = (view: LightView): boolean => view.status !== "right" && view.status !== "moving";

function shown(view: LightView, story: Story | null, w: StoryWords, now: number): string {
	if (view.status === "silent")
		return view.heardAt === null || story?.seen === null
			? w.neverHeard
			: w.silentSince(clockTime(view.heardAt, now, w));
	if (view.observed === null) return w.unseen(view.acked);
	return view.observed === view.desired ? w.asOwed(view.observed) : w.butShown(view.observed);
}

export function sayStory(
	view: LightView,
	why: Pick<Why, "broken"> | null,
	story: Story | null,
	w: StoryWords,
	lang: Language,
	now: number,
): Said {
	const broken = why?.broken ?? null;
	const where = broken === null ? "" : LINK_NAMES[lang][broken];
	const end = broken === null ? "" : isAmiss(view) ? w.brokenAt(where) : w.reasonAt(where);
	return { first: `${w.owes(view.desired)}${shown(view, story, w, now)}${end}`, second: sayMost(view, story, w, now) };
}

/** What can be seen at most, and until when. */
function sayMost(view: LightView, story: Story | null, w: StoryWords, now: number): string {
	if (story === null) return "";
	const { most } = story;
	if (most === null) return w.mostUnknown;
	const stuck = view.lamps?.includes("stuck-on") === true ? w.mostStuck : "";
	if (most.stars === 0 || most.darkBy === null) return `${w.mostDark}${stuck}`;
	const { times, eachS } = most.resumes;
	const resumes = times > 0 && eachS > 0 ? w.mostResumes(times, Math.ceil(eachS / 60)) : "";
	return `${w.most(most.stars)}${w.darkBy(clockTime(msOf(most.darkBy), now, w))}${resumes}${stuck}`;
}
