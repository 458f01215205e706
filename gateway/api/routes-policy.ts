import type { FastifyInstance } from "fastify";
import { POLICY_ACTIVATE, POLICY_DRY_RUN, POLICY_SHOW } from "../../protocol/schema/api-policy.ts";
import { fromHex } from "../../protocol/wire/bytes.ts";
import { findPolicy, policyDryRun, policyOverview } from "../depot/policy-answer.ts";
import type { CorePort } from "../depot/shell.ts";
import { endpoint } from "./endpoint.ts";
import { type ApiParts, runner } from "./parts.ts";
import { sendAnswer } from "./problems.ts";

/** The star policy: shown, tried, activated. */
export function policyRoutes<C extends CorePort>(app: FastifyInstance, parts: ApiParts<C>): void {
	const run = runner(parts);
	const look = () => parts.shell.view.look(parts.shell.now());
	endpoint(app, POLICY_SHOW, () => policyOverview(look()));
	endpoint(app, POLICY_DRY_RUN, ({ body }) => {
		const view = look();
		return policyDryRun(view, findPolicy(view, body.policy));
	});
	endpoint(app, POLICY_ACTIVATE, async ({ body, reply }) => {
		const policy = findPolicy(look(), body.policy);
		const dryRun = fromHex(body.hash) ?? new Uint8Array(0);
		return sendAnswer(reply, await run({ what: "policy-activate", policy, dryRun }));
	});
}
