import { initialState, step } from "../../device/core/step.ts";
import { GatewayCore } from "../../gateway/core/core.ts";
import type { Parts } from "./parts.ts";

/** The product's own cores, as they are. */
export const REAL_PARTS: Parts = {
	light(_id, env) {
		let state = initialState();
		return {
			step(input, now) {
				const next = step(state, input, now, env);
				state = next.state;
				return next.effects;
			},
		};
	},
	gateway: (config, env, snapshot, now) => new GatewayCore(config, env, snapshot, now),
};
