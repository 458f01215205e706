import { useState } from "preact/hooks";
import { dayAndTime, timeOfDay } from "./clock-time.ts";
import { Decide, TokenLine } from "./decide.tsx";
import { useFetched } from "./fetched.ts";
import { type HeldLights, LIST_MOST, LIST_STEP, type PullRow } from "./held-types.ts";
import { heldText, WhyHeld } from "./held-why.tsx";
import { Notices } from "./notices.tsx";
import { change } from "./officer-api.ts";
import type { Problem } from "./problem.ts";
import { usePulls } from "./pulls.ts";
import { Instead, Stale, Unanswered } from "./shown.tsx";
import { depot, slow, words } from "./state.ts";
import { Told } from "./told.tsx";
import { Moves, more, StarsGrid, sentence } from "./who-moves.tsx";
import { heldWords } from "./words-held.ts";
import { officerWords } from "./words-officer.ts";

type Verb = "accept" | "reject";

/** What the dialog says is what stood there when it was opened. */
interface Asking {
	readonly verb: Verb;
	readonly pull: PullRow;
	readonly told: HeldLights | null;
}

/** What became of a pull by this page, or without it. */
interface Decided {
	readonly pull: string;
	readonly verb: Verb | "elsewhere";
}

/** A held pull: what accepting would do, why it is held, and every light that would change. */
function HeldPull({ pull, ask }: { readonly pull: PullRow; readonly ask: (asking: Asking) => void }) {
	const w = heldWords();
	const o = officerWords();
	const [limit, list] = useState(LIST_STEP);
	const path = `/api/v1/ratings/held/${pull.id}/lights?limit=${limit}`;
	// Who is on duty changes all day: what is shown is at most ten seconds old.
	const version = `${slow.value} ${depot.value?.policy.hash ?? ""} ${depot.value?.lastPull ?? ""}`;
	const told = useFetched<HeldLights>({ method: "GET", path, about: pull.id }, version);
	const data = told.state === "data" ? told.data : null;
	return (
		<article class="held" data-pull={pull.id}>
			{data !== null && (
				<>
					<p class="verdict">
						{w.ifAccepted}
						{sentence(data, o)}
					</p>
					<p class="q">{more(data, o)}</p>
					<p class="q">{w.ifRejected}</p>
				</>
			)}
			<p class="deeds">
				<button type="button" class="btn main" id="accept" onClick={() => ask({ verb: "accept", pull, told: data })}>
					{w.accept}
				</button>
				<button type="button" class="btn" id="reject" onClick={() => ask({ verb: "reject", pull, told: data })}>
					{w.reject}
				</button>
				<TokenLine />
			</p>
			<Stale of={told} />
			<Unanswered of={told} label={w.loading} />
			{told.state === "data" && (
				<>
					<WhyHeld pull={pull} shares={told.data.shares} />
					<div class="twosides">
						<StarsGrid counts={told.data.counts} />
						<div>
							<Moves
								of={{ ...told.data, more: told.data.nextCursor !== null }}
								listMore={() => list(Math.min(LIST_MOST, limit + LIST_STEP))}
							/>
						</div>
					</div>
					<p class="q3 asked">{w.asked(timeOfDay(told.at))}</p>
				</>
			)}
		</article>
	);
}

/** Those that were held once, newest first. */
function Past({ pulls }: { readonly pulls: readonly PullRow[] }) {
	const w = heldWords();
	const past = pulls.filter((pull) => pull.heldFor.length > 0 && pull.status !== "held");
	if (past.length === 0) return null;
	return (
		<section class="sec">
			<h2>{w.past}</h2>
			<p class="q3">{w.pastNote}</p>
			<table class="ledger" aria-label={w.past}>
				<thead>
					<tr>
						<th scope="col">{w.pull}</th>
						<th scope="col">{w.at}</th>
						<th scope="col">{w.from}</th>
						<th scope="col">{w.reasons}</th>
						<th scope="col">{w.outcome}</th>
					</tr>
				</thead>
				<tbody>
					{past.map((pull) => (
						<tr key={pull.id} data-pull={pull.id} data-status={pull.status}>
							<td class="mono">{pull.id}</td>
							<td>{dayAndTime(pull.at)}</td>
							<td>{pull.name}</td>
							<td class="q">{pull.heldFor.map(heldText).join(w.comma)}</td>
							<td>
								<b>{w.outcomes[pull.status]}</b>
							</td>
						</tr>
					))}
				</tbody>
			</table>
		</section>
	);
}

/** What was decided here just now, or elsewhere before. */
function Outcome({ decided, pulls }: { readonly decided: Decided; readonly pulls: readonly PullRow[] }) {
	const w = heldWords();
	const { pull, verb } = decided;
	const status = pulls.find(({ id }) => id === pull)?.status;
	const text =
		verb === "elsewhere"
			? w.elsewhere(pull, status === undefined ? w.gone : w.outcomes[status])
			: verb === "accept"
				? w.accepted(pull)
				: w.rejected(pull);
	return <Told what={verb}>{text}</Told>;
}

/** The confirming step of one decision. */
function Confirm({
	asking,
	decided,
	close,
}: {
	readonly asking: Asking;
	readonly decided: (what: Decided) => void;
	readonly close: () => void;
}) {
	const w = heldWords();
	const o = officerWords();
	const { verb, pull, told } = asking;
	const act = async (): Promise<Problem | null> => {
		const said = await change(`/api/v1/ratings/held/${pull.id}/${verb}`, {});
		if ("data" in said) decided({ pull: pull.id, verb });
		else if (said.problem.code === "pull-not-held") decided({ pull: pull.id, verb: "elsewhere" });
		else return said.problem;
		return null;
	};
	return (
		<Decide
			title={verb === "accept" ? w.acceptTitle(pull.id) : w.rejectTitle(pull.id)}
			confirm={verb === "accept" ? w.acceptNow : w.rejectNow}
			act={act}
			close={close}
		>
			{verb === "accept" && told !== null && (
				<>
					<p class="verdict">{sentence(told, o)}</p>
					<p>{more(told, o)}</p>
				</>
			)}
			{verb === "accept" && <p>{w.dataChange(pull.added, pull.changed, pull.removed)}</p>}
			<p class="q">{verb === "accept" ? w.acceptText : w.rejectText}</p>
		</Decide>
	);
}

/** Pulls that wait for a person: what each would change, accept and reject; and what was decided before. */
export function HeldPage() {
	const w = heldWords();
	const [asking, ask] = useState<Asking | null>(null);
	const [decided, decide] = useState<Decided | null>(null);
	const { asked: list, pulls } = usePulls();
	const held = pulls.filter((pull) => pull.status === "held");
	return (
		<>
			<div class="head">
				<h1>{words.value.pages.held}</h1>
				{held.length > 0 && (
					<p class="q" role="status">
						{w.waits(held.length)}
					</p>
				)}
			</div>
			<Notices waiting={false} />
			<Stale of={list} />
			{decided !== null && <Outcome key={`${decided.pull} ${decided.verb}`} decided={decided} pulls={pulls} />}
			<Unanswered of={list} label={w.loading} />
			{list.state === "data" && held.length === 0 && (
				<Instead title={w.none}>
					<p class="q">{w.noneText}</p>
				</Instead>
			)}
			{held.map((pull) => (
				<HeldPull key={pull.id} pull={pull} ask={ask} />
			))}
			<Past pulls={pulls} />
			{asking !== null && (
				<Confirm
					asking={asking}
					decided={(what) => {
						decide(what);
						list.again();
					}}
					close={() => ask(null)}
				/>
			)}
		</>
	);
}
