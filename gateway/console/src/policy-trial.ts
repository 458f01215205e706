import { signal } from "@preact/signals";
import { LIST_MOST, LIST_STEP } from "./held-types.ts";
import { change, isTokenProblem } from "./officer-api.ts";
import { type DryRun, tableOf } from "./policy-types.ts";
import type { Problem } from "./problem.ts";
import { now } from "./state.ts";

/** What is tried: a policy by its name, or a text. */
export type Candidate = { readonly name: string } | { readonly yaml: string };

export interface Tried {
	readonly candidate: Candidate;
	readonly run: DryRun;
	/** On the page's clock. */
	readonly at: number;
	readonly limit: number;
}

/** Kept while another page is looked at; gone with the window. */
export const draft = signal("");
export const tried = signal<Tried | null>(null);
/** What is wrong with the candidate, where the gateway could not take it. */
export const fault = signal<Problem | null>(null);
export const running = signal(false);
/** The name of the policy that was activated here last. */
export const activated = signal<string | null>(null);

/**
 * Tries a policy. What is wrong with it stands in `fault`; a token that is not taken is answered, so that it can be asked for.
 * A longer list of the same policy is another dry run: its numbers take the place of the former ones.
 */
export async function tryPolicy(candidate: Candidate, limit = LIST_STEP): Promise<Problem | null> {
	if (running.peek()) return null;
	running.value = true;
	const policy = "name" in candidate ? { policy: candidate.name } : { yaml: candidate.yaml };
	const said = await change<DryRun>("/api/v1/policy/dry-run", { ...policy, limit: Math.min(limit, LIST_MOST) });
	running.value = false;
	if ("problem" in said) {
		if (isTokenProblem(said.problem)) return said.problem;
		fault.value = said.problem;
		return null;
	}
	fault.value = null;
	activated.value = null;
	tried.value = { candidate, run: said.data, at: now.peek(), limit };
	return null;
}

/** Activates what was tried, by the hash of that dry run and no other. */
export async function activate({ run }: Tried): Promise<Problem | null> {
	const said = await change("/api/v1/policy/activate", { policy: tableOf(run.policy), hash: run.hash });
	if ("problem" in said) return said.problem;
	tried.value = null;
	activated.value = run.name;
	return null;
}
