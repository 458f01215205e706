import { z } from "zod";
import { policyTable } from "./policy.ts";
import { route } from "./route-doc.ts";
import { count, unixMillis } from "./row-parts.ts";
import { stars } from "./scalars.ts";

const hash = z.string().regex(/^[0-9a-f]{64}$/, "64 characters of hex are wanted");

const policyView = z
	.object({ ...policyTable.shape, hash: hash.describe("SHA-256 of the table; its start goes into each grant") })
	.meta({ id: "Policy" });

const policyNamed = z.union([z.string().max(32), policyTable], {
	error: (issue) =>
		typeof issue.input === "object" && issue.input !== null
			? `not a policy's table: ${policyTable.safeParse(issue.input).error?.issues[0]?.message ?? "see the document"}`
			: "the name of a policy, or its table, is wanted",
});

export const POLICY_SHOW = route({
	method: "GET",
	path: "/api/v1/policy",
	tag: "policy",
	summary: "The star policy that is active, and those that can be named",
	answer: {
		about: "Policies",
		schema: z.object({
			active: policyView,
			activatedAt: unixMillis.nullable().describe("null = none was activated; the settings' policy counts"),
			settings: z.string().describe("Name of the settings' policy"),
			presets: z.array(policyView).describe("Policies that can be named: the settings' one and the presets"),
		}),
	},
});

export const POLICY_DRY_RUN = route({
	method: "POST",
	path: "/api/v1/policy/dry-run",
	tag: "policy",
	summary: "What another star policy would change; changes nothing",
	body: z.strictObject({ policy: policyNamed.describe("A policy's name, or its table") }),
	answer: {
		about: "What would change",
		schema: z.object({
			name: z.string(),
			version: z.int(),
			hash: hash.describe("Of this dry run: policy, active policy and ratings as they are now. Activation wants it"),
			policyHash: hash,
			active: z.object({ name: z.string(), hash }),
			lights: z.object({ up: count, down: count, same: count }).describe("Lights by what they would owe"),
			drivers: z
				.object({ rated: count, moved: count, up: count, down: count })
				.describe("Drivers that have a rating; moved = other stars"),
			moves: z
				.array(z.object({ from: stars, to: stars, drivers: count, lights: count }))
				.describe("How many go from so many stars to so many; those that stay are in it"),
		}),
	},
	errors: ["body-invalid", "policy-unknown"],
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
