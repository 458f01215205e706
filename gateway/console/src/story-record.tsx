import { useState } from "preact/hooks";
import { DECISION_NAMES, END_NAMES } from "../../core/why/names.ts";
import { longAge } from "./age.ts";
import { clockTime } from "./clock-time.ts";
import { codeText } from "./codes.ts";
import { useFetched } from "./fetched.ts";
import { CutOff, Instead } from "./shown.tsx";
import { language, slow, words } from "./state.ts";
import { type Change, msOf, type Story } from "./story-data.ts";
import { storyWords } from "./words-story.ts";

/** Changes listed at first, and how many more each time. */
const A_PAGE = 20;
/** The API gives so many at most. */
const MOST = 500;

/** How a change ended in words, with the code of what stood against it. A trace id of the next change says nothing to a person. */
function endText({ end }: Change): string {
	const w = storyWords();
	if (end === null) return w.underWay;
	const coded = end.what === "refused" || end.what === "expired";
	return w.endOf(END_NAMES[language.value][end.what], coded && end.by !== null ? codeText(end.by, words.value) : "");
}

/** How long it took until it was shown. */
function tookText({ openedAt, end }: Change): string {
	if (end === null) return "";
	const s = Math.max(0, (msOf(end.at) - msOf(openedAt)) / 1000);
	return s < 60 ? storyWords().seconds(Math.round(s * 10) / 10) : longAge(Math.floor(s), words.value);
}

function Line({ change }: { readonly change: Change }) {
	const w = storyWords();
	return (
		<tr class={change.end === null ? "x" : undefined}>
			<td>
				<time dateTime={change.openedAt}>{clockTime(msOf(change.openedAt), slow.value, w)}</time>
			</td>
			<td>
				<b>{change.stars}</b>
			</td>
			<td>
				{DECISION_NAMES[language.value][change.reason]}
				{change.driver !== null && <span class="mono q3"> {change.driver}</span>}
			</td>
			<td>{endText(change)}</td>
			<td class="r hide">{tookText(change)}</td>
			<td class="mono q hide">{change.trace}</td>
		</tr>
	);
}

/** Every change of what this light owes, the newest first, and how it ended. */
export function Record({ story, light }: { readonly story: Story; readonly light: string }) {
	const w = storyWords();
	const [listed, list] = useState(A_PAGE);
	const whole = listed > story.changes.length && story.more;
	if (story.changes.length === 0)
		return (
			<Instead title={w.noRecord}>
				<p class="q">{w.noRecordText}</p>
			</Instead>
		);
	return (
		<section class="sec">
			<header>
				<h2>{w.record}</h2>
				<p>{w.recordNote}</p>
			</header>
			{whole ? (
				<Older story={story} light={light} listed={listed} more={() => list(listed + A_PAGE)} />
			) : (
				<Lines story={story} listed={listed} more={() => list(listed + A_PAGE)} />
			)}
		</section>
	);
}

interface LinesProps {
	readonly story: Story;
	readonly listed: number;
	readonly more: () => void;
}

function Lines({ story, listed, more }: LinesProps) {
	const w = storyWords();
	const { changes } = story;
	const heads: readonly (readonly [string, string])[] = [
		["", w.opened],
		["", w.owed],
		["", w.reason],
		["", w.ended],
		["r hide", w.took],
		["hide", w.trace],
	];
	const shown = changes.slice(0, listed);
	const open = story.more && shown.length < MOST;
	return (
		<>
			<table class="ev">
				<thead>
					<tr>
						{heads.map(([name, label]) => (
							<th key={label} scope="col" class={name}>
								{label}
							</th>
						))}
					</tr>
				</thead>
				<tbody>
					{shown.map((change) => (
						<Line key={change.trace} change={change} />
					))}
				</tbody>
			</table>
			<CutOff
				listed={shown.length}
				total={story.more ? null : changes.length}
				{...(open || shown.length < changes.length ? { more } : {})}
			/>
		</>
	);
}

/** More than the page asked for: all that the API gives. What came first stays listed meanwhile. */
function Older({ story, light, listed, more }: LinesProps & { readonly light: string }) {
	const path = `/api/v1/lights/${light}/story?limit=${MOST}`;
	const all = useFetched<Story>({ method: "GET", path }, story.changes[0]?.trace);
	return <Lines story={all.state === "data" ? all.data : story} listed={listed} more={more} />;
}
