import { HELD_WORDS } from "../../../protocol/schema/pull-words.ts";
import { goBy, hrefOf } from "./address.ts";
import { dayAndTime } from "./clock-time.ts";
import type { HeldCode, HeldLights, PullRow } from "./held-types.ts";
import { percent, type Share, shareOf } from "./stars-diff.ts";
import { language } from "./state.ts";
import { type HeldWords, heldWords } from "./words-held.ts";

/** Why it is held, in the catalogue's words; a code without words as it is. */
export const heldText = (code: HeldCode): string => HELD_WORDS[code]?.[language.value] ?? code;

interface ShareBarProps {
	readonly label: string;
	readonly share: Share;
	readonly w: HeldWords;
}

/** A share as a bar against its limit; beyond it, the word stands inverted. */
const ShareBar = ({ label, share, w }: ShareBarProps) => (
	<div class="heldshare" data-over={share.over ? "" : undefined}>
		<p>
			{label} <b>{w.share(share.count, share.of, percent(share.share))}</b>
		</p>
		<div class="sharebar" aria-hidden="true">
			<i style={{ width: `${(share.bar * 100).toFixed(1)}%` }} />
			<s style={{ left: `${(share.mark * 100).toFixed(1)}%` }} />
		</div>
		<p class="q3">
			<span class={share.over ? "inv" : undefined}>{share.over ? w.over : w.within}</span>{" "}
			{w.limit(percent(share.most))}
		</p>
	</div>
);

/** What came, from where and when. */
function Facts({ pull }: { readonly pull: PullRow }) {
	const w = heldWords();
	const source = pull.source === "csv" || pull.source === "http" ? w.sources[pull.source] : pull.source;
	return (
		<dl class="facts2">
			<dt>{w.pull}</dt>
			<dd class="mono">{pull.id}</dd>
			<dt>{w.from}</dt>
			<dd>
				{source} · {pull.name}
			</dd>
			<dt>{w.at}</dt>
			<dd>{dayAndTime(pull.at)}</dd>
			{pull.asOf !== undefined && <dt>{w.asOf}</dt>}
			{pull.asOf !== undefined && <dd>{dayAndTime(pull.asOf * 1000)}</dd>}
			<dt>{w.rows}</dt>
			<dd>
				{w.rowsText(pull.rows, pull.accepted, pull.quarantined)}
				{pull.quarantined > 0 && " "}
				{pull.quarantined > 0 && (
					<a class="link" href={hrefOf("bad-rows")} onClick={goBy("bad-rows")}>
						{w.seeRows}
					</a>
				)}
			</dd>
		</dl>
	);
}

/** Why a person must look: the shares against their limits, and where the list is an old one. */
export function WhyHeld({ pull, shares }: { readonly pull: PullRow; readonly shares: HeldLights["shares"] }) {
	const w = heldWords();
	return (
		<section class="sec">
			<h2>
				{w.why} <span class="q codes2">{pull.heldFor.map(heldText).join(w.comma)}</span>
			</h2>
			<div class="whyheld">
				<Facts pull={pull} />
				<ShareBar label={w.removedShare} share={shareOf(shares.removed, shares.rated, shares.mostRemoved)} w={w} />
				<ShareBar label={w.loweredShare} share={shareOf(shares.lowered, shares.rated, shares.mostLowered)} w={w} />
				{pull.heldFor.includes("goes-back") && <p class="q">{w.goesBack}</p>}
			</div>
		</section>
	);
}
