import { useState } from "preact/hooks";
import type { QuarantineAnswer } from "../../../protocol/schema/api-ratings.ts";
import { type CodeWords, ROW_WORDS } from "../../../protocol/schema/pull-words.ts";
import { useFetched } from "./fetched.ts";
import { LIST_MOST, LIST_STEP } from "./held-types.ts";
import { CutOff, Instead, Stale, Unanswered } from "./shown.tsx";
import { language } from "./state.ts";
import { quarantineWords } from "./words-quarantine.ts";

type BadRow = QuarantineAnswer["quarantine"][number];

const CATALOGUE: Readonly<Record<string, CodeWords>> = ROW_WORDS;

/** A link of the guide has nowhere to lead here. */
const bare = (text: string): string => text.replace(/ \(\[[^\]]*\]\([^)]*\)\)/g, "");

/** What a reason's code means and what to do, from the one catalogue. */
export function reasonWords(code: string): { readonly what: string; readonly next: string } {
	const found = CATALOGUE[code]?.[language.value];
	return found === undefined
		? { what: quarantineWords().noReason, next: "" }
		: { what: found.what, next: bare(found.next) };
}

interface ReasonsProps {
	readonly counts: Readonly<Record<string, number>>;
	readonly chosen: string | null;
	readonly choose: (code: string | null) => void;
}

/** Reasons with their counts, the most frequent first: legend and filter in one. */
function Reasons({ counts, chosen, choose }: ReasonsProps) {
	const w = quarantineWords();
	const all = Object.entries(counts).sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1));
	const total = all.reduce((n, [, count]) => n + count, 0);
	return (
		<fieldset class="reasons">
			<legend class="sr">{w.reason}</legend>
			<button type="button" aria-pressed={chosen === null} onClick={() => choose(null)}>
				<b>{total.toLocaleString("en")}</b> {w.all}
			</button>
			{all.map(([code, count]) => (
				<button
					type="button"
					key={code}
					data-reason={code}
					aria-pressed={chosen === code}
					onClick={() => choose(chosen === code ? null : code)}
				>
					<b>{count.toLocaleString("en")}</b> {reasonWords(code).what}
				</button>
			))}
		</fieldset>
	);
}

function RowTable({ rows, label }: { readonly rows: readonly BadRow[]; readonly label: string }) {
	const w = quarantineWords();
	return (
		<table class="badrows" aria-label={label}>
			<thead>
				<tr>
					<th scope="col" class="num">
						{w.row}
					</th>
					<th scope="col">{w.what}</th>
					<th scope="col">{w.next}</th>
					<th scope="col">{w.reason}</th>
					<th scope="col">{w.driver}</th>
				</tr>
			</thead>
			<tbody>
				{rows.map(({ row, reason, driver }) => {
					const { what, next } = reasonWords(reason);
					return (
						<tr key={`${row} ${reason}`} data-row={row} data-reason={reason}>
							<td class="num">
								<b>{row}</b>
							</td>
							<td>{what}</td>
							<td class="q nx">{next}</td>
							<td class="mono q3 code">{reason}</td>
							<td class={driver === null ? "q3" : "mono"}>{driver ?? w.unknown}</td>
						</tr>
					);
				})}
			</tbody>
		</table>
	);
}

/** The rows of one pull that were not taken, by reason where one is chosen, a page at a time. */
export function QuarantineRows({ pull, version }: { readonly pull: string; readonly version: string }) {
	const w = quarantineWords();
	const [chosen, choose] = useState<string | null>(null);
	const [limit, list] = useState(LIST_STEP);
	const by = chosen === null ? "" : `&reason=${chosen}`;
	const path = `/api/v1/pulls/${pull}/quarantine?limit=${limit}${by}`;
	const asked = useFetched<QuarantineAnswer>({ method: "GET", path, about: `${pull} ${chosen}` }, version);
	if (asked.state !== "data") return <Unanswered of={asked} label={w.loading} />;
	const { quarantine, reasons } = asked.data;
	const total = Object.values(reasons).reduce((n, count) => n + count, 0);
	if (total === 0)
		return (
			<Instead title={w.clean}>
				<p class="q">{w.cleanText}</p>
			</Instead>
		);
	return (
		<section class="sec">
			<h2>{w.rowsOf(pull)}</h2>
			<p class="q3">{w.rowsNote}</p>
			<Stale of={asked} />
			<Reasons
				counts={reasons}
				chosen={chosen}
				choose={(code) => {
					choose(code);
					list(LIST_STEP);
				}}
			/>
			<RowTable rows={quarantine} label={w.rowsOf(pull)} />
			<CutOff
				listed={quarantine.length}
				total={chosen === null ? total : (reasons[chosen] ?? 0)}
				{...(limit < LIST_MOST ? { more: () => list(Math.min(LIST_MOST, limit * 4)) } : {})}
			/>
		</section>
	);
}
