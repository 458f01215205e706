import type { ComponentChildren } from "preact";
import type { LightView } from "../../core/types.ts";
import { goBy, hrefOf } from "./address.ts";
import { clockTime } from "./clock-time.ts";
import { useFetched } from "./fetched.ts";
import { Lamp } from "./lamp.tsx";
import { Notices } from "./notices.tsx";
import { WhyText } from "./parts.tsx";
import { plateParts, type Row } from "./row.ts";
import { Failed, Instead, Stale, Unanswered } from "./shown.tsx";
import { language, lights, second, slow, storyLight, words } from "./state.ts";
import { observedSign, Status } from "./status.tsx";
import { Chain } from "./story-chain.tsx";
import { type Change, msOf, type Story, type Why } from "./story-data.ts";
import { Graph } from "./story-graph.tsx";
import { Record } from "./story-record.tsx";
import { sayStory } from "./story-say.ts";
import { storyWords } from "./words-story.ts";

/** Changes asked for at first: the day of a busy taxi. The API gives 500 at most. */
const FIRST = 100;

/** One light's story: what it owes, what it shows, where it broke, and what came before. */
export function StoryPage() {
	const light = storyLight.value;
	return (
		<>
			<Notices />
			{light === null ? <None /> : <Told key={light} light={light} />}
		</>
	);
}

function None() {
	const w = storyWords();
	return (
		<>
			<div class="head">
				<h1>{words.value.pages.story}</h1>
			</div>
			<Instead title={w.none}>
				<p class="q">{w.noneText}</p>
				<p>
					<a class="btn" href={hrefOf("wall")} onClick={goBy("wall")}>
						{w.toWall}
					</a>
				</p>
			</Instead>
		</>
	);
}

function Told({ light }: { readonly light: string }) {
	const w = storyWords();
	const lang = language.value;
	const row = lights.value.byId.get(light);
	const body = { light, lang };
	const why = useFetched<Why>({ method: "POST", path: "/api/v1/why", body, about: light }, row);
	const path = `/api/v1/lights/${light}/story?limit=${FIRST}`;
	const story = useFetched<Story>({ method: "GET", path, about: light }, row);
	const told = story.state === "data" ? story.data : null;
	const explained = why.state === "data" ? why.data : null;
	const plate = row?.view.plate ?? explained?.plate ?? null;
	if (why.state === "error" && row === undefined)
		return (
			<>
				<Title plate={plate} light={light} />
				<Failed problem={why.problem} again={why.again} />
			</>
		);
	return (
		<div class="story">
			<section class="top">
				<div>
					<Title plate={plate} light={light} row={row} />
					{row !== undefined && <Say view={row.view} why={explained} story={told} />}
				</div>
				{row !== undefined && <Trio view={row.view} why={explained} story={told} />}
			</section>
			<Stale of={why} />
			<Unanswered of={why} label={w.loading} />
			{explained !== null && <Chain why={explained} amiss={row === undefined || row.view.status !== "right"} />}
			{story.state === "error" && <Failed problem={story.problem} again={story.again} />}
			{told !== null && row !== undefined && <Graph story={told} view={row.view} />}
			{told !== null && <Record story={told} light={light} />}
		</div>
	);
}

interface TitleProps {
	readonly plate: string | null;
	readonly light: string;
	readonly row?: Row | undefined;
}

function Title({ plate, light, row }: TitleProps) {
	const w = storyWords();
	const [head, tail] = plateParts(plate ?? "");
	return (
		<>
			<div class="who">
				<h1>
					{plate === null ? (
						w.unbound
					) : (
						<span class="plate">
							{head}
							<i>·</i>
							{tail}
						</span>
					)}
				</h1>
				{row !== undefined && <Status status={row.view.status} words={words.value} />}
				{row !== undefined && (
					<span class="q why">
						<WhyText row={row} words={words.value} />
					</span>
				)}
			</div>
			<p class="facts">
				<span class="mono">{light}</span>
				{row !== undefined && <span>{row.view.company ?? words.value.noCompany}</span>}
				<span>{w.channel}</span>
			</p>
		</>
	);
}

interface SayProps {
	readonly view: LightView;
	readonly why: Why | null;
	readonly story: Story | null;
}

function Say({ view, why, story }: SayProps) {
	const w = storyWords();
	const said = sayStory(view, why, story, w, language.value, slow.value);
	return (
		<>
			<p class="say">{said.first}</p>
			<p class="say2">{said.second}</p>
			{why !== null && (
				<p class="nextstep">
					<b>{w.nextStep}</b> {why.next}
				</p>
			)}
		</>
	);
}

/** The newest change that the light took: what it answered last. */
const taken = (story: Story | null): Change | undefined =>
	story?.changes.find(({ end }) => end?.what === "shown" || end?.what === "acked");

/** The three facts, each drawn as the light that it would be. */
function Trio({ view, why, story }: SayProps) {
	const w = storyWords();
	const now = second.value;
	const time = (iso: string) => clockTime(msOf(iso), now, w);
	const answered = taken(story);
	const seen = story?.seen ?? null;
	const none = { ...view, observed: null, acked: null, desired: 0, status: "acked", lamps: null } as const;
	const openedAt = why?.change?.openedAt;
	const heard =
		view.status === "silent"
			? seen === null
				? w.never
				: w.lastSeen(seen.stars, time(seen.at))
			: seenText(seen, w, now);
	return (
		<div class="trio">
			<Fact name={w.desired} sign={String(view.desired)} note={openedAt === undefined ? "" : w.since(time(openedAt))}>
				<Lamp view={{ ...none, desired: view.desired }} words={words.value} />
			</Fact>
			<Fact
				name={w.acked}
				sign={view.acked === null ? "—" : String(view.acked)}
				note={answered?.end == null ? w.ackedNone : w.since(time(answered.end.at))}
			>
				<Lamp view={{ ...none, acked: view.acked }} words={words.value} />
			</Fact>
			<Fact name={w.observed} sign={observedSign(view)} note={heard}>
				<Lamp view={view} words={words.value} />
			</Fact>
		</div>
	);
}

const seenText = (seen: Story["seen"], w: ReturnType<typeof storyWords>, now: number): string =>
	seen === null ? w.never : w.seenAt(clockTime(msOf(seen.at), now, w));

interface FactProps {
	readonly name: string;
	readonly sign: string;
	readonly note: string;
	readonly children: ComponentChildren;
}

const Fact = ({ name, sign, note, children }: FactProps) => (
	<figure>
		<div aria-hidden="true">{children}</div>
		<figcaption>
			<span>{name}</span>
			<b>{sign}</b>
			<span class="q">{note}</span>
		</figcaption>
	</figure>
);
