import type {
	ActivationsAnswer,
	DryRunAnswer,
	PoliciesAnswer,
	PolicyBody,
} from "../../../protocol/schema/api-policy.ts";

/** A policy as the API tells it. */
export type PolicyView = PolicyBody;
export type GradeName = keyof PolicyView["gradeStars"];
/** `GET /api/v1/policy`. */
export type Policies = PoliciesAnswer;
/** `GET /api/v1/policy/history`. */
export type Activations = ActivationsAnswer;
/** `POST /api/v1/policy/dry-run` with a limit. */
export type DryRun = { readonly [K in keyof DryRunAnswer]-?: Exclude<DryRunAnswer[K], undefined> };

/** What activation takes: the table of the policy that was tried, without its hash. */
export function tableOf({ hash: _hash, ...table }: PolicyView): object {
	return table;
}

/** Characters of a hash that tell policies apart for a reader. */
const SHORT = 12;
export const shortHash = (hash: string): string => hash.slice(0, SHORT);

/** Stars by what earns them, best first. */
export interface Band {
	readonly from: number | GradeName;
	readonly stars: number;
}

const GRADES: readonly GradeName[] = ["AAA", "AA", "A", "B"];

export const bandsOf = (policy: PolicyView): readonly Band[] =>
	policy.by === "score" ? policy.scoreBands : GRADES.map((from) => ({ from, stars: policy.gradeStars[from] }));

/** From where to where a line of a text goes; lines from 1. The whole text's end where there is no such line. */
export function lineAt(text: string, line: number): { readonly from: number; readonly to: number } {
	let from = 0;
	for (let n = 1; n < line; n++) {
		const next = text.indexOf("\n", from);
		if (next < 0) return { from: text.length, to: text.length };
		from = next + 1;
	}
	const end = text.indexOf("\n", from);
	return { from, to: end < 0 ? text.length : end };
}
