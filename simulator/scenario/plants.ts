import type { Face } from "../../device/core/types.ts";
import type { LightId } from "../../protocol/wire/units.ts";
import type { Parts } from "./parts.ts";
import { GATEWAY_PLANTS } from "./plants-gateway.ts";
import { LEDGER_PLANTS } from "./plants-ledger.ts";
import { LIGHT_PLANTS } from "./plants-light.ts";

/** A bug planted around a real part: the judge has to find each, or it judges nothing. */
export interface Plant {
	readonly name: string;
	readonly description: string;
	/** The parts of one run with the bug in them. */
	parts(real: Parts): Parts;
}

const lights: readonly Plant[] = LIGHT_PLANTS.map((plant) => ({
	name: plant.name,
	description: plant.description,
	parts(real) {
		const memory = new Map<LightId, Face>();
		return { ...real, light: (id, env) => plant.light(real.light(id, env), env, id, memory) };
	},
}));

const gateways: readonly Plant[] = [...GATEWAY_PLANTS, ...LEDGER_PLANTS].map((plant) => ({
	name: plant.name,
	description: plant.description,
	parts: (real) => ({
		...real,
		gateway(config, env, snapshot, now) {
			const inner = real.gateway(plant.config?.(config) ?? config, plant.env?.(env) ?? env, snapshot, now);
			return plant.gateway?.(inner) ?? inner;
		},
	}),
}));

/** All planted bugs, by name. */
export const PLANTS: readonly Plant[] = [...lights, ...gateways].sort((a, b) => (a.name < b.name ? -1 : 1));

export const plantNamed = (name: string): Plant | null => PLANTS.find((plant) => plant.name === name) ?? null;
