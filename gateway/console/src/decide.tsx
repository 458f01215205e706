import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { forgetToken, isTokenProblem, token } from "./officer-api.ts";
import type { Problem } from "./problem.ts";
import { useProblem } from "./shown.tsx";
import { officerWords } from "./words-officer.ts";

/** As the shell of a gateway's machine has it; the folder is the one that the gateway was started with. */
const TOKEN_COMMAND = "cat DATA/token";

/** Why it did not happen. A wrong token is said in the page's words: the gateway's own speak of headers. */
function Why({ problem }: { readonly problem: Problem }) {
	const w = officerWords();
	const said = useProblem(problem);
	const wrong = isTokenProblem(problem);
	return (
		<p class="notice" role="alert">
			<b class="mono">{problem.code}</b> {wrong ? w.tokenWrong : `${said.what} ${said.next}`}
		</p>
	);
}

function TokenField({ typed, type }: { readonly typed: string; readonly type: (text: string) => void }) {
	const w = officerWords();
	return (
		<div class="tokenfield">
			<label>
				<b>{w.token}</b>
				<input
					id="token"
					type="password"
					value={typed}
					required
					maxLength={200}
					autoComplete="off"
					spellcheck={false}
					aria-describedby="token-where"
					onInput={(event) => type(event.currentTarget.value)}
				/>
			</label>
			<p class="q" id="token-where">
				{w.tokenWhere} <code class="mono">{TOKEN_COMMAND}</code>
			</p>
			<p class="q3">
				{w.tokenWhy}
				{w.tokenKept}
			</p>
		</div>
	);
}

/** Where the focus was before a dialog; the page's head, where that is gone by then. */
function returnFocus(to: Element | null): void {
	const back = to instanceof HTMLElement && to.isConnected ? to : document.getElementById("main");
	back?.focus({ preventScroll: true });
}

/** Opens the dialog over the page for as long as it is drawn, and gives the focus back. */
function useModal() {
	const box = useRef<HTMLDialogElement>(null);
	useLayoutEffect(() => {
		const before = document.activeElement;
		box.current?.showModal();
		// What the dialog did is drawn first: it may be the end of what had the focus.
		return () => {
			requestAnimationFrame(() => returnFocus(before));
		};
	}, []);
	return box;
}

interface DecideProps {
	readonly title: string;
	/** What will happen, in words. */
	readonly children: ComponentChildren;
	readonly confirm: string;
	/** Does it; why not, or null = done. */
	readonly act: () => Promise<Problem | null>;
	readonly close: () => void;
}

/**
 * The confirming step: says what will happen, asks for the operator's token where the page has none, and does it. What was refused is
 * said here with its code and nothing is lost. Escape and "cancel" leave everything as it is; the focus goes back to where it was.
 */
export function Decide({ title, children, confirm, act, close }: DecideProps) {
	const w = officerWords();
	const box = useModal();
	const [typed, type] = useState("");
	const [asks, ask] = useState(token.peek() === null);
	const [busy, work] = useState(false);
	const [problem, tell] = useState<Problem | null>(null);
	const submit = async (event: Event): Promise<void> => {
		event.preventDefault();
		if (busy) return;
		if (asks) token.value = typed.trim();
		work(true);
		const said = await act();
		work(false);
		tell(said);
		if (said === null) return close();
		if (!isTokenProblem(said)) return ask(false);
		ask(true);
		requestAnimationFrame(() => {
			const field = box.current?.querySelector<HTMLInputElement>("#token");
			field?.focus();
			field?.select();
		});
	};
	return (
		<dialog
			class="decide"
			ref={box}
			aria-labelledby="decide-title"
			onCancel={(event) => {
				event.preventDefault();
				close();
			}}
		>
			<form onSubmit={(event) => void submit(event)}>
				<h2 id="decide-title">{title}</h2>
				{children}
				{asks && <TokenField typed={typed} type={type} />}
				{problem !== null && <Why problem={problem} />}
				<p class="deeds">
					<button type="button" class="btn" onClick={close}>
						{w.cancel}
					</button>
					<button type="submit" class="btn main" aria-disabled={busy}>
						{busy ? w.working : confirm}
					</button>
				</p>
			</form>
		</dialog>
	);
}

/** Says that the page holds the token, and forgets it at a press; nothing while it holds none. */
export function TokenLine() {
	const w = officerWords();
	const here = useRef<HTMLSpanElement>(null);
	if (token.value === null) return <span ref={here} />;
	return (
		<span class="tokenline q" ref={here}>
			{w.tokenHeld}{" "}
			<button
				type="button"
				class="btn"
				id="forget"
				onClick={() => {
					forgetToken();
					document.getElementById("main")?.focus({ preventScroll: true });
				}}
			>
				{w.forget}
			</button>
		</span>
	);
}
