import { z } from "zod";
import { MAX_PAGE } from "./paging.ts";
import { policyTable } from "./policy.ts";
import { route } from "./route-doc.ts";
import { count, unixMillis } from "./row-parts.ts";
import { starsMoves } from "./stars-moves.ts";

const hash = z.string().regex(/^[0-9a-f]{64}$/, "64 characters of hex are wanted");

const policyView = z
	.object({ ...policyTable.shape, hash: hash.describe("SHA-256 of the table; its start goes into each grant") })
	.meta({ id: "Policy" });
/** A policy as the API tells it. */
export type PolicyBody = z.output<typeof policyView>;

const policyNamed = z.union([z.string().max(32), policyTable], {
	error: (issue) =>
		typeof issue.input === "object" && issue.input !== null
			? `not a policy's table: ${policyTable.safeParse(issue.input).error?.issues[0]?.message ?? "see the document"}`
			: "the name of a policy, or its table, is wanted",
});

const policies = z.object({
	active: policyView,
	activatedAt: unixMillis.nullable().describe("null = none was activated; the settings' policy counts"),
	settings: z.string().describe("Name of the settings' policy"),
	presets: z.array(policyView).describe("Policies that can be named: the settings' one and the presets"),
});
export type PoliciesAnswer = z.output<typeof policies>;

export const POLICY_SHOW = route({
	method: "GET",
	path: "/api/v1/policy",
	tag: "policy",
	summary: "The star policy that is active, and those that can be named",
	answer: {
		about: "Policies",
		schema: policies,
	},
});

/** Activations told at most; a depot changes its policy a few times a year. */
export const MOST_ACTIVATIONS = 50;

const activations = z.object({
	activated: z.array(z.object({ policy: policyView, activatedAt: unixMillis })),
	more: z.boolean().describe("There are older ones"),
});
export type ActivationsAnswer = z.output<typeof activations>;

export const POLICY_HISTORY = route({
	method: "GET",
	path: "/api/v1/policy/history",
	tag: "policy",
	summary: "Policies that persons activated, newest first",
	answer: {
		about: `The newest ${MOST_ACTIVATIONS}`,
		schema: activations,
	},
});

/** A policy's table as a file has it; the table of a city is a few dozen lines. */
const yamlText = z
	.string()
	.max(32 * 1024, "at most 32,768 characters")
	.describe("A policy's table as YAML text");

const dryRun = z.object({
	name: z.string(),
	version: z.int(),
	hash: hash.describe("Of this dry run: policy, active policy and ratings as they are now. Activation wants it"),
	policyHash: hash,
	policy: policyView.describe("The policy that was tried, as activation takes its table"),
	active: z.object({ name: z.string(), hash }),
	lights: starsMoves.lights,
	drivers: z
		.object({ rated: count, moved: count, up: count, down: count })
		.describe("Drivers that have a rating; moved = other stars"),
	moves: starsMoves.counts,
	lightMoves: starsMoves.moves.optional().describe("Only where `limit` was given"),
	nextCursor: z.string().nullable().optional().describe("Only where `limit` was given; null = this was the last page"),
});
export type DryRunAnswer = z.output<typeof dryRun>;

export const POLICY_DRY_RUN = route({
	method: "POST",
	path: "/api/v1/policy/dry-run",
	tag: "policy",
	summary: "What another star policy would change; changes nothing",
	about:
		"Exactly one of `policy` and `yaml`. With `limit` the lights that would move are told as well, a page of them; the next page is of the " +
		"same dry run where `hash` is the same.",
	body: z
		.strictObject({
			policy: policyNamed.optional().describe("A policy's name, or its table"),
			yaml: yamlText.optional(),
			limit: z.int().min(1).max(MAX_PAGE).optional().describe("Lights told at most; left out = only counts"),
			cursor: z
				.string()
				.regex(/^\d{1,10}$/, "the cursor of the page before is wanted")
				.optional()
				.describe("nextCursor of the page before"),
		})
		.refine(({ policy, yaml }) => (policy === undefined) !== (yaml === undefined), {
			message: "exactly one of policy and yaml is wanted",
		}),
	answer: {
		about: "What would change",
		schema: dryRun,
	},
	errors: ["body-invalid", "policy-unknown", "policy-invalid"],
});

export const POLICY_ACTIVATE = route({
	method: "POST",
	path: "/api/v1/policy/activate",
	tag: "policy",
	summary: "Activate a star policy after its dry run: every light is decided anew",
	about: "Refused where the policy, the active one or any rating is another than in the dry run.",
	body: z.strictObject({
		policy: policyNamed.describe("As in the dry run"),
		hash: hash.describe("The dry run's `hash`"),
	}),
	answer: {
		about: "Active",
		schema: z.object({
			name: z.string(),
			policyHash: hash,
			applied: z.boolean().describe("false = it was active already"),
			activatedAt: unixMillis.nullable(),
		}),
	},
	errors: ["body-invalid", "policy-unknown", "policy-changed"],
});
