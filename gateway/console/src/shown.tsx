import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import { shortAge } from "./age.ts";
import type { Asked, Fetched } from "./fetched.ts";
import { NO_ANSWER, type Problem } from "./problem.ts";
import { language, slow, words } from "./state.ts";

/*
 * What stands in place of a list, or around it, in the same words and the same drawing on every page: nothing there (`Instead`),
 * not there yet (`Loading`), why it cannot be had (`Failed`), either (`Unanswered`), old data (`Stale`), more than is listed (`CutOff`).
 */

/** Stands in place of what there is not: a title, and what to do. */
export const Instead = ({ title, children }: { readonly title: string; readonly children?: ComponentChildren }) => (
	<div class="sec instead" role="status">
		<h2>{title}</h2>
		{children}
	</div>
);

/** Rules without text, no spinner. */
export const Loading = ({ label }: { readonly label: string }) => (
	<div class="loading" role="status">
		<span class="sr">{label}</span>
		<i />
		<i />
		<i />
	</div>
);

interface Said {
	readonly what: string;
	readonly next: string;
}

/** A refusal in the language of the page. The catalogue of all codes is large: it is loaded when something is refused. */
export function useProblem(problem: Problem | null): Said {
	const w = words.value;
	const lang = language.value;
	const [told, tell] = useState<{ readonly of: Problem; readonly said: Said } | null>(null);
	useEffect(() => {
		if (problem === null || lang === "en" || problem.code === NO_ANSWER.code) return undefined;
		let here = true;
		const take = (said: Said) => here && tell({ of: problem, said });
		import("../../../protocol/schema/error-words.ts").then(
			({ wordsOf }) => take(wordsOf(problem, lang)),
			() => take({ what: problem.message, next: problem.next }),
		);
		return () => {
			here = false;
		};
	}, [problem, lang]);
	if (problem === null) return { what: "", next: "" };
	if (problem.code === NO_ANSWER.code) return { what: "", next: w.failedText };
	return told?.of === problem && lang !== "en" ? told.said : { what: problem.message, next: problem.next };
}

/** Why there is nothing to show: code, what happened, next step, and a button that tries again. */
export function Failed({ problem, again }: { readonly problem: Problem; readonly again: () => void }) {
	const w = words.value;
	const said = useProblem(problem);
	return (
		<Instead title={problem.code === NO_ANSWER.code ? w.failed : w.refusedTitle}>
			<p>
				<b class="mono">{problem.code}</b> {said.what}
			</p>
			<p class="q">{said.next}</p>
			<p>
				<button type="button" class="btn" onClick={again}>
					{w.again}
				</button>
			</p>
		</Instead>
	);
}

/** What stands in place of an answer: its loading, or why there is none. Nothing once there is one. */
export function Unanswered({ of, label }: { readonly of: Asked<unknown>; readonly label: string }) {
	if (of.state === "loading") return <Loading label={label} />;
	return of.state === "error" ? <Failed problem={of.problem} again={of.again} /> : null;
}

/** Says of what age data are that cannot be asked anew; nothing while they are fresh. */
export function Stale({ of }: { readonly of: Fetched<unknown> }) {
	const w = words.value;
	if (of.state !== "data" || of.stale === null) return null;
	const age = Math.max(0, (slow.value - of.at) / 1000);
	return (
		<p class="notice" role="status">
			<b class="mono">{of.stale.code}</b> {w.stale(shortAge(age, w))}
		</p>
	);
}

interface CutOffProps {
	/** How many are listed. */
	readonly listed: number;
	/** How many there are; null = more, nobody knows how many. */
	readonly total: number | null;
	/** Asks for more of them; left out where more cannot be had here. */
	readonly more?: () => void;
}

/** The end of a list that does not hold everything: how much is left, and more at a press. Nothing at the end of a whole one. */
export function CutOff({ listed, total, more }: CutOffProps) {
	const w = words.value;
	if (total !== null && total <= listed) return null;
	return (
		<p class="cutoff q" role="status">
			{total === null
				? w.cutOffOpen(listed.toLocaleString("en"))
				: w.listed(listed.toLocaleString("en"), (total - listed).toLocaleString("en"))}
			{more !== undefined && (
				<button type="button" class="btn" onClick={more}>
					{w.more}
				</button>
			)}
		</p>
	);
}
