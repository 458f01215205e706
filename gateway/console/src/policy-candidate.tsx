import { useRef, useState } from "preact/hooks";
import { POLICY_KEY_WORDS } from "../../../protocol/schema/pull-words.ts";
import { type Candidate, draft, fault, running } from "./policy-trial.ts";
import { lineAt, type PolicyView } from "./policy-types.ts";
import type { Problem } from "./problem.ts";
import { useProblem } from "./shown.tsx";
import { language } from "./state.ts";
import { policyWords } from "./words-policy.ts";

/** As the API takes it. */
const MAX_YAML = 32 * 1024;
const FIELD = "policy-yaml";

/** What to do about a fault, by the key in which it is and by its kind. */
function mendOf({ place }: Problem): string | null {
	const w = policyWords();
	if (place === undefined) return null;
	const { key, kind } = place;
	if (kind === "syntax") return w.yaml;
	if (kind === "unknown-key") return w.unknownKey;
	if (key === "") return w.wholeText;
	const wanted = POLICY_KEY_WORDS[key.split(".")[0] ?? ""]?.[language.value] ?? null;
	return wanted !== null && kind === "missing" ? w.missing(wanted) : wanted;
}

/** Puts the cursor into the line, and selects it. */
function toLine(line: number): void {
	const field = document.getElementById(FIELD);
	if (!(field instanceof HTMLTextAreaElement)) return;
	const { from, to } = lineAt(field.value, line);
	field.focus();
	field.setSelectionRange(from, to);
}

/** Why the candidate cannot be tried: code, place, the line itself, and how to mend it. What its reader said is English: a detail. */
function Fault({ problem }: { readonly problem: Problem }) {
	const w = policyWords();
	const { place } = problem;
	// Without a place only the catalogue says what is wrong.
	const said = useProblem(place === undefined ? problem : null);
	const mend = mendOf(problem);
	const line = place === undefined ? null : lineAt(draft.value, place.line);
	return (
		<div class="notice fault2" role="alert">
			<p>
				<b class="mono">{problem.code}</b>{" "}
				{place === undefined ? (
					`${said.what} ${said.next}`
				) : (
					<b>{w.wrongAt(w.place(place.line, place.column, place.key))}</b>
				)}
			</p>
			{place !== undefined && line !== null && (
				<pre class="mono">
					<span aria-hidden="true">{place.line} </span>
					{draft.value.slice(line.from, line.to)}
				</pre>
			)}
			{mend !== null && (
				<p>
					{w.mend}: {mend}
				</p>
			)}
			{place !== undefined && (
				<>
					<button type="button" class="btn" onClick={() => toLine(place.line)}>
						{w.toLine(place.line)}
					</button>
					<details>
						<summary>{w.raw}</summary>
						<p lang="en" class="mono">
							{problem.message}
						</p>
					</details>
				</>
			)}
		</div>
	);
}

function FileChoice({ read }: { readonly read: (text: string, name: string) => void }) {
	const w = policyWords();
	const input = useRef<HTMLInputElement>(null);
	return (
		<>
			<input
				ref={input}
				id="policy-file"
				class="sr"
				type="file"
				tabIndex={-1}
				aria-label={w.file}
				accept=".yaml,.yml,text/yaml"
				onChange={(event) => {
					const field = event.currentTarget;
					const [file] = field.files ?? [];
					if (file === undefined) return;
					const name = file.name;
					const text = file.size > MAX_YAML ? Promise.resolve("") : file.text();
					void text.then((all) => {
						// The same file may be chosen once more, after it was mended.
						field.value = "";
						read(all, file.size > MAX_YAML ? "" : name);
					});
				}}
			/>
			<button type="button" class="btn" onClick={() => input.current?.click()}>
				{w.file}
			</button>
		</>
	);
}

interface CandidateProps {
	/** Policies that can be named, but for the active one. */
	readonly presets: readonly PolicyView[];
	readonly tryIt: (candidate: Candidate) => void;
}

/** Which policy to try: a ready-made one by its name, or one's own as a YAML text. */
export function Candidates({ presets, tryIt }: CandidateProps) {
	const w = policyWords();
	const [told, tell] = useState("");
	return (
		<section class="sec candidate">
			<h2>{w.candidate}</h2>
			<p class="q">{w.candidateNote}</p>
			{presets.length > 0 && (
				<p class="deeds">
					<span class="q3">{w.presets}</span>
					{presets.map(({ name }) => (
						<button
							type="button"
							class="btn"
							key={name}
							data-preset={name}
							aria-label={w.tryOf(name)}
							onClick={() => tryIt({ name })}
						>
							{w.tryIt} <span class="mono">{name}</span>
						</button>
					))}
				</p>
			)}
			<form
				onSubmit={(event) => {
					event.preventDefault();
					tryIt({ yaml: draft.value });
				}}
			>
				<label for={FIELD}>{w.own}</label>
				<textarea
					id={FIELD}
					class="mono"
					rows={11}
					spellcheck={false}
					autoComplete="off"
					maxLength={MAX_YAML}
					placeholder={w.ownHint}
					value={draft.value}
					aria-invalid={fault.value?.place !== undefined}
					onInput={(event) => {
						draft.value = event.currentTarget.value;
						fault.value = null;
					}}
				/>
				{fault.value !== null && <Fault problem={fault.value} />}
				<p class="deeds">
					<FileChoice
						read={(text, name) => {
							if (name !== "") draft.value = text;
							fault.value = null;
							tell(name === "" ? w.fileTooLarge : w.fileName(name));
						}}
					/>
					<button type="submit" class="btn main" id="try" aria-disabled={draft.value.trim() === "" || running.value}>
						{running.value ? w.trying : w.tryIt}
					</button>
					<span class="q" role="status">
						{told}
					</span>
				</p>
			</form>
		</section>
	);
}
