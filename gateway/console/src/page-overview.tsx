import { computed } from "@preact/signals";
import { goBy, hrefOf } from "./address.ts";
import { useFetched } from "./fetched.ts";
import { Notices } from "./notices.tsx";
import { Board } from "./overview-board.tsx";
import { Ages, Convergence, Ends, Reasons } from "./overview-charts.tsx";
import type { Overview } from "./overview-data.ts";
import { type Summary, shareText, summaryOf } from "./overview-figures.ts";
import { NO_ANSWER } from "./problem.ts";
import { STATUSES } from "./row.ts";
import { Failed, Instead, Loading, Stale, Unanswered } from "./shown.tsx";
import { lights, link, loaded, slow, status, words } from "./state.ts";
import { Status } from "./status.tsx";
import { overviewWords } from "./words-overview.ts";

const summary = computed(() => summaryOf([...lights.value.byId.values()].map(({ view }) => view)));
const n = (count: number): string => count.toLocaleString("en");

/** The fleet in a few honest numbers. */
export function OverviewPage() {
	const w = words.value;
	const of = summary.value;
	return (
		<>
			<Notices />
			<h1 class="sr">{w.pages.overview}</h1>
			{!loaded.value ? (
				link.value === "failed" ? (
					<Failed problem={NO_ANSWER} again={() => location.reload()} />
				) : (
					<Loading label={w.loading} />
				)
			) : of.lights === 0 ? (
				<Instead title={w.noLights}>
					<p class="q">{w.noLightsText}</p>
				</Instead>
			) : (
				<>
					<Lead of={of} />
					<Bar of={of} />
					<Figures of={of} />
				</>
			)}
		</>
	);
}

/** To the wall, with one state alone, or with all of them. */
const toWall = (s: (typeof STATUSES)[number] | null) => (event: MouseEvent) => {
	goBy("wall")(event);
	if (event.defaultPrevented) status.value = s;
};

/** The share as one number, and what it is a share of. */
function Lead({ of }: { readonly of: Summary }) {
	const w = overviewWords();
	const { differs, refused, fault, silent, right, acked } = of.status;
	const hands = differs + refused + fault;
	const share = shareText(right, of.observable);
	return (
		<section class="lead">
			<div>
				<p class="share">
					{share}
					{share !== "—" && <small>%</small>}
				</p>
				<p class="d">{w.share(n(right), n(of.observable))}</p>
			</div>
			<div>
				<h2>
					{hands === 0 ? (
						w.noHands
					) : (
						<a href={hrefOf("wall")} onClick={toWall(null)}>
							{w.handsOf(n(hands))}
						</a>
					)}
					{w.between}
					{silent === 0 ? (
						w.noSilent
					) : (
						<a href={hrefOf("wall")} onClick={toWall("silent")}>
							{w.silentOf(n(silent))}
						</a>
					)}
					{hands + silent === 0 ? w.whole : w.restRuns}
				</h2>
				<p class="two">
					{w.of(n(of.lights), n(of.onDuty), n(of.onDutyRight))}
					{acked > 0 && w.plain(n(acked))}
				</p>
			</div>
		</section>
	);
}

/** Every light in exactly one state: a bar as wide as their numbers, and the numbers. Each leads to its lights. */
function Bar({ of }: { readonly of: Summary }) {
	const w = overviewWords();
	const there = STATUSES.filter((s) => of.status[s] > 0);
	return (
		<figure class="states" aria-label={w.bar}>
			<div class="statebar" aria-hidden="true">
				{there.map((s) => (
					<i key={s} data-s={s} style={{ flexGrow: of.status[s] }} />
				))}
			</div>
			<ul>
				{there.map((s) => (
					<li key={s}>
						<a href={hrefOf("wall")} onClick={toWall(s)}>
							<Status status={s} words={words.value} /> <b>{n(of.status[s])}</b>
						</a>
					</li>
				))}
			</ul>
		</figure>
	);
}

/** What the gateway has to be asked for: the way to the glass, and the charts. */
function Figures({ of }: { readonly of: Summary }) {
	const w = overviewWords();
	const asked = useFetched<Overview>({ method: "GET", path: "/api/v1/overview" }, slow.value);
	return (
		<>
			<Stale of={asked} />
			<Unanswered of={asked} label={w.figures} />
			{asked.state === "data" && <Board of={of} told={asked.data} />}
			<div class="four">
				<Ages ages={of.ages} />
				<Reasons reasons={of.reasons} />
				{asked.state === "data" && <Convergence told={asked.data} />}
				{asked.state === "data" && <Ends told={asked.data} />}
			</div>
		</>
	);
}
