import { useState } from "preact/hooks";
import { timeOfDay } from "./clock-time.ts";
import { Decide, TokenLine } from "./decide.tsx";
import { useFetched } from "./fetched.ts";
import { LIST_STEP } from "./held-types.ts";
import { Notices } from "./notices.tsx";
import { token } from "./officer-api.ts";
import { Candidates } from "./policy-candidate.tsx";
import { ActivePolicy, Bands, History } from "./policy-shown.tsx";
import { activate, activated, type Candidate, type Tried, tried, tryPolicy } from "./policy-trial.ts";
import { type Policies, shortHash } from "./policy-types.ts";
import { Stale, Unanswered } from "./shown.tsx";
import { depot, words } from "./state.ts";
import { Told } from "./told.tsx";
import { Moves, more, StarsGrid, sentence } from "./who-moves.tsx";
import { officerWords } from "./words-officer.ts";
import { policyWords } from "./words-policy.ts";

type Asking =
	| { readonly what: "try"; readonly candidate: Candidate }
	| { readonly what: "activate"; readonly of: Tried };

/** What a dry run said, and the way to activation. */
function Result({ of, ask, again }: { readonly of: Tried; readonly ask: () => void; readonly again: () => void }) {
	const w = policyWords();
	const o = officerWords();
	const { run, at } = of;
	const inForce = depot.value?.policy.hash;
	const outdated = inForce !== undefined && inForce !== run.active.hash;
	const same = run.policyHash === run.active.hash;
	return (
		<section class="sec result" id="result" tabIndex={-1} aria-labelledby="result-title" data-hash={run.hash}>
			<h2 id="result-title">
				{w.result(run.name)} <span class="q codes2">{w.version(run.policy.version)}</span>
			</h2>
			<p class="verdict">
				{w.ifActivated}
				{sentence(run, o)}
			</p>
			<p class="q">{more(run, o)}</p>
			{same && <p class="notice">{w.sameAsActive}</p>}
			{outdated && (
				<p class="notice" role="status">
					{w.outdated}
				</p>
			)}
			<p class="deeds">
				{outdated ? (
					<button type="button" class="btn main" onClick={again}>
						{w.tryIt}
					</button>
				) : (
					!same && (
						<button type="button" class="btn main" id="activate" onClick={ask}>
							{w.activate}
						</button>
					)
				)}
				<button
					type="button"
					class="btn"
					onClick={() => {
						tried.value = null;
						document.getElementById("main")?.focus({ preventScroll: true });
					}}
				>
					{w.drop}
				</button>
			</p>
			<p class="q3 asked">
				{w.triedAt(timeOfDay(at))} · {w.hash} <span class="mono">{shortHash(run.hash)}</span>
			</p>
			<div class="twosides">
				<div>
					<StarsGrid counts={run.moves} />
					<section class="sec">
						<h2>{w.bands}</h2>
						<Bands policy={run.policy} />
					</section>
				</div>
				<div>
					<Moves
						of={{ ...run, counts: run.moves, moves: run.lightMoves, more: run.nextCursor !== null }}
						listMore={() => void tryPolicy(of.candidate, of.limit + LIST_STEP)}
					/>
				</div>
			</div>
		</section>
	);
}

/** The confirming step: it repeats what the dry run said, and of which dry run. */
function ConfirmActivation({ of, close }: { readonly of: Tried; readonly close: () => void }) {
	const w = policyWords();
	const o = officerWords();
	return (
		<Decide title={w.activateTitle(of.run.name)} confirm={w.activateNow} act={() => activate(of)} close={close}>
			<p class="verdict">{sentence(of.run, o)}</p>
			<p>{more(of.run, o)}</p>
			<p class="q">{w.activateText}</p>
			<p class="q">{w.activateGuard(shortHash(of.run.hash))}</p>
		</Decide>
	);
}

/** A result is below what asked for it: it takes the focus, so that keys and screen readers go on there. */
const lookAtResult = (): void => {
	requestAnimationFrame(() => setTimeout(() => document.getElementById("result")?.focus()));
};

/** The star policy: what is active, what was, and another one by its dry run. */
export function PolicyPage() {
	const w = policyWords();
	const [asking, ask] = useState<Asking | null>(null);
	const version = depot.value?.policy.hash ?? "";
	const shown = useFetched<Policies>({ method: "GET", path: "/api/v1/policy" }, version);
	const tryIt = async (candidate: Candidate): Promise<void> => {
		if ("yaml" in candidate && candidate.yaml.trim() === "") return;
		if (token.peek() === null) return ask({ what: "try", candidate });
		const before = tried.peek();
		if ((await tryPolicy(candidate)) !== null) return ask({ what: "try", candidate });
		if (tried.peek() !== before) lookAtResult();
	};
	return (
		<>
			<div class="head">
				<h1>{words.value.pages.policy}</h1>
				<span class="sp" />
				<TokenLine />
			</div>
			<Notices />
			<Stale of={shown} />
			{activated.value !== null && (
				<Told key={activated.value} what={activated.value}>
					{w.activated(activated.value)}
				</Told>
			)}
			<Unanswered of={shown} label={w.loading} />
			{shown.state === "data" && (
				<>
					<div class="twosides">
						<ActivePolicy of={shown.data} />
						<Candidates
							presets={shown.data.presets.filter(({ hash }) => hash !== shown.data.active.hash)}
							tryIt={(candidate) => void tryIt(candidate)}
						/>
					</div>
					{tried.value !== null && (
						<Result
							of={tried.value}
							ask={() => tried.value !== null && ask({ what: "activate", of: tried.value })}
							again={() => tried.value !== null && void tryIt(tried.value.candidate)}
						/>
					)}
					<History version={`${version} ${shown.data.activatedAt}`} />
				</>
			)}
			{asking?.what === "try" && (
				<Decide
					title={w.tryTitle}
					confirm={w.tryIt}
					act={async () => {
						const said = await tryPolicy(asking.candidate);
						if (said === null && tried.peek() !== null) lookAtResult();
						return said;
					}}
					close={() => ask(null)}
				>
					<p>{w.tryText}</p>
				</Decide>
			)}
			{asking?.what === "activate" && <ConfirmActivation of={asking.of} close={() => ask(null)} />}
		</>
	);
}
