import { LINK_NAMES } from "../../core/why/names.ts";
import { shortAge } from "./age.ts";
import { clockTime } from "./clock-time.ts";
import { language, second, words } from "./state.ts";
import { type ChainLink, msOf, type Why } from "./story-data.ts";
import { storyWords } from "./words-story.ts";

type Place = "ok" | "cut" | "past";

/** The track of one block: whole, broken by a buffer stop, or not reached any more. On a phone it stands upright (style sheet). */
function Track({ place }: { readonly place: Place }) {
	if (place === "cut")
		return (
			<div class="trk" aria-hidden="true">
				<svg class="h" aria-hidden="true">
					<path class="tkx" d="M0 18H84" />
					<path class="jnt" d="M1 8V28" />
					<path class="buf" d="M84 2V34" />
					<path class="bufx" d="M88 8h8M88 28h8" />
				</svg>
				<svg class="h rest" aria-hidden="true" viewBox="0 0 100 36" preserveAspectRatio="none">
					<path class="tkp" d="M0 18H100" />
				</svg>
			</div>
		);
	return (
		<div class="trk" aria-hidden="true">
			<svg class="h" aria-hidden="true" viewBox="0 0 100 36" preserveAspectRatio="none">
				<path class={place === "ok" ? "tkx" : "tkp"} d="M0 18H100" />
			</svg>
			{place === "ok" && (
				<svg class="h" aria-hidden="true">
					<path class="jnt" d="M1 8V28" />
				</svg>
			)}
		</div>
	);
}

/** Seconds up to a minute, then in few words. */
function ageText(seconds: number): string {
	return seconds < 60 ? storyWords().seconds(seconds) : shortAge(seconds, words.value);
}

interface BlockProps {
	readonly link: ChainLink;
	readonly place: Place;
	readonly amiss: boolean;
}

function Block({ link, place, amiss }: BlockProps) {
	const w = storyWords();
	const now = second.value;
	const said = place === "cut" ? (amiss ? w.here : w.stopsHere) : place === "ok" ? w.passes : w.after;
	return (
		<li class={`blk ${place}${place === "cut" && amiss ? " amiss" : ""}`} data-link={link.link} data-code={link.code}>
			<h3>
				<span>{LINK_NAMES[language.value][link.link]}</span>
				{link.at !== null && <time dateTime={link.at}>{clockTime(msOf(link.at), now, w)}</time>}
			</h3>
			<Track place={place} />
			{place === "cut" ? <span class="flagb">{said}</span> : <span class="sr">{said}</span>}
			<p class="what">{link.detail}</p>
			<dl>
				{link.ageS !== null && link.at !== null && (
					<>
						<dt>{w.age}</dt>
						<dd>{ageText(Math.max(0, Math.floor((now - msOf(link.at)) / 1000)))}</dd>
					</>
				)}
				{link.id !== null && (
					<>
						<dt>{w.id}</dt>
						<dd class="mono">{link.id}</dd>
					</>
				)}
			</dl>
		</li>
	);
}

/** From the rating to the glass as a track; the first link that no star passes ends it. */
export function Chain({ why, amiss }: { readonly why: Why; readonly amiss: boolean }) {
	const w = storyWords();
	const cut = why.chain.findIndex(({ link }) => link === why.broken);
	const placeOf = (i: number): Place => (cut < 0 || i < cut ? "ok" : i === cut ? "cut" : "past");
	return (
		<section class="sec">
			<header>
				<h2>{w.chain}</h2>
				<p>
					{why.chain.map(({ link }) => LINK_NAMES[language.value][link]).join(" → ")}
					{why.change !== null && (
						<>
							{w.chainNote} <span class="mono">{why.change.trace}</span>
						</>
					)}
				</p>
			</header>
			<ol class="line">
				{why.chain.map((link, i) => (
					<Block key={link.link} link={link} place={placeOf(i)} amiss={amiss} />
				))}
			</ol>
		</section>
	);
}
