import { toHex } from "../../protocol/wire/bytes.ts";
import { CodedError } from "../../protocol/wire/errors.ts";
import type { CommandView } from "../core/commands/outcome.ts";
import type { ActivePolicy } from "../core/model.ts";
import type { StarPolicy } from "../core/stars/policy.ts";
import { diffPolicy, dryRunHash, policyMoves } from "../core/stars/policy-diff.ts";
import { policyOf } from "../core/stars/policy-in-force.ts";
import { hashPolicy, type PolicyTable, PRESETS } from "../core/stars/presets.ts";
import type { LightMove } from "../core/stars/who-moves.ts";
import type { Value } from "./access.ts";

const policyView = (policy: StarPolicy) => ({ ...policy, hash: toHex(policy.hash) });

/** Policies that can be named: the settings' one first; a preset of the same name is hidden by it. */
function namedPolicies({ config, crypto }: CommandView): StarPolicy[] {
	const presets = Object.values(PRESETS).filter(({ name }) => name !== config.policy.name);
	return [config.policy, ...presets.map((table) => hashPolicy(table, crypto))];
}

/** A policy by its name, or from its table. Throws `policy-unknown`. */
export function findPolicy(view: CommandView, named: string | PolicyTable): StarPolicy {
	if (typeof named !== "string") return hashPolicy(named, view.crypto);
	const all = namedPolicies(view);
	const found = all.find(({ name }) => name === named);
	if (found !== undefined) return found;
	throw new CodedError("policy-unknown", "There is no star policy of this name here.", {
		fault: "input",
		next: `Name one of ${all.map(({ name }) => name).join(", ")}, or send a policy's table.`,
	});
}

/** What is active and what can be named. */
export const policyOverview = (view: CommandView): Value => ({
	active: policyView(policyOf(view)),
	activatedAt: view.picture.policy?.activatedAt ?? null,
	settings: view.config.policy.name,
	presets: namedPolicies(view).map(policyView),
});

/** Policies that persons activated, newest first; one more than are told says that there are older ones. */
export const policyHistory = (found: readonly ActivePolicy[], most: number): Value => ({
	activated: found.slice(0, most).map(({ policy, activatedAt }) => ({ policy: policyView(policy), activatedAt })),
	more: found.length > most,
});

/** The lights that another policy would move. */
export const lightMoves = (view: CommandView, policy: StarPolicy): readonly LightMove[] =>
	policyMoves(view, policy).moves;

/** What a policy would change, with the hash that its activation wants. */
export function policyDryRun(view: CommandView, policy: StarPolicy): Value {
	const active = policyOf(view);
	return {
		name: policy.name,
		version: policy.version,
		hash: toHex(dryRunHash(view, policy)),
		policyHash: toHex(policy.hash),
		policy: policyView(policy),
		active: { name: active.name, hash: toHex(active.hash) },
		...diffPolicy(view, policy),
	};
}
