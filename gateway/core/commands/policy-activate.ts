import { equalBytes, toHex } from "../../../protocol/wire/bytes.ts";
import { dryRunHash } from "../stars/policy-diff.ts";
import { policyOf } from "../stars/policy-in-force.ts";
import type { Command } from "../types.ts";
import { type CommandView, done, type Outcome, refused } from "./outcome.ts";

/** A person activates a policy after its dry run: durable, and every light is decided anew. The active one again changes nothing. */
export function policyActivate(view: CommandView, command: Extract<Command, { what: "policy-activate" }>): Outcome {
	const { picture, now } = view;
	const { policy } = command;
	const value = { name: policy.name, policyHash: toHex(policy.hash) };
	if (equalBytes(policyOf(view).hash, policy.hash))
		return done({ ...value, applied: false, activatedAt: picture.policy?.activatedAt ?? null });
	if (!equalBytes(dryRunHash(view, policy), command.dryRun))
		return refused(
			"policy-changed",
			"The policy, the active one or a rating is another than in the dry run.",
			"Make the dry run again and look at what would change.",
		);
	const active = { policy, activatedAt: now.unix };
	return done({ ...value, applied: true, activatedAt: now.unix }, [{ type: "policy", active }]);
}
