import type { FastifyInstance } from "fastify";
import {
	MOST_ACTIVATIONS,
	POLICY_ACTIVATE,
	POLICY_DRY_RUN,
	POLICY_HISTORY,
	POLICY_SHOW,
} from "../../protocol/schema/api-policy.ts";
import { fromHex } from "../../protocol/wire/bytes.ts";
import { parsePolicy } from "../config/policy-file.ts";
import { pageAt } from "../core/lists/page.ts";
import { findPolicy, lightMoves, policyDryRun, policyHistory, policyOverview } from "../depot/policy-answer.ts";
import type { CorePort } from "../depot/shell.ts";
import { endpoint } from "./endpoint.ts";
import { listBody } from "./paged.ts";
import { type ApiParts, runner } from "./parts.ts";
import { sendAnswer } from "./problems.ts";

/** The star policy: shown, tried, activated. */
export function policyRoutes<C extends CorePort>(app: FastifyInstance, parts: ApiParts<C>): void {
	const run = runner(parts);
	const look = () => parts.shell.view.look(parts.shell.now());
	endpoint(app, POLICY_SHOW, () => policyOverview(look()));
	endpoint(app, POLICY_HISTORY, () => policyHistory(parts.shell.policies(MOST_ACTIVATIONS + 1), MOST_ACTIVATIONS));
	endpoint(app, POLICY_DRY_RUN, ({ body }) => {
		const view = look();
		const { yaml, limit, cursor } = body;
		// The schema wants exactly one of the two.
		const policy = findPolicy(view, yaml === undefined ? (body.policy ?? "") : parsePolicy(yaml, "YAML"));
		const tried = policyDryRun(view, policy);
		if (limit === undefined) return tried;
		const page = pageAt(lightMoves(view, policy), { limit, after: cursor ?? null });
		return { ...tried, ...listBody("lightMoves", page) };
	});
	endpoint(app, POLICY_ACTIVATE, async ({ body, reply }) => {
		const policy = findPolicy(look(), body.policy);
		const dryRun = fromHex(body.hash) ?? new Uint8Array(0);
		return sendAnswer(reply, await run({ what: "policy-activate", policy, dryRun }));
	});
}
