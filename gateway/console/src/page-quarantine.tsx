import { useState } from "preact/hooks";
import { dayAndTime } from "./clock-time.ts";
import type { PullRow } from "./held-types.ts";
import { Notices } from "./notices.tsx";
import { usePulls } from "./pulls.ts";
import { QuarantineRows } from "./quarantine-rows.tsx";
import { Instead, Stale, Unanswered } from "./shown.tsx";
import { words } from "./state.ts";
import { quarantineWords } from "./words-quarantine.ts";

interface PullsProps {
	/** Newest first. */
	readonly pulls: readonly PullRow[];
	readonly picked: string | null;
	readonly pick: (pull: string) => void;
}

/** The pulls that the depot keeps, each with its counts; one is looked at. */
function Pulls({ pulls, picked, pick }: PullsProps) {
	const w = quarantineWords();
	return (
		<section>
			<table class="ledger pulls" aria-label={w.pulls}>
				<thead>
					<tr>
						<th scope="col">{w.pull}</th>
						<th scope="col">{w.at}</th>
						<th scope="col">{w.source}</th>
						<th scope="col" class="num">
							{w.rows}
						</th>
						<th scope="col" class="num">
							{w.accepted}
						</th>
						<th scope="col" class="num">
							{w.quarantined}
						</th>
						<th scope="col">{w.status}</th>
					</tr>
				</thead>
				<tbody>
					{pulls.map((pull) => (
						<tr key={pull.id} data-pull={pull.id} data-picked={pull.id === picked ? "" : undefined}>
							<td>
								<button
									type="button"
									class="pickpull mono"
									aria-pressed={pull.id === picked}
									aria-label={w.pick(pull.id)}
									onClick={() => pick(pull.id)}
								>
									{pull.id}
								</button>
							</td>
							<td>{dayAndTime(pull.at)}</td>
							<td class="q name">
								{pull.source === "csv" || pull.source === "http" ? w.sources[pull.source] : pull.source} · {pull.name}
							</td>
							<td class="num" data-label={w.rows}>
								{pull.rows.toLocaleString("en")}
							</td>
							<td class="num" data-label={w.accepted}>
								{pull.accepted.toLocaleString("en")}
							</td>
							<td class="num" data-label={w.quarantined}>
								{pull.quarantined === 0 ? <span class="q3">0</span> : <b>{pull.quarantined.toLocaleString("en")}</b>}
							</td>
							<td class="q">{w.statuses[pull.status]}</td>
						</tr>
					))}
				</tbody>
			</table>
			<p class="q3 asked">{w.pullsNote(pulls.length)}</p>
		</section>
	);
}

/** Rows of the newest pulls that were not taken: where, why, and what to do. No certificate number and no name is known here. */
export function QuarantinePage() {
	const w = quarantineWords();
	const [chosen, pick] = useState<string | null>(null);
	const { asked: list, pulls, version } = usePulls();
	// Until one is picked: the newest that has such rows.
	const first = pulls.find((pull) => pull.quarantined > 0) ?? pulls[0];
	const picked = pulls.find(({ id }) => id === chosen) ?? first;
	return (
		<>
			<div class="head">
				<h1>{words.value.pages["bad-rows"]}</h1>
				<p class="q">{w.lead}</p>
			</div>
			<Notices />
			<Stale of={list} />
			<Unanswered of={list} label={w.loading} />
			{list.state === "data" && pulls.length === 0 && (
				<Instead title={w.none}>
					<p class="q">{w.noneText}</p>
				</Instead>
			)}
			{pulls.length > 0 && <Pulls pulls={pulls} picked={picked?.id ?? null} pick={pick} />}
			{picked !== undefined && <QuarantineRows key={picked.id} pull={picked.id} version={version} />}
		</>
	);
}
